import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createInterface } from "node:readline/promises";
import { type Look, paint } from "../prompt/paint.js";
import { type DiffRow, diffLines } from "./line-diff.js";
import type { Terminal } from "./terminal.js";

const looks: Readonly<Record<DiffRow["sign"], Look>> = {
  " ": "plain",
  "-": "danger",
  "+": "notice",
  "@": "dim",
};

/** What would change, before it does. */
export function printDiff(file: string, old: string, text: string, terminal: Terminal): void {
  terminal.print(paint(file, "bold", terminal.colour));
  for (const { sign, text: line } of diffLines(old, text))
    terminal.print(paint(`${sign} ${line}`.trimEnd(), looks[sign], terminal.colour));
}

/** True once the user said yes; else the status to end with. */
export async function confirm(yes: boolean, terminal: Terminal): Promise<true | number> {
  if (yes) return true;
  if (!terminal.isTerminal || process.stdin.isTTY !== true) {
    terminal.error(
      "nothing was written: there is no terminal to ask on; to write it all the same, add --yes",
    );
    return 2;
  }
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await asked.question("Write this? [y/N] ");
    if (/^y(es)?$/i.test(answer.trim())) return true;
  } catch {
    // Ctrl-C, Ctrl-D.
  } finally {
    asked.close();
  }
  terminal.error("nothing was written");
  return 1;
}

/** Writes, or with undefined takes away, what was read as `old`. A string is the reason why not. */
export function replaceFile(
  file: string,
  old: string | undefined,
  text: string | undefined,
): string | undefined {
  const isThere = existsSync(file);
  // The user took a while to say yes; an editor may have written meanwhile.
  if (isThere !== (old !== undefined) || (isThere && readFileSync(file, "utf8") !== old))
    return `"${file}" has changed meanwhile: nothing was written; run this again`;
  if (text === undefined) {
    rmSync(file, { force: true });
    return undefined;
  }
  // Through a link, as those who keep such files in a repository have it.
  const target = isThere ? realpathSync(file) : file;
  const fresh = `${target}.holdpoint-${process.pid}`;
  writeFileSync(fresh, text, { flag: "wx" });
  if (isThere) chmodSync(fresh, statSync(target).mode & 0o7777);
  renameSync(fresh, target);
  return undefined;
}
