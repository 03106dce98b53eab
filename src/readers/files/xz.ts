import { Lzma, type Sink } from "./lzma.js";

/**
 * What an `.xz` file holds, for the names in an archive: no more than `most` bytes, undefined where it is longer, torn or made with
 * another filter. Node has no xz of its own. https://tukaani.org/xz/xz-file-format.txt
 */
export function unpackXz(packed: Buffer, most: number): Buffer | undefined {
  const check = checkSizes[(packed[7] ?? 0) & 15];
  if (!isXz(packed) || check === undefined) return undefined;
  const sink = { bytes: Buffer.alloc(Math.min(most, 1 << 20)), length: 0, most };
  let at = 12;
  // A size of zero begins the index behind the last block.
  while (at < packed.length && packed[at] !== 0) {
    const header = ((packed[at] ?? 0) + 1) * 4;
    const isPlain = ((packed[at + 1] ?? 0) & 3) === 0;
    const end = isPlain ? unpackBlock(packed, at + header, sink) : undefined;
    if (end === undefined) return undefined;
    at += Math.ceil((end - at) / 4) * 4 + check;
  }
  return sink.bytes.subarray(0, sink.length);
}

export function isXz(bytes: Buffer): boolean {
  return bytes.subarray(0, 6).equals(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]));
}

const checkSizes: Readonly<Record<number, number>> = { 0: 0, 1: 4, 4: 8, 10: 32 };

/** Makes room; false where it would be too much. */
function grow(sink: Sink, by: number): boolean {
  const needed = sink.length + by;
  if (needed > sink.most) return false;
  if (needed > sink.bytes.length)
    sink.bytes = Buffer.concat([sink.bytes], Math.min(sink.most, Math.max(needed, sink.bytes.length * 2)));
  return true;
}

/** LZMA2: chunks, each as it is or by LZMA. Gives the end of the last one. */
function unpackBlock(packed: Buffer, start: number, sink: Sink): number | undefined {
  if (sink.length + plainSize(packed, start) > sink.most) return undefined;
  let decoder: Lzma | undefined;
  for (let at = start; ; ) {
    const control = packed[at] ?? 0;
    if (at >= packed.length) return undefined;
    if (control === 0) return at + 1;
    const low = packed.readUInt16BE(at + 1) + 1;
    if (control < 0x80) {
      if (control > 2 || !grow(sink, low)) return undefined;
      packed.copy(sink.bytes, sink.length, at + 3, at + 3 + low);
      decoder ??= new Lzma(sink);
      if (control === 1) decoder.base = sink.length;
      sink.length += low;
      at += 3 + low;
      continue;
    }
    const size = ((control & 0x1f) << 16) + low;
    const reset = (control >> 5) & 3;
    const data = at + (reset >= 2 ? 6 : 5);
    decoder ??= new Lzma(sink);
    if (!grow(sink, size)) return undefined;
    if (reset === 3) decoder.base = sink.length;
    if (reset >= 2 && !decoder.setProperties(packed[at + 5] ?? 0xff)) return undefined;
    if (reset >= 1) decoder.reset();
    if (!decoder.decode(packed, data, sink.length + size)) return undefined;
    at = data + packed.readUInt16BE(at + 3) + 1;
  }
}

/** By the chunks' headers, so that what is too long costs nothing. */
function plainSize(packed: Buffer, start: number): number {
  let size = 0;
  for (let at = start; at + 6 < packed.length && packed[at] !== 0; ) {
    const control = packed[at] ?? 0;
    const low = packed.readUInt16BE(at + 1) + 1;
    if (control < 0x80) {
      size += low;
      at += 3 + low;
    } else {
      size += ((control & 0x1f) << 16) + low;
      at += (control >= 0xc0 ? 6 : 5) + packed.readUInt16BE(at + 3) + 1;
    }
  }
  return size;
}
