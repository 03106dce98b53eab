import { isWithin } from "../scope/globs.js";
import { isFolder, joinPath, type Look, namesIn } from "./look.js";
import { type Mount, nearest, outermost } from "./mounts.js";

export interface Scratches {
  /** Folders that get an upper layer of the session's own. */
  readonly scratches: readonly Scratch[];
  /** Caches in which something else is mounted, so that only what is in them now gets one: nothing new can be put right there. */
  readonly parted: readonly string[];
}

export interface Scratch {
  readonly target: string;
  readonly lower: string;
}

/**
 * Caches as overlays over what is mounted. An overlay shows what lies below the mounts in its folder: a token that is hidden would be seen
 * again, and the session's socket would be one that nobody listens on. So what has to stay itself has its neighbours laid over one by one.
 */
export function splitScratches(
  caches: readonly string[],
  mounts: readonly Mount[],
  guarded: readonly string[],
  look: Look,
): Scratches {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  const parted: string[] = [];
  const targets = outermost(caches)
    .filter((path) => (nearest(byPath, path)?.kind ?? "read") === "read")
    .flatMap((cache) => {
      const mounted = mounts
        .map(({ path }) => path)
        .filter((path) => path !== cache && isWithin(path, cache));
      const parts = split(cache, [...guarded, ...mounted], look);
      if (!parts.includes(cache)) parted.push(cache);
      return parts;
    });
  return { scratches: targets.map((target) => ({ target, lower: target })), parted };
}

function split(folder: string, stays: readonly string[], look: Look): readonly string[] {
  if (stays.some((path) => isWithin(folder, path))) return [];
  if (!stays.some((path) => isWithin(path, folder))) return [folder];
  return namesIn(folder, look)
    .map((name) => joinPath(folder, name))
    .filter((path) => isFolder(path, look))
    .flatMap((path) => split(path, stays, look));
}
