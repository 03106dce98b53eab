import { execFileSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeBody, readHead } from "../../src/net/body.js";

const text = Buffer.from("mutation { volumeDelete }".repeat(50));
/** Facebook's own program. */
const zstd = (bytes: Buffer) => execFileSync("zstd", ["-c", "-q"], { input: bytes });

test.each([
  ["gzip", gzipSync(text)],
  ["x-gzip", gzipSync(text)],
  ["deflate", deflateSync(text)],
  ["deflate", deflateRawSync(text)],
  ["br", brotliCompressSync(text)],
  ["zstd", zstd(text)],
  ["identity", text],
  ["", text],
  ["br, GZIP", gzipSync(brotliCompressSync(text))],
])("a body in %s", async (codings, bytes) => {
  expect(await decodeBody(Buffer.from(bytes), codings)).toEqual({ bytes: text });
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(100_000_000))],
  ["br", brotliCompressSync(Buffer.alloc(100_000_000))],
  ["zstd", zstd(Buffer.alloc(100_000_000))],
  ["gzip", Buffer.from("no gzip at all")],
  ["zstd", zstd(text).subarray(0, 30)],
  ["rot13", text],
])("one in %s that cannot be had says so", async (codings, bytes) => {
  expect(await decodeBody(Buffer.from(bytes), codings)).toHaveProperty("problem");
});

test("reads to the end, to a size, for a time, and leaves the rest", async () => {
  const whole = new PassThrough();
  whole.end("short");
  expect(await readHead(whole, 100, 60_000)).toEqual({ bytes: Buffer.from("short"), isWhole: true });
  const long = new PassThrough();
  long.write(Buffer.alloc(60));
  long.write(Buffer.alloc(60));
  long.write("rest");
  const head = await readHead(long, 100, 60_000);
  expect([head.bytes.length, head.isWhole]).toEqual([120, false]);
  expect(String(long.read())).toBe("rest");
  const slow = new PassThrough();
  slow.write("so far");
  expect(await readHead(slow, 100, 20)).toEqual({ bytes: Buffer.from("so far"), isWhole: false });
});

test("a client that goes away within its body is no whole one", async () => {
  const stream = new PassThrough();
  stream.write("half");
  const read = readHead(stream, 100, 60_000);
  stream.destroy();
  await expect(read).rejects.toThrow("closed");
});
