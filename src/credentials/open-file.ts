import { dirname } from "node:path/posix";
import { lstat } from "../world/file-system.js";

/** Whether any account of this machine may read a file: its own mode, and a way through the folders above it. */
export function isOpenToOthers(file: string): boolean {
  const stat = lstat(file);
  if (!stat.exists || stat.kind !== "file" || (stat.mode & 0o004) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const above = lstat(folder);
    if (!above.exists || (above.mode & 0o001) === 0) return false;
    if (folder === "/") return true;
  }
}
