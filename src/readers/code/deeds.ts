import { deedRows } from "./deed-rows.js";
import type { LanguageName } from "./syntax.js";

/**
 * What a function of a language does to files, and what it starts.
 * `file`, `tree`: deletes its first argument; `files`, `trees`: all of them. `own…`: what it is called on.
 */
export type CodeDeed =
  | "file"
  | "files"
  | "tree"
  | "trees"
  | "own-file"
  | "own-tree"
  | "emptied"
  | "write"
  | "second-write"
  | "own-write"
  | "lose"
  /** Adds to a file, or makes one. */
  | "append"
  | "own-append"
  | "open"
  | "own-open"
  | "perl-open"
  /** The handle comes first, then the path and its flags. */
  | "handle-open"
  /** Cuts off what it is called on, or what it is given, as far as a call here has opened that. */
  | "lose-opened"
  /** Its files are made anew where `inplace` is said. */
  | "inplace"
  | "move"
  | "own-move"
  | "copy"
  | "own-copy"
  | "touch"
  | "own-touch"
  | "folder"
  | "own-folder"
  | "folder-gone"
  | "own-folder-gone"
  /** The second argument becomes a name of the first. */
  | "link"
  | "hard-link"
  | "own-link"
  /** Path, then mode; the other way round; path, user, group; user, group, paths. */
  | "mode"
  | "own-mode"
  | "mode-first"
  | "owner"
  | "owner-first"
  /** A text for a shell. */
  | "line"
  | "own-line"
  /** A text for a shell, or words. */
  | "either"
  /** Words, or a program and a list of them. */
  | "words"
  | "spawn"
  /** The list or the words begin with the name that the program is told. */
  | "exec"
  /** The function's own name is the program: `sh.rm("-rf", "x")`. */
  | "member"
  /** A text of its own language. */
  | "code";

/** Names of functions, parted by blanks. */
export type DeedRow = readonly (readonly [deed: CodeDeed, names: string])[];

/** By the whole name, or by its last part alone: `*.rmSync`. */
export function deedOf(name: string, language: LanguageName): CodeDeed | undefined {
  const table = tableOf(language);
  const last = name.slice(name.lastIndexOf(".") + 1);
  return (
    table.get(name) ?? table.get(`*.${last}`) ?? table.get(`${name.slice(0, name.length - last.length)}*`)
  );
}

const tables = new Map<LanguageName, ReadonlyMap<string, CodeDeed>>();

/** Made when a language is first met: most never are. */
function tableOf(language: LanguageName): ReadonlyMap<string, CodeDeed> {
  const table = tables.get(language) ?? tabulate(deedRows[language]);
  tables.set(language, table);
  return table;
}

function tabulate(row: DeedRow): ReadonlyMap<string, CodeDeed> {
  return new Map(
    row.flatMap(([deed, names]) => names.split(" ").map((name): [string, CodeDeed] => [name, deed])),
  );
}
