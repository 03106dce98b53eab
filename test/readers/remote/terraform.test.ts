import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Sight, Stdin } from "../../../src/model/call.js";
import { readPlan } from "../../../src/readers/remote/terraform-plan.js";
import { table } from "../../example-judge.js";
import { fakeCall, fakeWorld } from "../fake-world.js";

/** A field of a protocol buffer: a number, or bytes behind their length. */
function field(number: number, value: number | Buffer): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function change(address: string, action: number): Buffer {
  return field(3, Buffer.concat([field(9, field(1, action)), field(13, Buffer.from(address))]));
}

/** An archive of one entry, as far as a reader goes by its directory. */
function zip(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

function worldWith(bytes: Buffer) {
  return { ...fakeWorld(), readFile: () => ({ ok: true, bytes, complete: true }) as const };
}

const version = field(1, 3);
const harmless = Buffer.concat([version, change("a.kept", 0), change("a.made", 1), change("a.changed", 3)]);
const lossy = Buffer.concat([harmless, change("aws_db_instance.main", 5), change("a.replaced", 6)]);

test.each([
  ["nothing is destroyed", zip("tfplan", harmless), { ok: true, destroyed: [] }],
  [
    "deleted and replaced",
    zip("tfplan", lossy),
    { ok: true, destroyed: ["aws_db_instance.main", "a.replaced"] },
  ],
  [
    "an action of tomorrow",
    zip("tfplan", Buffer.concat([version, change("a.b", 42)])),
    { ok: true, destroyed: ["a.b"] },
  ],
  ["a format of tomorrow", zip("tfplan", field(1, 4)), { ok: false, reason: "its format is not known here" }],
  ["another archive", zip("tfstate", harmless), { ok: false, reason: "it is no plan" }],
  ["no archive", Buffer.from("hello"), { ok: false, reason: "it is no plan" }],
  [
    "cut off",
    zip("tfplan", lossy.subarray(0, lossy.length - 3)),
    { ok: false, reason: "it cannot be unpacked" },
  ],
])("a plan: %s", (_, bytes, expected) => {
  expect(readPlan("/w/tfplan", worldWith(bytes))).toEqual(expected);
});

test.each<[string, Stdin, Sight, readonly string[]]>([
  ["at a terminal", { kind: "terminal" }, "now", []],
  ["from nothing", { kind: "none" }, "now", []],
  ["yes", { kind: "text", text: "yes\n", from: "pipe" }, "now", ["modify the plan"]],
  ["no", { kind: "text", text: "no\n", from: "pipe" }, "now", []],
  ["a pipe that says nothing yet", { kind: "unknown", reason: "r" }, "now", ["modify the plan"]],
  ["a pipe that a shim will see", { kind: "unknown", reason: "r" }, "later", []],
])("apply is answered: %s", (_, stdin, sight, expected) => {
  const reading = table.get("terraform")?.read(fakeCall("terraform apply", { stdin, sight }), fakeWorld());
  const found = reading?.effects.filter(({ recovery }) => recovery !== "needless");
  expect(found?.map(({ action, target }) => `${action} ${target}`)).toEqual(expected);
});

test.each<[string, Buffer, Sight, readonly string[]]>([
  ["harmless", zip("tfplan", harmless), "now", []],
  ["lossy", zip("tfplan", lossy), "later", ["cloud aws_db_instance.main, a.replaced"]],
  ["unreadable, and a shim will see it", Buffer.from("x"), "later", []],
  ["unreadable", Buffer.from("x"), "now", ["opaque /w/tfplan"]],
])("apply of a plan: %s", (_, bytes, sight, expected) => {
  const call = { ...fakeCall(["terraform", "apply", "-no-color", "tfplan"]), sight };
  const reading = table.get("terraform")?.read(call, worldWith(bytes));
  const found = reading?.effects.filter(({ recovery }) => recovery !== "needless");
  expect(found?.map(({ resource, target }) => `${resource} ${target}`)).toEqual(expected);
});
