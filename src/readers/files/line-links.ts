import type { Effect, FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { isWithin } from "../path.js";

/** Links that a line makes before they are there: absolute path of the link → where it leads. */
export type LineLinks = ReadonlyMap<string, string>;

/** The world as it will be with them. */
export function throughLinks(world: World, links: LineLinks): World {
  const through = (path: string): string => (links.size === 0 ? path : whereLeads(path, links));
  return {
    ...world,
    lstat(path) {
      const target = links.get(path);
      if (target === undefined) return world.lstat(through(path));
      const stat = world.lstat(target);
      return stat.exists ? { ...stat, kind: "symlink" } : stat;
    },
    realpath: (path) => world.realpath(through(path)),
    readdir: (path, cap) => world.readdir(through(path), cap),
    entries: (path, cap) => (links.size === 0 ? world.entries?.(path, cap) : undefined),
  };
}

/** `ln -s /srv/data x; echo > x/a.txt`: what is written, or deleted, lies in /srv/data. The link itself may go. */
export function followLinks(
  effect: FileEffect,
  { links, effects }: { readonly links: Map<string, string>; readonly effects: Effect[] },
): void {
  const isOfLink = links.has(effect.target) && (effect.action === "delete" || effect.aspect === "name");
  const target = isOfLink ? effect.target : whereLeads(effect.target, links);
  if (target !== effect.target)
    effects.push({ ...effect, target, because: "this line makes the link that leads there first" });
  if (effect.linksTo !== undefined) links.set(effect.target, effect.linksTo);
}

/** Link after link; those that lead in a circle lead nowhere. */
function whereLeads(path: string, links: LineLinks): string {
  let at = path;
  for (let hops = 0; hops < 40; hops += 1) {
    const [link, target] = [...links].find(([one]) => isWithin(at, one)) ?? [];
    if (link === undefined || target === undefined) return at;
    at = target + at.slice(link.length);
  }
  return path;
}
