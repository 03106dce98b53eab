import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { Decompress } from "fzstd";

/** The beginning of a message's body. */
export interface Head {
  readonly bytes: Buffer;
  /** Whether that is all. */
  readonly isWhole: boolean;
}

/**
 * Reads until the end, a size or a time, whichever comes first, and leaves the stream paused with the rest in it.
 * Rejects when the stream fails.
 */
export function readHead(stream: Readable, cap: number, milliseconds: number): Promise<Head> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (isWhole: boolean) => {
      clearTimeout(timer);
      stream.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
      stream.pause();
      resolve({ bytes: Buffer.concat(chunks), isWhole });
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > cap) finish(false);
    };
    const onEnd = () => finish(true);
    const onError = (cause: Error) => {
      clearTimeout(timer);
      reject(cause);
    };
    const onClose = () => onError(new Error("the connection was closed within the body"));
    const timer = setTimeout(() => finish(false), milliseconds);
    stream.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
  });
}

/** Without its content codings; or why that cannot be had. */
export async function decodeBody(
  bytes: Buffer,
  codings: string,
): Promise<{ readonly bytes: Buffer } | { readonly problem: string }> {
  let current = bytes;
  // The last one was put on last: RFC 9110, section 8.4.
  const names = codings
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
  for (const name of names.toReversed()) {
    const decode = decoders.get(name);
    if (decode === undefined) return { problem: `its body is coded as ${JSON.stringify(name)}` };
    try {
      current = await decode(current);
    } catch {
      return { problem: `its body is no ${name}, or too large without it` };
    }
  }
  return { bytes: current };
}

/** Bytes; a body that says more is no request that anybody meant to be read. */
const longestDecoded = 16 * 1024 * 1024;
const limit = { maxOutputLength: longestDecoded };

const unzip = promisify<Buffer, typeof limit, Buffer>(gunzip);
const inflateZlib = promisify<Buffer, typeof limit, Buffer>(inflate);
const inflateBare = promisify<Buffer, typeof limit, Buffer>(inflateRaw);
const unbrotli = promisify<Buffer, typeof limit, Buffer>(brotliDecompress);

const decoders = new Map<string, (bytes: Buffer) => Promise<Buffer> | Buffer>([
  ["gzip", (bytes: Buffer) => unzip(bytes, limit)],
  ["x-gzip", (bytes: Buffer) => unzip(bytes, limit)],
  // Servers take it with the wrapper that the standard wants, and without.
  ["deflate", (bytes: Buffer) => inflateZlib(bytes, limit).catch(() => inflateBare(bytes, limit))],
  ["br", (bytes: Buffer) => unbrotli(bytes, limit)],
  ["zstd", unzstd],
]);

/** Not by zlib: Node has had it there since 22.15. */
function unzstd(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const stream = new Decompress((chunk, isLast) => {
    parts.push(Buffer.from(chunk));
    size += chunk.length;
    isOver = isLast === true;
    if (size > longestDecoded) throw new RangeError("too large");
  });
  // By pieces, so that what would grow without end is noticed on the way.
  for (let at = 0; at < bytes.length; at += piece)
    stream.push(bytes.subarray(at, at + piece), at + piece >= bytes.length);
  if (!isOver) throw new Error("cut short");
  return Buffer.concat(parts);
}

const piece = 4096;
