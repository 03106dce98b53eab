import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { makeFolder } from "../launcher/folder.js";
import type { Places } from "./places.js";

/** What `init` changed in a file, kept among holdpoint's own: enough to take it back to the byte, and no copy of the file. */
export interface Memory {
  readonly file: string;
  /** That was named in it. */
  readonly shell: string;
  /** The file was not there before. */
  readonly isNew: boolean;
  /** Of the text as it was written, SHA-256 in hex. */
  readonly written: string;
  /** In that text, what replaces `length` characters at `offset` to get the former one. */
  readonly undo: { readonly offset: number; readonly length: number; readonly content: string };
  /** For the target: what stood there. */
  readonly before?: unknown;
}

const shape = v.object({
  file: v.string(),
  shell: v.string(),
  isNew: v.boolean(),
  written: v.string(),
  undo: v.object({ offset: v.number(), length: v.number(), content: v.string() }),
  before: v.optional(v.unknown()),
});

export function readMemory(places: Places, target: string, file: string): Memory | undefined {
  let text: string;
  try {
    text = readFileSync(path(places, target, file), "utf8");
  } catch {
    return undefined;
  }
  return v.parse(shape, JSON.parse(text));
}

export function keepMemory(places: Places, target: string, memory: Memory): void {
  makeFolder(join(places.data, "init"));
  writeFileSync(path(places, target, memory.file), `${JSON.stringify(memory)}\n`, { mode: 0o600 });
}

export function dropMemory(places: Places, target: string, file: string): void {
  rmSync(path(places, target, file), { force: true });
}

/** The files that were changed and not taken back. */
export function changedFiles(places: Places): readonly string[] {
  const folder = join(places.data, "init");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(
    (name) => v.parse(shape, JSON.parse(readFileSync(join(folder, name), "utf8"))).file,
  );
}

/** What is to be kept of a change from `old` (undefined: no file) to `text`. */
export function remember(old: string | undefined, text: string): Pick<Memory, "isNew" | "written" | "undo"> {
  const from = old ?? "";
  const most = Math.min(from.length, text.length);
  let start = 0;
  while (start < most && from[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && from[from.length - 1 - end] === text[text.length - 1 - end]) end++;
  return {
    isNew: old === undefined,
    written: hash(text),
    undo: {
      offset: start,
      length: text.length - end - start,
      content: from.slice(start, from.length - end),
    },
  };
}

/** The text before, when nobody else has changed the file since. */
export function recall({ written, undo }: Memory, text: string): string | undefined {
  if (hash(text) !== written) return undefined;
  return `${text.slice(0, undo.offset)}${undo.content}${text.slice(undo.offset + undo.length)}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** One target may be set in several folders: VS Code and its Insiders. */
function path(places: Places, target: string, file: string): string {
  return join(places.data, "init", `${target}-${hash(file).slice(0, 12)}.json`);
}
