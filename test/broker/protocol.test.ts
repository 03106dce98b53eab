import fc from "fast-check";
import { expect, test } from "vitest";
import { encodePackets, PacketReader } from "../../src/broker/packets.js";
import { encodeReply, FrameReader, parseCall, parseStdin } from "../../src/broker/protocol.js";
import { decodeBytes } from "../../src/model/bytes.js";
import { encodeFrame } from "../../src/model/frame.js";

/** Bytes as they stand in argv and environment: any but NUL. */
const bytes = fc.uint8Array({ max: 255, min: 1, maxLength: 40 }).map((array) => Buffer.from(array));

function body(fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(fields.flatMap((field) => [Buffer.from(field), Buffer.from([0])]));
}

function head(argc: number, ...rest: readonly (string | Buffer)[]): readonly (string | Buffer)[] {
  return ["holdpoint/1", "call", "rm", "12", "11", "/proj", "null", String(argc), ...rest];
}

test("a call comes through byte by byte", () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), fc.array(bytes, { maxLength: 6 }), (argv, values) => {
      const entries = values.map((value, at) => Buffer.concat([Buffer.from(`V${at}=`), value]));
      const call = parseCall(body([...head(argv.length, ...argv), String(entries.length), ...entries]));
      expect(call).toEqual({
        name: "rm",
        pid: 12,
        parentPid: 11,
        cwd: "/proj",
        stdin: "null",
        argv: argv.map(decodeBytes),
        env: new Map(values.map((value, at) => [`V${at}`, decodeBytes(value)])),
      });
    }),
  );
});

test("frames come out whole, however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (bodies, cuts) => {
        const stream = Buffer.concat(bodies.flatMap((each) => [lengthOf(each), Buffer.from(each)]));
        const reader = new FrameReader();
        const frames: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          frames.push(...(reader.push(stream.subarray(at, at + size)) ?? []));
          at += size;
        }
        expect(frames.map((frame) => [...frame])).toEqual(bodies.map((each) => [...each]));
      },
    ),
  );
});

test("packets carry frames of any size through a FIFO", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 20_000 }),
      fc.integer({ min: 1, max: 5000 }),
      (frame, size) => {
        const stream = encodePackets("0123456789ab", Buffer.from(frame));
        const reader = new PacketReader();
        const parts: Buffer[] = [];
        for (let at = 0; at < stream.length; at += size)
          for (const { tag, payload } of reader.push(stream.subarray(at, at + size)) ?? []) {
            expect(tag).toBe("0123456789ab");
            parts.push(payload);
          }
        expect(Buffer.concat(parts).equals(Buffer.from(frame))).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test("a frame over 16 MB ends the talk", () => {
  const reader = new FrameReader();
  expect(reader.push(Buffer.from([0x01, 0x00, 0x00, 0x01]))).toBeUndefined();
  expect(reader.push(encodeFrame(["wait"]))).toBeUndefined();
});

const malformed: readonly (readonly [string, Buffer, string])[] = [
  ["empty", Buffer.alloc(0), "last field without its end"],
  ["no NUL at the end", Buffer.from("holdpoint/1\0call"), "last field without its end"],
  ["another version", body(["holdpoint/2", "call"]), "not holdpoint/1"],
  ["another verb", body(["holdpoint/1", "exec"]), "not a call"],
  ["a name with a slash", body(["holdpoint/1", "call", "../rm"]), "not a program's name"],
  ["no count", body(["holdpoint/1", "call", "rm", "1", "1", "/", "null", "x"]), "bad head"],
  [
    "an unknown descriptor 0",
    body(["holdpoint/1", "call", "rm", "1", "1", "/", "ghost", "0", "0"]),
    "bad head",
  ],
  ["too few arguments", body([...head(3, "rm", "x"), "0"]), "counts do not fit"],
  ["an argument too many", body([...head(1, "rm", "-rf"), "0"]), "counts do not fit"],
  ["a field behind the end", body([...head(1, "rm"), "0", "x"]), "counts do not fit"],
];

test.each(malformed)("malformed: %s", (_, frame, reason) => {
  expect(parseCall(frame)).toEqual({ malformed: reason });
});

test("the first of two equal variables counts", () => {
  const call = parseCall(body([...head(0), "3", "A=1", "A=2", "odd"]));
  expect("malformed" in call ? call : call.env).toEqual(new Map([["A", "1"]]));
});

test("an answer to stdin keeps its NULs", () => {
  expect(parseStdin(Buffer.from("stdin\0eof\0a\0b\0"))).toEqual({
    state: "eof",
    bytes: Buffer.from("a\0b\0"),
  });
  expect(parseStdin(Buffer.from("stdin\0soon\0"))).toEqual({ malformed: "no state of stdin" });
  expect(parseStdin(Buffer.from("stdout\0eof\0"))).toEqual({ malformed: "not an answer to stdin" });
});

test("a reply is its fields, and never holds a NUL that would shift them", () => {
  const frame = encodeReply({ verb: "exec", program: "/bin/rm\udcff", env: ["A=1", "B"] });
  const text = Buffer.concat([
    Buffer.from("exec\0/bin/rm"),
    Buffer.from([0xff]),
    Buffer.from("\x002\0A=1\0B\0-\0"),
  ]);
  expect(frame).toEqual(Buffer.concat([lengthOf(text), text]));
  const changed = Buffer.from("exec\0/bin/bash\x000\x002\0-bash\0\0");
  expect(encodeReply({ verb: "exec", program: "/bin/bash", env: [], argv: ["-bash", ""] })).toEqual(
    Buffer.concat([lengthOf(changed), changed]),
  );
  expect(() => encodeReply({ verb: "exit", status: 126, message: "a\0b" })).toThrow("NUL");
});

function lengthOf(content: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return length;
}
