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
export function splitScratches(caches: readonly string[], mounts: readonly Mount[], look: Look): Scratches {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  const targets = outermost(caches)
    .filter((path) => (nearest(byPath, path)?.kind ?? "read") === "read")
    .flatMap((path) => split(path, mounts, look));
  const isCovered = ({ kind, path }: Mount) =>
    (kind === "empty-folder" || kind === "empty-file") &&
    targets.some((target) => path !== target && isWithin(path, target));
  return {
    scratches: targets.map((target) => ({ target, lower: target })),
    covers: mounts.filter(isCovered).map(({ path }) => path),
  };
}

function split(folder: string, mounts: readonly Mount[], look: Look): readonly string[] {
  const inner = mounts.filter(({ path }) => path !== folder && isWithin(path, folder));
  if (inner.length === 0) return [folder];
  return namesIn(folder, look)
    .map((name) => joinPath(folder, name))
    .filter((path) => isFolder(path, look) && !mounts.some((mount) => mount.path === path))
    .flatMap((path) => split(path, mounts, look));
}
