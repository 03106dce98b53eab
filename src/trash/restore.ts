import {
  closeSync,
  constants,
  fchmodSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import { lstat, realpath, systemName } from "../world/file-system.js";
import type { Kept, KeptThing } from "./entries.js";
import type { TrashItem } from "./entry.js";

export interface Restored {
  /** Where it lies again, or would have. */
  readonly path: string;
  readonly outcome:
    | { readonly kind: "restored" }
    /** Something lies there now. */
    | { readonly kind: "in the way" }
    | { readonly kind: "failed"; readonly reason: string };
}

/**
 * Puts back what is still in the trash, each thing by one rename, so that all of it is as it was; into the folder `to` where
 * that is given. Nothing is written over. What could not be put back stays in the trash.
 */
export function restore({ entry, journal, things }: Kept, to: string | undefined): readonly Restored[] {
  // The last that was taken first: `rm notes/a notes` took the file before its folder.
  const restored = things.toReversed().map((thing) => restoreThing(thing, to));
  if (restored.every(({ outcome }) => outcome.kind === "restored")) forget(entry.folder, journal);
  return restored;
}

/** Nothing is left of it: the folder first, so that a crash between the two leaves only a record of nothing. */
export function forget(folder: string, journal: string): void {
  try {
    rmdirSync(systemName(folder));
  } catch {
    // Gone already; or somebody put something there, which stays.
  }
  rmSync(journal, { force: true });
}

function restoreThing({ item, place }: KeptThing, to: string | undefined): Restored {
  const path = to === undefined ? item.path : join(to, basename(item.path));
  try {
    const stat = lstat(place);
    if (!stat.exists || stat.kind !== item.kind)
      return failed(path, "what lies in the trash is not what was put there");
    if (to === undefined) {
      // Through a link that was put there since, it would come to lie somewhere else; and so would the folders made for it.
      if (isMoved(path)) return failed(path, leads);
      makeParents(item);
      if (isMoved(path)) return failed(path, leads);
    }
    return { path, outcome: { kind: putBack(place, path, item) ? "restored" : "in the way" } };
  } catch (cause) {
    return failed(path, reasonOf(cause));
  }
}

const leads = "its folder is now a link to another";

function isMoved(path: string): boolean {
  return realpath(dirname(path)) !== dirname(path);
}

/** False where something lies there. */
function putBack(place: string, path: string, { kind }: TrashItem): boolean {
  const there = lstat(path);
  if (there.exists) {
    const own = lstat(place);
    const isSame = own.exists && own.device === there.device && own.inode === there.inode;
    if (!isSame || kind === "directory") return false;
    // Put back before, by somebody who was stopped before the last step.
    unlinkSync(systemName(place));
    return true;
  }
  if (kind !== "directory") {
    try {
      // Unlike rename(2), link(2) writes over nothing, whatever comes there in this moment.
      linkSync(systemName(place), systemName(path));
      unlinkSync(systemName(place));
      return true;
    } catch (cause) {
      const code = codeOf(cause);
      if (code === "EEXIST") return false;
      if (code === "ENOENT" || code === "EXDEV") throw cause;
      // No hard links on this file system, or not for this user.
    }
  }
  renameSync(systemName(place), systemName(path));
  return true;
}

function makeParents({ path: item, parents }: TrashItem): void {
  for (const { path, mode } of parents.toReversed()) {
    if (lstat(path).exists || !item.startsWith(`${path}/`)) continue;
    mkdirSync(systemName(path));
    // By its descriptor: a link in its place would lead to a file of another's.
    const folder = openSync(systemName(path), constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      fchmodSync(folder, mode & 0o7777);
    } finally {
      closeSync(folder);
    }
  }
}

function failed(path: string, reason: string): Restored {
  return { path, outcome: { kind: "failed", reason } };
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder is not there",
  EXDEV: "that is on another file system than the trash",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "that cannot be written to",
};

function codeOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
