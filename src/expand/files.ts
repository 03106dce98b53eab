import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";
import { encodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";

/** What a line has written so far: absolute path → its text, or why that is not known. */
export type MadeFiles = ReadonlyMap<string, Arg>;

/**
 * The world as a call of the line finds it: files that the line wrote first read as what it wrote. `names`: of them all, and perhaps of
 * others, without their folders.
 */
export function worldAfter(world: World, made: MadeFiles, names: ReadonlySet<string>): World {
  if (made.size === 0) return world;
  const known = worlds.get(made);
  if (known?.before === world) return known.after;
  const after = makeWorld(world, made, names);
  worlds.set(made, { before: world, after });
  return after;
}

/** Each call asks several times, most write nothing, and a world is many fields. */
const worlds = new WeakMap<MadeFiles, { readonly before: World; readonly after: World }>();

function makeWorld(world: World, made: MadeFiles, names: ReadonlySet<string>): World {
  return {
    ...world,
    mayWrite: (name) => names.has(name),
    isWritten: (path) => made.has(path),
    readFile: (path, cap) => {
      const text = made.get(path);
      if (text === undefined) return world.readFile(path, cap);
      const known = isKnown(text) ? text : writtenIfAtAll(world, path, text);
      if (!isKnown(known)) return { ok: false, reason: known.reason };
      const bytes = encodeBytes(known);
      return { ok: true, bytes: bytes.subarray(0, cap), complete: bytes.length <= cap };
    },
  };
}

/** `mkdir d && echo '/bin/rm -rf x' > d/s.sh; /bin/bash d/s.sh`: what the file holds if it is written, where there is none yet. */
export function writtenIfAtAll(world: World, path: string, text: Unknown): Arg {
  return text.perhaps !== undefined && !world.lstat(path).exists ? text.perhaps : text;
}

/** A file that is written on one of two ways, or at some time. */
export function perhapsWritten(path: string, reason: string, a: Arg | undefined, b: Arg | undefined): Arg {
  const plain = unknown(path, reason);
  if (a !== undefined && b !== undefined && a !== b) return plain;
  const text = a ?? b ?? plain;
  const perhaps = isKnown(text) ? text : text.perhaps;
  return perhaps === undefined ? plain : { ...plain, perhaps };
}
