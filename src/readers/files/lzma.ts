/** Bytes that come to be, `length` of them so far. */
export interface Sink {
  bytes: Buffer;
  length: number;
  readonly most: number;
}

/** Where each set of probabilities begins. */
const isMatch = 0;
const isRep = 192;
const isRepG0 = 204;
const isRepG1 = 216;
const isRepG2 = 228;
const isRep0Long = 240;
const posSlot = 432;
const posSpecial = 688;
const posAlign = 816;
const lengths = 832;
const repLengths = 1346;
const literals = 1860;

/** One run of LZMA; its output is its dictionary. https://www.7-zip.org/sdk.html, lzma-specification.txt */
export class Lzma {
  /** Where the dictionary begins in the output. */
  base = 0;
  private chances = new Uint16Array(literals);
  private lc = 0;
  private lp = 0;
  private pb = 0;
  private state = 0;
  private reps: [number, number, number, number] = [0, 0, 0, 0];
  private range = 0;
  private code = 0;
  private at = 0;
  private packed: Buffer = Buffer.alloc(0);

  constructor(private readonly sink: Sink) {}

  setProperties(byte: number): boolean {
    if (byte >= 225) return false;
    this.lc = byte % 9;
    this.lp = Math.floor(byte / 9) % 5;
    this.pb = Math.floor(byte / 45);
    this.chances = new Uint16Array(literals + (0x300 << (this.lc + this.lp)));
    return this.lc + this.lp <= 4;
  }

  reset(): void {
    this.chances.fill(1024);
    this.state = 0;
    this.reps = [0, 0, 0, 0];
  }

  decode(packed: Buffer, start: number, end: number): boolean {
    const { sink } = this;
    this.packed = packed;
    this.range = 0xffffffff;
    this.code = packed.readUInt32BE(start + 1);
    this.at = start + 5;
    while (sink.length < end) {
      const place = (sink.length - this.base) & ((1 << this.pb) - 1);
      if (this.bit(isMatch + (this.state << 4) + place) === 0) {
        this.literal();
        continue;
      }
      const length = this.match(place);
      if (!this.copy(length, end)) return false;
    }
    return this.at <= packed.length;
  }

  /** How much is to be copied from `reps[0]` back. */
  private match(place: number): number {
    const { state } = this;
    const [first, second, third, fourth] = this.reps;
    const isLow = state < 7;
    if (this.bit(isRep + state) === 0) {
      const length = this.length(lengths, place);
      this.state = isLow ? 7 : 10;
      this.reps = [this.distance(length), first, second, third];
      return length;
    }
    if (this.bit(isRepG0 + state) === 0) {
      if (this.bit(isRep0Long + (state << 4) + place) === 0) {
        this.state = isLow ? 9 : 11;
        return 1;
      }
    } else if (this.bit(isRepG1 + state) === 0) this.reps = [second, first, third, fourth];
    else if (this.bit(isRepG2 + state) === 0) this.reps = [third, first, second, fourth];
    else this.reps = [fourth, first, second, third];
    this.state = isLow ? 8 : 11;
    return this.length(repLengths, place);
  }

  private copy(length: number, end: number): boolean {
    const { sink } = this;
    const back = this.reps[0] + 1;
    if (back > sink.length - this.base || sink.length + length > end) return false;
    for (let left = length; left > 0; left -= 1) {
      sink.bytes[sink.length] = sink.bytes[sink.length - back] ?? 0;
      sink.length += 1;
    }
    return true;
  }

  private literal(): void {
    const { sink, base, lc, lp } = this;
    const place = sink.length - base;
    const before = place > 0 ? (sink.bytes[sink.length - 1] ?? 0) : 0;
    const row = literals + 0x300 * (((place & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
    let symbol = 1;
    if (this.state >= 7) {
      let matched = sink.bytes[sink.length - this.reps[0] - 1] ?? 0;
      while (symbol < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const found = this.bit(row + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | found;
        if (found !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(row + symbol);
    sink.bytes[sink.length] = symbol & 0xff;
    sink.length += 1;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  private length(start: number, place: number): number {
    if (this.bit(start) === 0) return 2 + this.tree(start + 2 + (place << 3), 3);
    if (this.bit(start + 1) === 0) return 10 + this.tree(start + 130 + (place << 3), 3);
    return 18 + this.tree(start + 258, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(posSlot + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const start = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return start + this.reversed(posSpecial + start - slot, bits);
    let direct = 0;
    for (let left = bits - 4; left > 0; left -= 1) {
      this.range >>>= 1;
      const isSet = this.code >= this.range;
      if (isSet) this.code -= this.range;
      direct = direct * 2 + (isSet ? 1 : 0);
      this.refill();
    }
    return start + direct * 16 + this.reversed(posAlign, 4);
  }

  private tree(start: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left -= 1) node = (node << 1) | this.bit(start + node);
    return node - (1 << bits);
  }

  private reversed(start: number, bits: number): number {
    let node = 1;
    let found = 0;
    for (let at = 0; at < bits; at += 1) {
      const bit = this.bit(start + node);
      node = (node << 1) | bit;
      found |= bit << at;
    }
    return found;
  }

  private bit(index: number): 0 | 1 {
    const chance = this.chances[index] ?? 0;
    const bound = (this.range >>> 11) * chance;
    const isZero = this.code < bound;
    if (isZero) {
      this.range = bound;
      this.chances[index] = chance + ((2048 - chance) >> 5);
    } else {
      this.range -= bound;
      this.code -= bound;
      this.chances[index] = chance - (chance >> 5);
    }
    this.refill();
    return isZero ? 0 : 1;
  }

  private refill(): void {
    if (this.range >= 0x1000000) return;
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.packed[this.at] ?? 0)) >>> 0;
    this.at += 1;
  }
}
