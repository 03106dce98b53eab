const nothing: Buffer = Buffer.alloc(0);

/**
 * Finds the escape sequences in what a program writes to its terminal, however it is cut, and knows what the last piece broke
 * off in. It looks at each byte once, so that a megabyte costs about a millisecond.
 * Shapes: ECMA-48, 5.4 and 5.6; https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export class SequenceReader {
  /** An escape sequence, or a character, that the last chunk broke off in. */
  private tail: Buffer = nothing;
  private isLost = false;

  /** `follow` gets each sequence that can change a mode, without its ESC, and SO and SI. */
  constructor(private readonly follow: (sequence: string) => void) {}

  read(chunk: Uint8Array): void {
    const bytes = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    let at = this.isLost ? this.findEnd(bytes) : 0;
    if (this.isLost) return;
    const isPlain = !bytes.includes(esc) && !bytes.includes(shiftOut) && !bytes.includes(shiftIn);
    const text = isPlain ? "" : latin1(bytes, 0, bytes.length);
    for (at = nextControl(text, at); at >= 0; at = nextControl(text, at)) {
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
    const partial = partialCharacter(bytes);
    this.tail = partial === 0 ? nothing : Buffer.from(bytes.subarray(bytes.length - partial));
  }

  /** How many bytes of it the last chunk ended with; endless when it was too long to be kept. */
  get begun(): number {
    return this.isLost ? Number.POSITIVE_INFINITY : this.tail.length;
  }

  /** What was unfinished has ended since, and was nothing to follow. */
  forget(): void {
    this.isLost = false;
    this.tail = nothing;
  }

  /** What the terminal has seen the beginning of: it is to be broken off before anything else, and sent again after it. */
  get unfinished(): Uint8Array {
    return this.isLost ? swallowing : this.tail;
  }

  private breakOff(rest: Uint8Array): void {
    // A picture or a clipboard of megabytes is followed to its end, but not kept.
    this.isLost = rest.length > longestTail;
    this.tail = this.isLost ? nothing : Buffer.from(rest);
  }

  private findEnd(bytes: Uint8Array): number {
    this.tail = nothing;
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

/**
 * Where the next ESC, SO or SI is that has to be looked at; -1 when there is none. Colours and cursor movements, nearly all
 * that programs send, are passed over by the engine that is fastest at it: complete, without a private marker, no mode.
 */
function nextControl(text: string, from: number): number {
  control.lastIndex = from;
  return control.exec(text)?.index ?? -1;
}

/** Control sequences that end in one of these may set a mode; the pump (`shims/pump.c`) is told them. */
export const modeFinals = "hlpqrtu";

const control = new RegExp(`[\\u000e\\u000f]|\\u001b(?!\\[[ -;]*(?![${modeFinals}])[@-~])`, "g");

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
  const final = bytes[at + length - 1] ?? 0;
  // Of those that end in m, `CSI > 4 ; … m` alone is a mode.
  return final === 0x6d ? bytes[at + 2] === 0x3e : modeFinals.includes(String.fromCharCode(final));
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
