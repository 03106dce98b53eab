import { dirname } from "node:path/posix";
import { lstat, realpath } from "./file-system.js";

/**
 * The folder that a session works in: the nearest one upwards with a `.git`, else where it started. Never `/` or the
 * home by way of a repository there (dotfiles): all of a person's files would count as the work.
 */
export function findWorkspace(cwd: string, home: string): string {
  const start = realpath(cwd);
  const tooWide = new Set(["/", realpath(home)]);
  for (let folder = start; !tooWide.has(folder); folder = dirname(folder)) {
    if (lstat(`${folder === "/" ? "" : folder}/.git`).exists) return folder;
  }
  return start;
}
