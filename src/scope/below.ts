import type { Below, World } from "../model/world.js";
import { isWithin, type PathGlob } from "./globs.js";

/** Entries looked at before a folder is too large to tell. */
const maxEntries = 20_000;
/** Enough to name one, and to see whether a tool leaves them all out. */
const maxFound = 50;

export interface Look {
  /** What is passed over, with all that lies in it. */
  readonly skips?: (path: string) => boolean;
  /** Of a folder that fits, the files in it are given, not the folder: one by one they may be passed over. */
  readonly inside?: boolean;
}

/** What lies below a folder and fits one of the globs: the first few. The folder itself is not looked at. */
export function findBelow(
  globs: readonly PathGlob[],
  folder: string,
  world: World,
  { skips = () => false, inside = false }: Look = {},
): Below {
  const found = new Set<string>();
  let left = maxEntries;
  for (const glob of globs) {
    const start = isWithin(glob.base, folder) ? glob.base : isWithin(folder, glob.base) ? folder : undefined;
    if (start === undefined || isSkipped(start, folder, skips) || isInstalled(start, glob)) continue;
    left = walk(glob, start, folder, { world, skips, inside, found }, left);
    if (left < 0 || found.size >= maxFound) break;
  }
  return { paths: [...found], complete: left >= 0 };
}

interface Search extends Required<Look> {
  readonly world: World;
  readonly found: Set<string>;
}

/** Level by level, so that what lies near is found first. Gives what is left of the budget; below 0, it was not enough. */
function walk(glob: PathGlob, start: string, folder: string, search: Search, budget: number): number {
  const { world, skips, inside, found } = search;
  let left = budget;
  const pending: { readonly path: string; readonly fits: boolean }[] = [];
  const meet = (path: string, isAround: boolean, name: string): void => {
    const fits = isAround || glob.fits(path);
    if (!fits && (glob.isPlain || installed.has(name))) return;
    const isDirectory = (!fits || inside) && isFolder(path, world);
    if (isDirectory) pending.push({ path, fits });
    else if (fits) found.add(path);
  };
  if (start === folder) pending.push({ path: start, fits: inside && glob.fits(start) });
  else if (world.lstat(start).exists) meet(start, false, "");
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const listing = world.readdir(next.path, left + 1);
    if (!listing.ok) continue;
    left -= listing.names.length;
    if (!listing.complete || left < 0) return -1;
    for (const name of listing.names) {
      const path = next.path === "/" ? `/${name}` : `${next.path}/${name}`;
      if (!skips(path)) meet(path, next.fits, name);
      if (found.size >= maxFound) return left;
    }
  }
  return left;
}

function isInstalled(start: string, glob: PathGlob): boolean {
  return (
    !glob.isPlain &&
    !glob.fits(start) &&
    start
      .slice(glob.base.length)
      .split("/")
      .some((name) => installed.has(name))
  );
}

/** Links are not followed: what they lead to lies elsewhere, and is somebody else's. */
function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}

/** One of the folders between the two is passed over, or the path itself. */
function isSkipped(path: string, folder: string, skips: (path: string) => boolean): boolean {
  for (let at = path; at.length > folder.length; at = at.slice(0, at.lastIndexOf("/")))
    if (skips(at)) return true;
  return false;
}

/**
 * Other people's packages, and git's own store: a glob that means something in there names it (`node_modules/x/**`). Else
 * each `rm -rf node_modules` would be held for the `.env` that some package ships.
 */
const installed: ReadonlySet<string> = new Set([
  ...["node_modules", ".git", ".hg", ".svn", ".venv", "site-packages", "__pycache__", ".tox", ".nox"],
  ...[".yarn", ".pnpm-store", ".gradle", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform"],
]);
