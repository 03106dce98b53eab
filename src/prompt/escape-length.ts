/**
 * Length in bytes of the escape sequence that begins at `at` (an ESC), 0 while its end has not come. A control key in the
 * middle of one ends it: a human who hit Alt-] by mistake must still be able to press Ctrl-C. Shapes: ECMA-48, 5.4 and 5.6.
 */
export function escapeLength(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1];
  if (kind === undefined) return 0;
  if (kind === 0x5b) return csiLength(bytes, at);
  if (kind === 0x4f || kind === 0x4e) return shiftLength(bytes, at);
  if (isString(kind)) return stringLength(bytes, at);
  // ESC ESC [ A is Alt with an arrow on some terminals; any other second ESC is the key once more.
  if (kind === 0x1b && bytes[at + 2] === undefined) return 0;
  if (kind === 0x1b)
    return bytes[at + 2] === 0x5b || bytes[at + 2] === 0x4f ? plusOne(escapeLength(bytes, at + 1)) : 1;
  return kind < 0x20 ? 1 : 2;
}

function csiLength(bytes: Uint8Array, at: number): number {
  // The first mouse protocol sends three raw bytes, which may be any letter.
  if (bytes[at + 2] === 0x4d) return at + 6 <= bytes.length ? 6 : 0;
  for (let end = at + 2; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return end + 1 - at;
    if (byte < 0x20 || byte > 0x7e) return end - at;
  }
  return 0;
}

function shiftLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at + 2];
  if (byte === undefined) return 0;
  return byte < 0x20 || byte > 0x7e ? 2 : 3;
}

/** OSC, DCS, APC, PM and SOS run to ST (ESC \), or to BEL. */
function stringLength(bytes: Uint8Array, at: number): number {
  for (let end = at + 2; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === 0x07) return end + 1 - at;
    if (byte === 0x1b) {
      if (end + 1 === bytes.length) return 0;
      return bytes[end + 1] === 0x5c ? end + 2 - at : end - at;
    }
    if (refusals.has(byte)) return end - at;
  }
  return 0;
}

function isString(kind: number): boolean {
  return kind === 0x5d || kind === 0x50 || kind === 0x5f || kind === 0x5e || kind === 0x58;
}

/** Ctrl-C, Ctrl-D, Enter: no reply has them, and each of them denies. */
const refusals: ReadonlySet<number> = new Set([0x03, 0x04, 0x0a, 0x0d]);

function plusOne(length: number): number {
  return length === 0 ? 0 : length + 1;
}
