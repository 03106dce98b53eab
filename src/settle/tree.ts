import { posix } from "node:path";
import type { World } from "../model/world.js";
import { type Entry, findRepository, isNew, type Repository, weighFile } from "./evidence.js";
import { type Loss, none } from "./loss.js";
import { weighOutput } from "./output.js";
import { createTally, type Tally } from "./tally.js";
import { isWithin } from "./within.js";

/** Entries looked at before a tree is too large to tell; more where the session made the tree itself. */
const cap = 5000;
const capOfOwn = 50_000;

/** What a whole tree would lose: the worst of its files decides. */
export function weighTree(top: string, stat: Entry, world: World, reach: Reach): Loss {
  const tally = createTally(top, reach.isBrief);
  const limit = isNew(stat, world) ? capOfOwn : cap;
  const { device } = stat;
  walk({ ...reach, path: top, device, repository: findRepository(top, world) }, limit, tally, world);
  return tally.sum();
}

interface Reach {
  /** Other file systems are passed over. */
  readonly oneFileSystem: boolean;
  /** Mounted from elsewhere: a name that tools give to their output proves nothing about it. */
  readonly isForeign: boolean;
  /** The first loss is enough: what takes the tree instead looks at it as a whole. */
  readonly isBrief: boolean;
}

interface Folder extends Reach {
  readonly path: string;
  /** Of the tree's top. */
  readonly device: number;
  readonly repository: Repository | undefined;
}

function walk(top: Folder, limit: number, tally: Tally, world: World): void {
  const pending = [top];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listing = world.readdir(folder.path, limit - tally.entries());
    if (!listing.ok) {
      tally.doubt(`a folder in it cannot be read (${listing.reason})`);
      continue;
    }
    if (!listing.complete) tally.doubt("too many files to look at");
    if (
      ["HEAD", "objects", "refs"].every((name) => listing.names.includes(name)) &&
      !isNewPath(folder.path, world)
    ) {
      tally.lose(folder.path, "holds a git repository");
      continue;
    }
    const around = listing.names.includes(".git") && folder !== top ? enter(folder, world) : folder;
    for (const name of listing.names.toSorted()) {
      const inner = look({ ...around, path: posix.join(folder.path, name) }, tally, world);
      if (inner !== undefined) pending.push(inner);
      if (top.isBrief && tally.isLost()) return;
    }
    if (!listing.complete) return;
  }
}

/** A work tree within the tree: a submodule, a linked work tree, a clone. */
function enter(folder: Folder, world: World): Folder {
  return { ...folder, repository: findRepository(folder.path, world) };
}

/** Weighs one entry; gives it back when it is a folder to walk. */
function look(entry: Folder, tally: Tally, world: World): Folder | undefined {
  const { path, repository } = entry;
  const stat = world.lstat(path);
  tally.count();
  if (!stat.exists) {
    if (stat.reason === "unreadable") tally.doubt("a file in it cannot be looked at");
    return undefined;
  }
  if (stat.kind === "directory") {
    if (stat.device !== entry.device) {
      if (!entry.oneFileSystem) tally.lose(path, "another file system is mounted in it");
    } else if (path.endsWith("/.git")) {
      if (isNew(stat, world)) tally.keep("recreate", stat);
      else tally.lose(path, "holds a git repository");
    } else if (findOutput(entry, stat, world) !== undefined) tally.keep("recreate", stat);
    else return entry;
    return undefined;
  }
  const isInside = isWithin(path, world.session.workspace);
  // The pointer of a submodule or linked work tree; history and index lie elsewhere.
  if (path.endsWith("/.git") && isInside) tally.keep("recreate", stat);
  else
    tally.weigh(
      path,
      stat,
      weighFile(path, stat, repository, world) ?? findOutput(entry, stat, world) ?? unknownFile(isInside),
    );
  return undefined;
}

function findOutput({ path, isForeign }: Folder, stat: Entry, world: World): Loss | undefined {
  return isForeign ? undefined : weighOutput(path, stat, world);
}

function unknownFile(isInside: boolean): Loss {
  return none(isInside ? "untracked, from before the session" : "outside the workspace");
}

function isNewPath(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && isNew(stat, world);
}
