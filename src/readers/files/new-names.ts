import type { World } from "../../model/world.js";
import { parentOf } from "../path.js";

/**
 * Of paths that come to be, the topmost names that are not there yet, each once. Nothing is lost by them, but one may be a
 * hook, a start-up file, or the guard's own: `tar xf a.tar -C ~/.config`, `cp -r d/. .git/`.
 */
export function newNames(paths: Iterable<string>, world: World): readonly string[] {
  const known = new Map<string, string | undefined>();
  const found = new Set<string>();
  for (const path of paths) {
    const top = topmost(path);
    if (top !== undefined) found.add(top);
  }
  return [...found];

  function topmost(path: string): string | undefined {
    if (path === "/") return undefined;
    if (!known.has(path)) known.set(path, topmost(parentOf(path)) ?? (isThere(path) ? undefined : path));
    return known.get(path);
  }

  function isThere(path: string): boolean {
    const stat = world.lstat(path);
    // What cannot be looked at may be there.
    return stat.exists || stat.reason !== "missing";
  }
}
