import { lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { basename, join } from "node:path";
import { isPassedFile, isPassedFolder, rankOf } from "./passed-over.js";

/** A regular file that is worth a look; by its name, for nothing was opened yet. */
export interface WalkedFile {
  /** Absolute real path. */
  readonly file: string;
  /** From the root that it lies below; of a root that is a file itself, its absolute path. */
  readonly name: string;
}

export interface Walk {
  /** Absolute folders and files. */
  readonly roots: readonly string[];
  readonly skips: (path: string) => boolean;
  /** Also folders that are usually passed by; never the objects of a repository. */
  readonly all: boolean;
}

/**
 * The files below the roots, a folder's worth at a time: breadth first, since settings lie near the top, and what is likely
 * to hold credentials before the rest of its level. Links are not followed, no other file system is entered (what is
 * mounted below may be endless, or wait for a network), and of a repository's own folder only its configuration is told.
 */
export function* walkFiles({ roots, skips, all }: Walk): Generator<readonly WalkedFile[]> {
  const seen = new Set<string>();
  const starts = roots.flatMap((root) => startOf(root) ?? []);
  const files = starts.filter(({ stat }) => stat.isFile());
  yield files.filter(({ path }) => !skips(path)).map(({ path }) => ({ file: path, name: path }));
  let level: readonly Folder[] = starts
    .filter(({ stat, path }) => stat.isDirectory() && !skips(path))
    .map(({ path, stat }) => ({ path, top: path, device: stat.dev }));
  // What is left for later: source files of the levels so far.
  const later: WalkedFile[] = [];
  while (level.length > 0) {
    const next: Folder[] = [];
    for (const folder of level) {
      if (seen.has(folder.path)) continue;
      seen.add(folder.path);
      const { files: found, folders } = list(folder, skips, all);
      next.push(...folders);
      const ranked: [WalkedFile[], WalkedFile[], WalkedFile[]] = [[], [], []];
      for (const one of found) ranked[rankOf(basename(one.file))].push(one);
      later.push(...ranked[2]);
      yield [...ranked[0], ...ranked[1]];
    }
    level = next;
  }
  for (let at = 0; at < later.length; at += batch) yield later.slice(at, at + batch);
}

const batch = 64;

interface Folder {
  readonly path: string;
  readonly top: string;
  readonly device: number;
}

interface Start {
  readonly path: string;
  readonly stat: Stats;
}

/** A root may be named by a link; what lies below it may not. */
function startOf(root: string): Start | undefined {
  try {
    const path = realpathSync(root);
    return { path, stat: lstatSync(path) };
  } catch {
    return undefined;
  }
}

function list(
  { path, top, device }: Folder,
  skips: (path: string) => boolean,
  all: boolean,
): { readonly files: readonly WalkedFile[]; readonly folders: readonly Folder[] } {
  const files: WalkedFile[] = [];
  const folders: Folder[] = [];
  for (const entry of entriesOf(path)) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === ".git")
        files.push({ file: join(full, "config"), name: join(full, "config").slice(top.length + 1) });
      const isPassed = all ? entry.name === ".git" : isPassedFolder(entry.name);
      if (isPassed || skips(full) || deviceOf(full) !== device) continue;
      folders.push({ path: full, top, device });
    } else if (entry.isFile() && !isPassedFile(entry.name) && !skips(full)) {
      files.push({ file: full, name: full.slice(top === "/" ? 1 : top.length + 1) });
    }
  }
  return { files, folders };
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function deviceOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.dev;
}
