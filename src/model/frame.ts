import { encodeBytes } from "./bytes.js";

/** A NUL inside a field would end it early and shift the rest: no field from outside may carry one. */
export function encodeFrame(fields: readonly string[]): Buffer {
  for (const field of fields) if (field.includes("\0")) throw new Error("a field may not hold NUL");
  const body = encodeBytes(`${fields.join("\0")}\0`);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}
