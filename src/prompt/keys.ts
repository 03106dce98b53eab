import { escapeLength } from "./escape-length.js";

/** What a human did on the keyboard, or what the terminal said of its own accord. */
export type Key =
  /** Printable characters that arrived together. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "enter" | "escape" | "interrupt" | "end" | "backspace" | "clear" }
  | { readonly kind: "scroll"; readonly rows: number; readonly pages: number }
  /** Pasted text is never an answer; what it said is not even kept. */
  | { readonly kind: "paste" }
  /** The terminal's reply to a query of the program underneath. */
  | { readonly kind: "report"; readonly bytes: Uint8Array }
  /** Mouse, focus, function and other keys. */
  | { readonly kind: "other" };

/**
 * Bytes of a terminal to keys. An escape sequence, however split, is one key that means nothing to a card: an arrow key or
 * a reply like `ESC [ 6 4 ; 1 c` must neither deny by its ESC nor allow by a letter in it.
 */
export class KeyReader {
  private rest: Uint8Array = new Uint8Array();
  private isPasting = false;
  private readonly decoder = new TextDecoder("utf-8");

  feed(chunk: Uint8Array): readonly Key[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = new Uint8Array();
    const keys: Key[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = this.isPasting ? this.skipPaste(bytes, at) : this.readOne(bytes, at, keys);
      if (length === 0) {
        this.rest = bytes.slice(at);
        break;
      }
      at += length;
    }
    return keys;
  }

  /** What an unfinished sequence is waiting for: a lone ESC is a key if nothing follows it soon. */
  get unfinished(): "nothing" | "escape" | "sequence" {
    if (this.rest.length === 0) return "nothing";
    return this.rest.every((byte) => byte === esc) && !this.isPasting ? "escape" : "sequence";
  }

  /** Nothing did follow. */
  flush(): readonly Key[] {
    const was = this.unfinished;
    this.rest = new Uint8Array();
    return was === "nothing" ? [] : [{ kind: was === "escape" ? "escape" : "other" }];
  }

  private readOne(bytes: Uint8Array, at: number, keys: Key[]): number {
    const first = bytes[at] ?? 0;
    if (first === esc) return this.readEscape(bytes, at, keys);
    const control = controls.get(first);
    if (control !== undefined || first < 0x20) {
      keys.push(control ?? { kind: "other" });
      return 1;
    }
    let end = at + 1;
    while (end < bytes.length && (bytes[end] ?? 0) >= 0x20 && bytes[end] !== 0x7f) end += 1;
    const text = this.decoder.decode(bytes.subarray(at, end), { stream: true });
    if (text !== "") keys.push({ kind: "text", text });
    return end - at;
  }

  /** Length of the sequence at `at`, 0 when its end is not here yet. */
  private readEscape(bytes: Uint8Array, at: number, keys: Key[]): number {
    const length = escapeLength(bytes, at);
    if (length === 0) return 0;
    const sequence = bytes.subarray(at, at + length);
    const text = Buffer.from(sequence).toString("latin1");
    if (text === "\u001b[200~") {
      this.isPasting = true;
      keys.push({ kind: "paste" });
    } else keys.push(namedSequences.get(text) ?? modifiedKey(text) ?? reportOf(text, sequence));
    return length;
  }

  private skipPaste(bytes: Uint8Array, at: number): number {
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      "\u001b[201~",
      at,
      "latin1",
    );
    if (end >= 0) {
      this.isPasting = false;
      return end + 6 - at;
    }
    // The end mark may be split; all before its possible beginning is gone.
    return Math.max(0, bytes.length - at - 5);
  }
}

const esc = 0x1b;

const controls: ReadonlyMap<number, Key> = new Map<number, Key>([
  [0x03, { kind: "interrupt" }],
  [0x04, { kind: "end" }],
  [0x08, { kind: "backspace" }],
  [0x0a, { kind: "enter" }],
  [0x0d, { kind: "enter" }],
  [0x15, { kind: "clear" }],
  [0x7f, { kind: "backspace" }],
]);

const namedSequences: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["\u001b", { kind: "escape" }],
  ["\u001b[A", { kind: "scroll", rows: -1, pages: 0 }],
  ["\u001bOA", { kind: "scroll", rows: -1, pages: 0 }],
  ["\u001b[B", { kind: "scroll", rows: 1, pages: 0 }],
  ["\u001bOB", { kind: "scroll", rows: 1, pages: 0 }],
  ["\u001b[5~", { kind: "scroll", rows: 0, pages: -1 }],
  ["\u001b[6~", { kind: "scroll", rows: 0, pages: 1 }],
]);

/**
 * Terminals with the kitty or xterm keyboard extensions send even Esc and Ctrl-C as sequences. Only keys that refuse are
 * read in this form; a card is never released by a sequence. https://sw.kovidgoyal.net/kitty/keyboard-protocol/
 */
function modifiedKey(text: string): Key | undefined {
  if (/^\u001b\[(?:99;5(?::1)?u|27;5;99~)$/.test(text)) return { kind: "interrupt" };
  if (/^\u001b\[(?:27(?:;1(?::1)?)?u|27;1;27~)$/.test(text)) return { kind: "escape" };
  return undefined;
}

/** https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: what a terminal sends that is no key. */
function reportOf(text: string, bytes: Uint8Array): Key {
  const isReport = /^\u001b(?:[\]P_^X]|\[[?>=][0-9;:]*\$?[cnuyR]$|\[[0-9;]*(?:[cnRt]|\$y)$)/.test(text);
  return isReport ? { kind: "report", bytes: bytes.slice() } : { kind: "other" };
}
