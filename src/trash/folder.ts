import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import { trashName } from "../model/trash.js";
import { lstat, realpath, systemName } from "../world/file-system.js";
import { repositoryAt } from "../world/repository.js";
import { mountOf, readMountPoints } from "./mount-points.js";

/** Where a session puts what it keeps: on the file system of the workspace, since all is moved by rename(2). */
export interface TrashFolder {
  /** Absolute real path; made when it is first used. */
  readonly path: string;
  readonly device: number;
  /** As `mountOf` names it. */
  readonly mount: string;
}

/**
 * The user's own trash; where that is on another file system than the workspace (a container's volume, another disk), one in
 * the repository's `.git`, which git passes by; without a repository, a hidden folder in the workspace that ignores itself.
 */
export function findTrashFolder(
  state: string,
  workspace: string,
  uid: number,
  /** In a sandbox the workspace is a mount of its own, and so is its `.git`: nothing can be renamed from one to the other. */
  isApart = false,
): TrashFolder | undefined {
  const top = realpath(workspace);
  const own = describe(join(realpath(state), "trash", "files"));
  const work = lstat(top);
  if (own === undefined || !work.exists || !isOurs(own.path, uid)) return undefined;
  if (!isApart && own.device === work.device && own.mount === mountOf(top, readMountPoints())) return own;
  const gitDir = isApart ? undefined : repositoryAt(top)?.gitDir;
  const near = describe(join(gitDir ?? top, trashName));
  if (near === undefined || near.device !== work.device || !isOurs(near.path, uid)) return undefined;
  return near.mount === mountOf(top, readMountPoints()) ? near : undefined;
}

/** Throws the system's error. */
export function makeTrashFolder({ path }: TrashFolder): void {
  const stat = lstat(path);
  // It may have become a link since it was found: then what is put there could not be found again.
  if (stat.exists && (stat.kind !== "directory" || realpath(path) !== path))
    throw new Error("it is no folder now");
  if (stat.exists) return;
  makeFolders(path);
  // In a workspace: git, and what asks git, passes by a folder that ignores all that is in it.
  if (basename(path) === trashName) writeFileSync(systemName(join(path, ".gitignore")), "*\n");
}

/** What is missing of a path, 0700. Throws the system's error. */
export function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let at = path; !lstat(at).exists && at !== "/"; at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(systemName(folder), { mode: 0o700 });
    } catch (cause) {
      // Another session may have made it meanwhile.
      if (!lstat(folder).exists) throw cause;
    }
  }
}

/** Of the nearest that exists: the rest will be made there. */
function describe(path: string): TrashFolder | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stat = lstat(at);
    if (!stat.exists && stat.reason === "unreadable") return undefined;
    if (stat.exists && stat.kind !== "directory") return undefined;
    if (stat.exists) return { path, device: stat.device, mount: mountOf(at, readMountPoints()) };
    if (at === "/") return undefined;
  }
}

/** Nobody else's, where it is there already: who owns the folder could take what is in it. */
function isOurs(path: string, uid: number): boolean {
  const stat = lstat(path);
  return !stat.exists || (stat.kind === "directory" && stat.uid === uid);
}
