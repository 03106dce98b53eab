import { isWithin } from "../scope/globs.js";
import { depthOf, foldersBetween } from "./look.js";

/** One mount; a later one lies over an earlier one. */
export type Mount =
  | { readonly kind: "read" | "write"; readonly path: string }
  | { readonly kind: "empty-folder" | "empty-file"; readonly path: string }
  /** A folder of the session on disk, by its name. */
  | { readonly kind: "private"; readonly path: string; readonly name: "tmp" | "var-tmp" }
  /** Empty, in memory, writable. */
  | { readonly kind: "tmpfs"; readonly path: string; readonly mode: number }
  | { readonly kind: "dev" | "proc"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly to: string };

/** How a place is seen, by its real path; all below it too, but for what another place says. */
export type Place = { readonly path: string } & (
  | { readonly as: "hidden"; readonly isFolder: boolean }
  /** `held`: its name is to stay its own as well: folders on the way to it cannot be moved. */
  | { readonly as: "read"; readonly held: boolean }
  /** Read-only, but only where all around is covered: it is to be there. */
  | { readonly as: "shown" }
  /** `own`: a mount of its own even where all around is writable, so that it cannot be moved or replaced. */
  | { readonly as: "write"; readonly own?: true }
  | { readonly as: "ground"; readonly mount: Mount }
);

/**
 * The mounts that make places so, outer ones first: the deepest that covers a path says how it is seen. What its surroundings already
 * make so gets none.
 */
export function orderMounts(places: readonly Place[]): readonly Mount[] {
  const kept = new Map<string, Mount>();
  const byDepth = [...places].sort(
    (one, two) => depthOf(one.path) - depthOf(two.path) || compare(one.path, two.path),
  );
  for (const place of byDepth) {
    const around = nearest(kept, place.path);
    const mount = mountOf(place, around);
    if (mount === undefined) continue;
    if (place.as === "read" && place.held) pinWay(kept, place.path);
    kept.set(place.path, mount);
  }
  return [...kept.values()].sort(
    (one, two) => depthOf(one.path) - depthOf(two.path) || compare(one.path, two.path),
  );
}

function mountOf(place: Place, around: Mount | undefined): Mount | undefined {
  const { path } = place;
  const seen = around?.kind ?? "read";
  switch (place.as) {
    case "ground":
      return place.mount;
    case "hidden":
      if (seen !== "read" && seen !== "write") return undefined;
      return { kind: place.isFolder ? "empty-folder" : "empty-file", path };
    case "shown":
      if (around?.path === path) return undefined;
      return seen === "private" || seen === "tmpfs" || seen === "dev" ? { kind: "read", path } : undefined;
    case "read":
    case "write": {
      // What lies in a hidden folder is never shown.
      if (seen === "empty-folder" || seen === "empty-file") return undefined;
      const own = place.as === "write" && place.own === true;
      return seen === place.as && !own ? undefined : { kind: place.as, path };
    }
  }
}

/**
 * A mount stays on its folder when that is moved: `mv ~/.config x; mkdir -p ~/.config/holdpoint` would put other rules in the place of
 * those that are held. Folders that are mounts themselves cannot be moved.
 */
function pinWay(kept: Map<string, Mount>, path: string): void {
  const around = nearest(kept, path);
  if (around?.kind !== "write") return;
  for (const folder of foldersBetween(around.path, path)) kept.set(folder, { kind: "write", path: folder });
}

/** The mount that a path is seen through; undefined: the root's. */
export function nearest(kept: ReadonlyMap<string, Mount>, path: string): Mount | undefined {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const found = kept.get(at);
    if (found !== undefined || at === "/") return found;
  }
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** Without those that lie in another one. */
export function outermost(paths: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const path of [...new Set(paths)].sort((one, two) => depthOf(one) - depthOf(two)))
    if (!found.some((one) => isWithin(path, one))) found.push(path);
  return found;
}
