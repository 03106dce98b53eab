import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeBytes } from "../model/bytes.js";

/**
 * Texts that were judged with the call of their shell, in files where bash's hook finds its own: a first line with the token of
 * the shell's line, then the text and a NUL. It writes over the token and goes on; to ask instead takes two processes of every
 * `bash -c`. What is not found there, or cannot be written over, is asked about. Whoever may write here is the session's own user,
 * who need not start a shell with our hook in the first place; what the guard sees writing here is refused.
 */
export class JudgedTexts {
  /** By the first character of a token. Written in place: to make or cut a file for each text costs more than all else of it. */
  private readonly files = new Map<string, number>();

  /** `folder`: where the hooks lie. */
  constructor(private readonly folder: string) {}

  /** False: the shell has to ask. Who shares a file with one that came a moment later has to, as well. */
  put(token: string, text: string): boolean {
    const slot = /^[\w-]/.exec(token)?.[0];
    if (slot === undefined || text.length > longest) return false;
    try {
      const file = this.open(slot);
      const bytes = encodeBytes(`${token}\n${text}\0`);
      return writeSync(file, bytes, 0, bytes.length, 0) === bytes.length;
    } catch {
      return false;
    }
  }

  private open(slot: string): number {
    let file = this.files.get(slot);
    if (file === undefined) {
      file = openSync(join(this.folder, `judged.${slot}`), "wx", 0o600);
      this.files.set(slot, file);
    }
    return file;
  }
}

/** Characters: bash reads and compares it each time. */
const longest = 8192;
