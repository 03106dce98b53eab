import { dirname, resolve } from "node:path/posix";
import { decodeBytes } from "../model/bytes.js";
import { lstat, readFile, realpath } from "./file-system.js";

export interface Repository {
  /** Absolute path of the work tree. */
  readonly top: string;
  /** Holds the index and HEAD of this work tree. */
  readonly gitDir: string;
  /** Holds objects, config and info/exclude: another folder than `gitDir` in a linked work tree. */
  readonly commonDir: string;
}

/** The work tree that holds this absolute path, found as git finds it, with the file system alone. */
export function findRepository(path: string): Repository | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = repositoryAt(folder);
    if (found !== undefined || folder === "/") return found;
  }
}

/** The work tree whose top this is. */
export function repositoryAt(top: string): Repository | undefined {
  const dotGit = `${top === "/" ? "" : top}/.git`;
  const stat = lstat(dotGit);
  if (!stat.exists) return undefined;
  const gitDir = stat.kind === "file" ? readPointer(dotGit, "gitdir: ") : realpath(dotGit);
  // Git passes by a folder that merely has the name.
  if (gitDir === undefined || !lstat(`${gitDir}/HEAD`).exists) return undefined;
  return { top, gitDir, commonDir: readPointer(`${gitDir}/commondir`, "") ?? gitDir };
}

/** A file of one line that names a folder, relative to its own. */
function readPointer(path: string, prefix: string): string | undefined {
  if (!lstat(path).exists) return undefined;
  const file = readFile(path, 4096);
  if (!file.ok || !file.complete) return undefined;
  const text = decodeBytes(file.bytes).replace(/[\r\n]+$/, "");
  if (!text.startsWith(prefix)) return undefined;
  return realpath(resolve(dirname(path), text.slice(prefix.length)));
}
