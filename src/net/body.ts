import { isUtf8 } from "node:buffer";
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
  if (names.length > mostCodings) return { problem: `its body is coded ${names.length} times over` };
  // Many servers know no codings of requests, and take it as it is; what is coded is never text.
  if (names.length > 0 && bytes.length > 0 && isUtf8(bytes))
    return { problem: `its body is text, and said to be coded as ${JSON.stringify(codings)}` };
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
const mostCodings = 4;

type Decoder = (bytes: Buffer) => Promise<Buffer> | Buffer;
const options = { maxOutputLength: longestDecoded, info: true } as const;
type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
type Inflate = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number; readonly info: true },
  done: (cause: Error | null, result: Inflated) => void,
) => void;

/** All of it, that is: zlib overlooks what comes behind the end, where a server that knows no codings may not. */
function wholly(inflate: unknown): (bytes: Buffer) => Promise<Buffer> {
  const run = promisify(inflate as Inflate);
  return async (bytes) => {
    const { buffer, engine } = await run(bytes, options);
    if (engine.bytesWritten !== bytes.length) throw new Error("it ends before its bytes do");
    return buffer;
  };
}

const inflateZlib = wholly(inflate);
const inflateBare = wholly(inflateRaw);

const decoders = new Map<string, Decoder>([
  ["gzip", wholly(gunzip)],
  ["x-gzip", wholly(gunzip)],
  // Servers take it with the wrapper that the standard wants, and without.
  ["deflate", (bytes) => inflateZlib(bytes).catch(() => inflateBare(bytes))],
  ["br", wholly(brotliDecompress)],
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
