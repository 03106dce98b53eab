import { isWithin } from "../scope/globs.js";
import { isFolder, joinPath, type Look, namesIn } from "./look.js";
import { type Mount, nearest, outermost } from "./mounts.js";

export interface Scratches {
  /** Folders that get an upper layer of the session's own. */
  readonly scratches: readonly { readonly target: string; readonly lower: string }[];
  /** What is hidden in them, to be covered again once they are mounted: an overlay shows what lay below the mounts in its folder. */
  readonly covers: readonly string[];
}

/**
 * Caches as overlays over what is mounted. What has to stay itself in one (the session's directory with its socket, what is bound
 * writable) has the folders beside it laid over one by one.
 */
export function splitScratches(
  caches: readonly string[],
  mounts: readonly Mount[],
  guarded: readonly string[],
  look: Look,
): Scratches {
  const shown = mounts.filter((mount) => !isEmpty(mount)).map(({ path }) => path);
  const staysIn = (cache: string) => [
    ...guarded,
    ...shown.filter((path) => path !== cache && isWithin(path, cache)),
  ];
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  const targets = outermost(caches)
    .filter((path) => (nearest(byPath, path)?.kind ?? "read") === "read")
    .flatMap((path) => split(path, staysIn(path), look));
  const isCovered = (mount: Mount) =>
    isEmpty(mount) && targets.some((target) => mount.path !== target && isWithin(mount.path, target));
  return {
    scratches: targets.map((target) => ({ target, lower: target })),
    covers: mounts.filter(isCovered).map(({ path }) => path),
  };
}

function isEmpty({ kind }: Mount): boolean {
  return kind === "empty-folder" || kind === "empty-file";
}

function split(folder: string, stays: readonly string[], look: Look): readonly string[] {
  if (stays.some((path) => isWithin(folder, path))) return [];
  if (!stays.some((path) => isWithin(path, folder))) return [folder];
  return namesIn(folder, look)
    .map((name) => joinPath(folder, name))
    .filter((path) => isFolder(path, look))
    .flatMap((path) => split(path, stays, look));
}
