import { trashName } from "../model/trash.js";
import type { Stat, TrashFit } from "../model/world.js";
import { lstat, readdir } from "../world/file-system.js";
import type { TrashFolder } from "./folder.js";
import { holdsMount, mountOf, readMountPoints } from "./mount-points.js";

export interface FitOptions {
  readonly folder: TrashFolder;
  readonly uid: number;
  /** What is write-protected may not be in it. */
  readonly prompts: boolean;
  /** Bytes that there is still room for. */
  readonly room: number;
}

/** Beyond that nobody knows how much it is, without a longer look than a call may take. */
const mostEntries = 20_000;

type Entry = Extract<Stat, { exists: true }>;

/**
 * Whether rename(2) does to this what rm would: all or nothing of a tree is moved, so that nothing may be in it that rm would
 * have left where it was.
 */
export function findFit(path: string, options: FitOptions): TrashFit {
  const { folder } = options;
  const top = lstat(path);
  if (!top.exists) return no(top.reason === "missing" ? "it is not there" : "it cannot be looked at");
  if (top.device !== folder.device) return no("it is on another file system");
  const points = readMountPoints();
  if (holdsMount(path, points) || mountOf(path, points) !== folder.mount) return no("it is on another mount");
  const sum = { entries: 0, files: 0, bytes: 0 };
  const pending: { readonly path: string; readonly stat: Entry }[] = [{ path, stat: top }];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    sum.entries += 1;
    const why = findHindrance(one.path, one.stat, options);
    if (why !== undefined) return no(why);
    if (one.stat.kind !== "directory") {
      sum.files += 1;
      sum.bytes += one.stat.kind === "file" ? one.stat.size : 0;
      if (sum.bytes > options.room) return no("it is too large");
      continue;
    }
    const listing = readdir(one.path, mostEntries);
    if (!listing.ok) return no(`a folder in it cannot be read (${listing.reason})`);
    const left = mostEntries - sum.entries - pending.length;
    if (!listing.complete || listing.names.length > left) return no("it has too many files");
    if (listing.names.length > 0 && !canEmpty(one.stat, options.uid)) return no(keptBack);
    if (isGit(listing.names)) return no("it holds a git repository");
    for (const name of listing.names) {
      const below = `${one.path}/${name}`;
      const stat = lstat(below);
      if (!stat.exists) return no("it changes while it is looked at");
      if (stat.device !== top.device) return no("another file system is mounted in it");
      pending.push({ path: below, stat });
    }
  }
  return { ok: true, files: sum.files, bytes: sum.bytes };
}

const keptBack = "rm itself could not delete all of it";

function findHindrance(path: string, stat: Entry, { uid, prompts }: FitOptions): string | undefined {
  if (stat.kind === "device") return "it holds a device";
  // `rm` asks on a terminal, file by file.
  if (prompts && stat.kind !== "symlink" && uid !== 0 && (stat.uid !== uid || (stat.mode & 0o200) === 0))
    return "it holds what is write-protected, which rm asks about";
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === trashName) return "it holds a trash";
  return name === ".git" && stat.kind === "directory" ? "it holds a git repository" : undefined;
}

/** Whether this user may take entries out of the folder, which renaming the whole does not ask about. */
function canEmpty(stat: Entry, uid: number): boolean {
  return uid === 0 || (stat.uid === uid && (stat.mode & 0o300) === 0o300);
}

function isGit(names: readonly string[]): boolean {
  return ["HEAD", "objects", "refs"].every((name) => names.includes(name));
}

function no(because: string): TrashFit {
  return { ok: false, because };
}
