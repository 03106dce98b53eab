import { type Arg, isKnown } from "../model/arg.js";
import { encodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";

/** What a line has written so far: absolute path → its text, or why that is not known. */
export type MadeFiles = ReadonlyMap<string, Arg>;

/** The world as a call of the line finds it: files that the line wrote first read as what it wrote. */
export function worldAfter(world: World, made: MadeFiles): World {
  if (made.size === 0) return world;
  const before = after.get(made);
  if (before?.world === world) return before.later;
  const later: World = {
    ...world,
    readFile: (path, cap) => {
      const text = made.get(path);
      if (text === undefined) return world.readFile(path, cap);
      if (!isKnown(text)) return { ok: false, reason: text.reason };
      const bytes = encodeBytes(text);
      return { ok: true, bytes: bytes.subarray(0, cap), complete: bytes.length <= cap };
    },
  };
  after.set(made, { world, later });
  return later;
}

/** A world is many fields, and each command of a line asks for it. It looks into the files whenever it is asked: the same ones, the same world. */
const after = new WeakMap<MadeFiles, { readonly world: World; readonly later: World }>();
