import type { World } from "../../model/world.js";
import { isDirectory, joinPath } from "../path.js";

/**
 * What a folder holds that its model does not: what `rsync --delete` takes away. Absolute paths, a whole folder as one;
 * undefined when there is too much to look at, or the model is not there (yet).
 */
export function findExtras(model: string, folder: string, world: World): readonly string[] | undefined {
  const extras: string[] = [];
  const todo = [{ model, folder }];
  let left = maxEntries;
  for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
    const given = world.readdir(pair.model, left);
    const there = world.readdir(pair.folder, left);
    if (!given.ok || !there.ok || !given.complete || !there.complete) return undefined;
    left -= given.names.length + there.names.length;
    if (left <= 0) return undefined;
    const names = new Set(given.names);
    for (const name of there.names) {
      const below = { model: joinPath(pair.model, name), folder: joinPath(pair.folder, name) };
      if (!names.has(name)) extras.push(below.folder);
      else if (isDirectory(below.model, world) && isDirectory(below.folder, world)) todo.push(below);
    }
  }
  return extras;
}

const maxEntries = 4_000;
