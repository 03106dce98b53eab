/**
 * Follows what a program does to its terminal, so that a card can have the terminal to itself and give it back unchanged.
 * Names of modes: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export class TerminalModes {
  /** The program draws on the alternate screen: what a card covers there only the program itself can draw again. */
  get isAlternate(): boolean {
    return [47, 1047, 1049].some((mode) => this.on.has(mode));
  }

  private readonly on = new Set<number>(initial);
  private readonly charsets = new Map<string, string>();
  private isShifted = false;
  private isInserting = false;
  private region = "";
  private modifyOtherKeys = "";
  private usesKitty = false;
  /** An escape sequence, or a character, that the last chunk broke off in. */
  private tail: Buffer = Buffer.alloc(0);
  private isLost = false;

  scan(chunk: Uint8Array): void {
    const bytes = this.tail.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.tail, chunk]);
    this.tail = Buffer.alloc(0);
    let at = this.isLost ? this.findEnd(bytes) : 0;
    if (this.isLost) return;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      if (byte === esc) {
        const length = sequenceLength(bytes, at);
        if (length === 0) {
          this.breakOff(bytes.subarray(at));
          return;
        }
        this.follow(bytes.toString("latin1", at + 1, Math.min(at + length, at + longestFollowed)));
        at += length;
        continue;
      }
      if (byte === 0x0e || byte === 0x0f) this.isShifted = byte === 0x0e;
      at += 1;
    }
    this.tail = Buffer.from(bytes.subarray(bytes.length - partialCharacter(bytes)));
  }

  /** What the terminal has seen the beginning of. It is cut off by `takeOver` and has to be sent again after `giveBack`. */
  get unfinished(): Uint8Array {
    return this.isLost ? swallowing : this.tail;
  }

  /** From the program's state to the card's. */
  takeOver(): string {
    return [
      this.unfinished.length > 0 ? cancel : "",
      this.isAlternate ? "\u001b7" : "\u001b[?1049h",
      // Whatever could bend the drawing: character sets, insert mode, margins, reversed video, a held-back frame.
      "\u000f\u001b(B\u001b)0\u001b[4l\u001b[?2026l\u001b[?69l\u001b[?6l\u001b[r\u001b[?5l\u001b[?7l\u001b[?25l\u001b[0m",
      this.listed(
        reporting.filter((mode) => this.on.has(mode)),
        "l",
      ),
      this.usesKitty ? "\u001b[>0u" : "",
      this.modifyOtherKeys === "" ? "" : "\u001b[>4m",
      "\u001b[?2004h\u001b[2J\u001b[H",
    ].join("");
  }

  /** And back. */
  giveBack(): string {
    return [
      "\u001b[0m\u001b[2J",
      this.usesKitty ? "\u001b[<u" : "",
      this.region === "" ? "" : `\u001b[${this.region}r`,
      this.listed(
        bending.filter((mode) => this.on.has(mode)),
        "h",
      ),
      this.isAlternate ? "\u001b8" : "\u001b[?1049l",
      this.replayed(),
    ].join("");
  }

  /** Before the session stops or ends: the terminal as a shell expects it. */
  park(): string {
    return [
      this.unfinished.length > 0 ? cancel : "",
      this.usesKitty ? "\u001b[<99u" : "",
      this.modifyOtherKeys === "" ? "" : "\u001b[>4m",
      this.listed(
        [...reporting, 5, 6, 2004].filter((mode) => this.on.has(mode)),
        "l",
      ),
      this.region === "" ? "" : "\u001b7\u001b[r\u001b8",
      this.isAlternate ? "\u001b[?1049l" : "",
      this.on.has(25) ? "" : "\u001b[?25h",
      this.on.has(7) ? "" : "\u001b[?7h",
      this.isInserting ? "\u001b[4l" : "",
      "\u000f\u001b(B\u001b[0m",
    ].join("");
  }

  /** After `park`, when the session goes on. */
  unpark(): string {
    return [
      this.isAlternate ? "\u001b[?1049h\u001b[2J" : "",
      this.listed(
        bending.filter((mode) => this.on.has(mode)),
        "h",
      ),
      this.replayed(),
    ].join("");
  }

  private replayed(): string {
    return [
      ...[...this.charsets].map(([slot, set]) => `\u001b${slot}${set}`),
      this.isShifted ? "\u000e" : "\u000f",
      this.isInserting ? "\u001b[4h" : "",
      this.modifyOtherKeys === "" ? "" : `\u001b[>4;${this.modifyOtherKeys}m`,
      this.listed(
        reporting.filter((mode) => this.on.has(mode)),
        "h",
      ),
      this.on.has(2004) ? "\u001b[?2004h" : "\u001b[?2004l",
      this.on.has(7) ? "\u001b[?7h" : "\u001b[?7l",
      this.on.has(25) ? "\u001b[?25h" : "\u001b[?25l",
    ].join("");
  }

  private listed(modes: readonly number[], final: "h" | "l"): string {
    return modes.length === 0 ? "" : `\u001b[?${modes.join(";")}${final}`;
  }

  /** One complete sequence, without its ESC. */
  private follow(text: string): void {
    if (text === "c" || text === "[!p") {
      this.reset(text === "c");
      return;
    }
    const charset = /^([()*+])([ -/]?[0-~])$/.exec(text);
    if (charset !== null) return void this.charsets.set(charset[1] ?? "", charset[2] ?? "");
    const csi = /^\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])$/.exec(text);
    if (csi === null) return;
    const [, prefix = "", params = "", between = "", final = ""] = csi;
    if (between !== "") return;
    if (prefix === "?" && (final === "h" || final === "l")) this.setModes(params, final === "h");
    else if (prefix === "" && (final === "h" || final === "l")) this.setInsert(params, final === "h");
    else if (prefix === "" && final === "r") this.region = params;
    else if ((prefix === ">" || prefix === "=") && final === "u") this.usesKitty = true;
    else if (prefix === ">" && final === "m" && /^4(;|$)/.test(params))
      this.modifyOtherKeys = params.slice(2).replace(/^0$/, "");
  }

  private setModes(params: string, isOn: boolean): void {
    for (const mode of params.split(";").map(Number)) {
      if (isOn) this.on.add(mode);
      else if (mode === 47 || mode === 1047 || mode === 1049)
        for (const each of [47, 1047, 1049]) this.on.delete(each);
      else this.on.delete(mode);
    }
  }

  private setInsert(params: string, isOn: boolean): void {
    if (params.split(";").includes("4")) this.isInserting = isOn;
  }

  private reset(isHard: boolean): void {
    const kept = isHard ? [] : [...this.on].filter((mode) => ![6, 69, 7].includes(mode));
    this.on.clear();
    for (const mode of [...kept, ...initial]) this.on.add(mode);
    this.charsets.clear();
    this.isShifted = false;
    this.isInserting = false;
    this.region = "";
    if (isHard) this.modifyOtherKeys = "";
  }

  private breakOff(rest: Buffer): void {
    if (rest.length <= longestTail) {
      this.tail = Buffer.from(rest);
      return;
    }
    // A picture or a clipboard of megabytes: followed to its end, but not kept.
    this.isLost = true;
  }

  private findEnd(bytes: Buffer): number {
    const st = bytes.indexOf("\u001b\\", 0, "latin1");
    const bel = bytes.indexOf(0x07);
    if (st < 0 && bel < 0) {
      if (bytes.at(-1) === esc) this.tail = Buffer.from([esc]);
      return bytes.length;
    }
    this.isLost = false;
    return bel >= 0 && (st < 0 || bel < st) ? bel + 1 : st + 2;
  }
}

const esc = 0x1b;
const cancel = "\u0018";
/** Begins a string that no terminal knows: it takes in the rest of one that cannot be sent again. */
const swallowing = Buffer.from("\u001b]9999;");
const initial = [7, 25] as const;
/** Modes that bend the drawing, restored when the program had set them. */
const bending: readonly number[] = [5, 6, 69];
/** Modes that make the terminal send what a card could not read as keys: mouse and focus. */
const reporting: readonly number[] = [9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016];
const longestTail = 65_536;
const longestFollowed = 256;

/** Of the sequence that begins at `at`; 0 when it is not complete. */
function sequenceLength(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1];
  if (kind === undefined) return 0;
  if (kind === 0x5b) {
    for (let end = at + 2; end < bytes.length; end++) {
      const byte = bytes[end] ?? 0;
      if (byte >= 0x40 && byte <= 0x7e) return end + 1 - at;
      if (byte === esc || byte === 0x18 || byte === 0x1a) return end - at;
    }
    return 0;
  }
  if (kind === 0x5d || kind === 0x50 || kind === 0x5f || kind === 0x5e || kind === 0x58) {
    for (let end = at + 2; end < bytes.length; end++) {
      const byte = bytes[end] ?? 0;
      if (byte === 0x07 && kind === 0x5d) return end + 1 - at;
      if (byte === 0x18 || byte === 0x1a) return end + 1 - at;
      if (byte !== esc) continue;
      if (end + 1 === bytes.length) return 0;
      return bytes[end + 1] === 0x5c ? end + 2 - at : end - at;
    }
    return 0;
  }
  if (kind >= 0x20 && kind <= 0x2f) return at + 2 < bytes.length ? 3 : 0;
  return kind === esc ? 1 : 2;
}

/** How many bytes at the end are the beginning of a UTF-8 character. */
function partialCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
