import { SequenceReader } from "./terminal-sequences.js";

/**
 * Follows what a program does to its terminal, so that a card can have the terminal to itself and give it back unchanged.
 * Names of modes: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export class TerminalModes {
  /** The program draws on the alternate screen: what a card covers there only the program itself can draw again. */
  get isAlternate(): boolean {
    return [47, 1047, 1049].some((mode) => this.on.has(mode));
  }

  private readonly reader = new SequenceReader((sequence) => this.follow(sequence));
  private readonly on = new Set<number>(initial);
  private readonly charsets = new Map<string, string>();
  /** Flags of the kitty keyboard protocol, as pushed. https://sw.kovidgoyal.net/kitty/keyboard-protocol/ */
  private kitty: readonly string[] = [];
  private isShifted = false;
  private isInserting = false;
  private isKeypad = false;
  private region = "";
  private modifyOtherKeys = "";
  private cursorShape = "";
  private link = "";
  private titles = 0;

  scan(chunk: Uint8Array): void {
    this.reader.read(chunk);
  }

  /** As `scan`, of what is known to begin outside of any sequence, whatever the last chunk broke off in. */
  scanAnew(chunk: Uint8Array): void {
    this.reader.forget();
    this.reader.read(chunk);
  }

  /** How many bytes the last chunk ended with that begin something. */
  get begun(): number {
    return this.reader.begun;
  }

  /** What the terminal has seen the beginning of. It is cut off by `takeOver` and has to be sent again after `giveBack`. */
  get unfinished(): Uint8Array {
    return this.reader.unfinished;
  }

  /** From the program's state to the card's. */
  takeOver(): string {
    return [
      this.cut(),
      this.isAlternate ? "\u001b7" : "\u001b[?1049h",
      // Whatever could bend the drawing: character sets, insert mode, margins, reversed video, a held-back frame.
      "\u000f\u001b(B\u001b[4l\u001b[?2026l\u001b[?69l\u001b[?6l\u001b[r\u001b[?5l\u001b[?7l\u001b[?25l\u001b[0m",
      this.link === "" ? "" : closeLink,
      this.listed([...reporting, ...keys], "l"),
      this.isKeypad ? "\u001b>" : "",
      this.kitty.length > 0 ? "\u001b[>0u" : "",
      this.modifyOtherKeys === "" ? "" : "\u001b[>4m",
      "\u001b[?2004h\u001b[2J\u001b[H",
    ].join("");
  }

  /** And back. */
  giveBack(): string {
    return [
      "\u001b[0m\u001b[2J",
      this.kitty.length > 0 ? "\u001b[<u" : "",
      this.region === "" ? "" : `\u001b[${this.region}r`,
      this.listed(bending, "h"),
      this.isAlternate ? "\u001b8" : "\u001b[?1049l",
      this.replayed(),
    ].join("");
  }

  /** Before the session stops or dies, and after its program died: the terminal as a shell expects it. */
  park(): string {
    return [
      this.cut(),
      this.kitty.length > 0 ? `\u001b[<${this.kitty.length}u` : "",
      this.modifyOtherKeys === "" ? "" : "\u001b[>4m",
      this.listed([...reporting, ...keys, ...bending, 2004, 2026], "l"),
      this.isKeypad ? "\u001b>" : "",
      this.region === "" ? "" : "\u001b7\u001b[r\u001b8",
      this.isAlternate ? "\u001b[?1049l" : "",
      this.on.has(25) ? "" : "\u001b[?25h",
      this.on.has(7) ? "" : "\u001b[?7h",
      this.isInserting ? "\u001b[4l" : "",
      this.cursorShape === "" ? "" : "\u001b[0 q",
      this.link === "" ? "" : closeLink,
      "\u001b[23;0t".repeat(this.titles),
      "\u000f\u001b(B\u001b[0m",
    ].join("");
  }

  /** After `park`, when the session goes on. */
  unpark(): string {
    return [
      this.isAlternate ? "\u001b[?1049h\u001b[2J" : "",
      "\u001b[22;0t".repeat(this.titles),
      this.region === "" ? "" : `\u001b7\u001b[${this.region}r\u001b8`,
      this.listed(bending, "h"),
      this.kitty.map((flags) => `\u001b[>${flags}u`).join(""),
      this.replayed(),
    ].join("");
  }

  private cut(): string {
    return this.unfinished.length > 0 ? cancel : "";
  }

  private replayed(): string {
    return [
      ...[...this.charsets].map(([slot, set]) => `\u001b${slot}${set}`),
      this.isShifted ? "\u000e" : "\u000f",
      this.isInserting ? "\u001b[4h" : "",
      this.isKeypad ? "\u001b=" : "",
      this.cursorShape === "" ? "" : `\u001b[${this.cursorShape} q`,
      this.modifyOtherKeys === "" ? "" : `\u001b[>4;${this.modifyOtherKeys}m`,
      this.link === "" ? "" : `\u001b]8;${this.link}\u001b\\`,
      this.listed([...reporting, ...keys], "h"),
      this.on.has(2004) ? "\u001b[?2004h" : "\u001b[?2004l",
      this.on.has(7) ? "\u001b[?7h" : "\u001b[?7l",
      this.on.has(25) ? "\u001b[?25h" : "\u001b[?25l",
    ].join("");
  }

  /** Those of them that the program has set, a few at a time: tmux drops sequences with more than 63 characters of numbers. */
  private listed(modes: readonly number[], final: "h" | "l"): string {
    const set = modes.filter((mode) => this.on.has(mode));
    const groups = Array.from({ length: Math.ceil(set.length / 8) }, (_, at) =>
      set.slice(at * 8, at * 8 + 8),
    );
    return groups.map((group) => `\u001b[?${group.join(";")}${final}`).join("");
  }

  /** One complete sequence, without its ESC. */
  private follow(text: string): void {
    if (text === "\u000e" || text === "\u000f") this.isShifted = text === "\u000e";
    else if (text === "c" || text === "[!p") this.reset(text === "c");
    else if (text === "=" || text === ">") this.isKeypad = text === "=";
    else if (text.startsWith("[")) this.followControl(text);
    else if (text.startsWith("]8;")) this.followLink(text);
    else {
      const charset = /^([()*+])([ -/]?[0-~])$/.exec(text);
      if (charset !== null) this.charsets.set(charset[1] ?? "", charset[2] ?? "");
    }
  }

  private followControl(text: string): void {
    const csi = /^\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])$/.exec(text);
    if (csi === null) return;
    const [, prefix = "", params = "", between = "", final = ""] = csi;
    switch (`${prefix}${between}${final}`) {
      case "?h":
      case "?l":
        this.setModes(params, final === "h");
        return;
      case "h":
      case "l":
        if (params.split(";").includes("4")) this.isInserting = final === "h";
        return;
      case "r":
        this.region = params;
        return;
      case " q":
        this.cursorShape = params.replace(/^0$/, "");
        return;
      case ">m":
        if (/^4(;|$)/.test(params)) this.modifyOtherKeys = params.slice(2).replace(/^0$/, "");
        return;
      case "t":
        if (/^22(;|$)/.test(params)) this.titles = Math.min(10, this.titles + 1);
        else if (/^23(;|$)/.test(params)) this.titles = Math.max(0, this.titles - 1);
        return;
      case ">u":
        this.kitty = [...this.kitty, params === "" ? "0" : params].slice(-deepestStack);
        return;
      case "<u":
        this.kitty = this.kitty.slice(0, Math.max(0, this.kitty.length - (Number(params) || 1)));
        return;
      case "=u":
        this.kitty = [...this.kitty.slice(0, -1), params.split(";")[0] || "0"];
        return;
      default:
    }
  }

  private followLink(text: string): void {
    const link = text.slice(3).replace(/(?:\u0007|\u001b\\|\u001b)$/, "");
    this.link = link.endsWith(";") ? "" : link;
  }

  private setModes(params: string, isOn: boolean): void {
    for (const mode of params.split(";").map(Number)) {
      if (isOn) this.on.add(mode);
      else if (mode === 47 || mode === 1047 || mode === 1049)
        for (const each of [47, 1047, 1049]) this.on.delete(each);
      else this.on.delete(mode);
    }
  }

  private reset(isHard: boolean): void {
    const kept = isHard ? [] : [...this.on].filter((mode) => ![...bending, ...keys, 7].includes(mode));
    this.on.clear();
    for (const mode of [...kept, ...initial]) this.on.add(mode);
    this.charsets.clear();
    this.isShifted = false;
    this.isInserting = false;
    this.isKeypad = false;
    this.region = "";
    if (!isHard) return;
    this.modifyOtherKeys = "";
    this.cursorShape = "";
    this.kitty = [];
    this.link = "";
  }
}

/** Breaks off whatever sequence the terminal is in. */
export const cancel = "\u0018";
const closeLink = "\u001b]8;;\u001b\\";
const initial = [7, 25] as const;
/** Modes that bend the drawing: reversed video, origin, left and right margins. */
const bending: readonly number[] = [5, 6, 69];
/** Modes of the cursor keys and the keypad. */
const keys: readonly number[] = [1, 66];
/** Modes that make the terminal send what a card could not read as keys: mouse, focus, changes of colours and of size. */
const reporting: readonly number[] = [
  9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2031, 2048,
];
const deepestStack = 16;
