import type { Duplex } from "node:stream";
import { Inbound } from "./inbound.js";

/** What a client begins with, before there are messages with letters. */
export type Startup =
  | { readonly kind: "tls" | "gss" | "cancel"; readonly bytes: Buffer }
  | { readonly kind: "session"; readonly bytes: Buffer; readonly parameters: ReadonlyMap<string, string> }
  /** A version that nobody here knows. */
  | { readonly kind: "unknown"; readonly bytes: Buffer };

/** Whether a connection's first bytes are one; undefined: not enough of them are there. */
export function isStartup(bytes: Buffer): boolean | undefined {
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  if (bytes.length < 8) return undefined;
  const length = bytes.readUInt32BE(0);
  const code = bytes.readUInt32BE(4);
  return length >= 8 && length <= longest && (code >>> 16 === 3 || requests.has(code));
}

/** Undefined where the client goes away, or says what no server would take. Leaves the rest in the stream. */
export async function readStartup(client: Duplex): Promise<Startup | undefined> {
  const inbound = new Inbound(client);
  try {
    const head = await inbound.take(8);
    if (head === undefined) return undefined;
    const length = head.readUInt32BE(0);
    if (length < 8 || length > longest) return undefined;
    const rest = await inbound.take(length - 8);
    return rest === undefined ? undefined : parse(head, rest);
  } finally {
    inbound.release();
  }
}

function parse(head: Buffer, rest: Buffer): Startup | undefined {
  const code = head.readUInt32BE(4);
  const bytes = Buffer.concat([head, rest]);
  const request = requests.get(code);
  if (request !== undefined) return { kind: request, bytes };
  if (code >>> 16 !== 3) return { kind: "unknown", bytes };
  const words = rest.toString("utf8").split("\0");
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < words.length && words[at] !== ""; at += 2) {
    const [name = "", value = ""] = [words[at], words[at + 1]];
    // Of two the server takes the last, and of a database that is named twice nobody means any.
    if (parameters.has(name)) return undefined;
    parameters.set(name, value);
  }
  return { kind: "session", bytes, parameters };
}

const requests: ReadonlyMap<number, "tls" | "gss" | "cancel"> = new Map([
  [80877103, "tls"],
  [80877104, "gss"],
  [80877102, "cancel"],
]);

/** As the server bounds it. */
const longest = 10_000;
