import { inflateRawSync } from "node:zlib";
import type { World } from "../../model/world.js";
import { readZip } from "../zip-directory.js";

/** Addresses of the resources that a saved plan destroys or replaces. */
type Plan =
  | { readonly ok: true; readonly destroyed: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const capBytes = 64 << 20;

/** A saved plan is a ZIP archive whose entry `tfplan` is a protocol buffer: planfile.proto of Terraform and OpenTofu, version 3. */
export function readPlan(path: string, world: World): Plan {
  const content = world.readFile(path, capBytes);
  if (!content.ok) return { ok: false, reason: content.reason };
  if (!content.complete) return { ok: false, reason: "it is too large" };
  try {
    const plan = unpack(Buffer.from(content.bytes), "tfplan");
    if (plan === undefined) return { ok: false, reason: "it is no plan" };
    const version = fieldsOf(plan).find(({ number }) => number === 1)?.value;
    if (version !== 3) return { ok: false, reason: "its format is not known here" };
    return { ok: true, destroyed: fieldsOf(plan).flatMap(destroyedBy) };
  } catch {
    return { ok: false, reason: "it cannot be unpacked" };
  }
}

function unpack(archive: Buffer, name: string): Buffer | undefined {
  const entry = readZip(archive, mostEntries)?.find((each) => each.name === name);
  if (entry === undefined || entry.method === 0) return entry?.packed;
  return inflateRawSync(entry.packed, { maxOutputLength: capBytes });
}

const mostEntries = 10_000;

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

/** Of a plan: `resource_changes` is field 3; of a change its address is 13 and what is done 9, whose field 1 says it. */
function destroyedBy({ number, value }: Field): readonly string[] {
  if (number !== 3 || typeof value === "number") return [];
  const fields = fieldsOf(value);
  const change = fields.find((one) => one.number === 9)?.value;
  if (change === undefined || typeof change === "number") return [];
  const action = fieldsOf(change).find((one) => one.number === 1)?.value ?? 0;
  const address = fields.find((one) => one.number === 13)?.value ?? "";
  return typeof action === "number" && harmless.has(action) ? [] : [address.toString()];
}

/** Nothing, create, read, update. The rest deletes, replaces, forgets, or came after this was written. */
const harmless: ReadonlySet<number> = new Set([0, 1, 2, 3]);

/** <https://protobuf.dev/programming-guides/encoding>; throws where the bytes are no message. */
function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number without end");
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (at + length > bytes.length) throw new RangeError("a field beyond the end");
        fields.push({ number, value: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new RangeError("no such kind of field");
    }
  }
  return fields;
}
