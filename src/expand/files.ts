import { type Arg, isKnown } from "../model/arg.js";
import { encodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";

/** What a line has written so far: absolute path → its text, or why that is not known. */
export type MadeFiles = ReadonlyMap<string, Arg>;

/** The world as a call of the line finds it: files that the line wrote first read as what it wrote. */
export function worldAfter(world: World, made: MadeFiles): World {
  if (made.size === 0) return world;
  return {
    ...world,
    readFile: (path, cap) => {
      const text = made.get(path);
      if (text === undefined) return world.readFile(path, cap);
      if (!isKnown(text)) return { ok: false, reason: text.reason };
      const bytes = encodeBytes(text);
      return { ok: true, bytes: bytes.subarray(0, cap), complete: bytes.length <= cap };
    },
  };
}
