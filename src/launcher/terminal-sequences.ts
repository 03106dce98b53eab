/**
 * Finds the escape sequences in what a program writes to its terminal, however it is cut, and knows what the last piece broke
 * off in. It looks at each byte once, so that a megabyte costs about a millisecond.
 * Shapes: ECMA-48, 5.4 and 5.6; https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export class SequenceReader {
  /** An escape sequence, or a character, that the last chunk broke off in. */
  private tail: Buffer = Buffer.alloc(0);
  private isLost = false;

  /** `follow` gets each sequence that can change a mode, without its ESC, and SO and SI. */
  constructor(private readonly follow: (sequence: string) => void) {}

  read(chunk: Uint8Array): void {
    const bytes = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    let at = this.isLost ? this.findEnd(bytes) : 0;
    if (this.isLost) return;
    const hasShifts = bytes.includes(shiftOut) || bytes.includes(shiftIn);
    for (at = nextControl(bytes, at, hasShifts); at < bytes.length; at = nextControl(bytes, at, hasShifts)) {
      const byte = bytes[at];
      const length = byte === esc ? sequenceLength(bytes, at) : 1;
      if (length === 0) {
        this.breakOff(bytes.subarray(at));
        return;
      }
      if (byte !== esc) this.follow(byte === shiftOut ? "\u000e" : "\u000f");
      else if (isOfInterest(bytes, at, length))
        this.follow(latin1(bytes, at + 1, Math.min(at + length, at + longestFollowed)));
      at += length;
    }
    this.tail = Buffer.from(bytes.subarray(bytes.length - partialCharacter(bytes)));
  }

  /** What the terminal has seen the beginning of: it is to be broken off before anything else, and sent again after it. */
  get unfinished(): Uint8Array {
    return this.isLost ? swallowing : this.tail;
  }

  private breakOff(rest: Uint8Array): void {
    // A picture or a clipboard of megabytes is followed to its end, but not kept.
    this.isLost = rest.length > longestTail;
    this.tail = this.isLost ? Buffer.alloc(0) : Buffer.from(rest);
  }

  private findEnd(bytes: Uint8Array): number {
    this.tail = Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte > esc || (byte !== esc && byte !== bel && byte !== can && byte !== sub)) continue;
      if (byte === esc && at + 1 === bytes.length) {
        this.tail = Buffer.from([esc]);
        return at + 1;
      }
      if (byte === esc && bytes[at + 1] !== backslash) continue;
      this.isLost = false;
      return byte === esc ? at + 2 : at + 1;
    }
    return bytes.length;
  }
}

const esc = 0x1b;
const bel = 0x07;
const can = 0x18;
const sub = 0x1a;
const shiftOut = 0x0e;
const shiftIn = 0x0f;
const backslash = 0x5c;
/** Begins a string that no terminal knows: it takes in the rest of one that cannot be sent again. */
const swallowing = Buffer.from("\u001b]9999;");
const longestTail = 65_536;
/** A hyperlink's address is the longest that matters. */
const longestFollowed = 2100;

/** Where the next ESC, SO or SI is; the end when there is none. */
function nextControl(bytes: Uint8Array, from: number, hasShifts: boolean): number {
  // Where sequences stand close together a look at each byte is faster than a call into native code; elsewhere far slower.
  const near = hasShifts ? bytes.length : Math.min(bytes.length, from + 32);
  for (let at = from; at < near; at++) {
    const byte = bytes[at];
    if (byte === esc || byte === shiftOut || byte === shiftIn) return at;
  }
  if (near === bytes.length) return near;
  const found = bytes.indexOf(esc, near);
  return found < 0 ? bytes.length : found;
}

/** Of the sequence that begins at `at`; 0 when it is not complete. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1];
  if (kind === undefined) return 0;
  if (kind === 0x5b) {
    for (let end = at + 2; end < bytes.length; end++) {
      const byte = bytes[end] ?? 0;
      if (byte >= 0x40 && byte <= 0x7e) return end + 1 - at;
      if (byte === esc || byte === can || byte === sub) return end - at;
    }
    return 0;
  }
  if (kind === 0x5d || kind === 0x50 || kind === 0x5f || kind === 0x5e || kind === 0x58)
    return stringLength(bytes, at, kind);
  if (kind >= 0x20 && kind <= 0x2f) return at + 2 < bytes.length ? 3 : 0;
  return kind === esc ? 1 : 2;
}

/** OSC, DCS, APC, PM and SOS run to ST; an OSC to BEL as well. */
function stringLength(bytes: Uint8Array, at: number, kind: number): number {
  for (let end = at + 2; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte > esc) continue;
    if (byte === bel && kind === 0x5d) return end + 1 - at;
    if (byte === can || byte === sub) return end + 1 - at;
    if (byte !== esc) continue;
    if (end + 1 === bytes.length) return 0;
    return bytes[end + 1] === backslash ? end + 2 - at : end - at;
  }
  return 0;
}

/** Colours and cursor movements, nearly all that programs send, change no mode. */
function isOfInterest(bytes: Uint8Array, at: number, length: number): boolean {
  const kind = bytes[at + 1];
  if (kind === 0x5d) return bytes[at + 2] === 0x38 && bytes[at + 3] === 0x3b;
  if (kind !== 0x5b) return kind !== 0x50 && kind !== 0x5f && kind !== 0x5e && kind !== 0x58;
  switch (bytes[at + length - 1]) {
    case 0x68: // h
    case 0x6c: // l
    case 0x70: // p
    case 0x71: // q
    case 0x72: // r
    case 0x74: // t
    case 0x75: // u
      return true;
    case 0x6d: // m: only `CSI > 4 ; … m` is a mode
      return bytes[at + 2] === 0x3e;
    default:
      return false;
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

/** How many bytes at the end are the beginning of a UTF-8 character. */
function partialCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
