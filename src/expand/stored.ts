import { type Arg, isKnown, unknown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import { writtenIfAtAll } from "./files.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";

const cap = 65_536;

/** The text of a file as the line finds it at this point. Unknown when something may have changed it before. */
export function readStored(place: Place, state: State, path: Arg): Arg {
  if (!isKnown(path)) return path;
  const made = state.files.map.get(path);
  if (made !== undefined) return isKnown(made) ? made : writtenIfAtAll(place.run.world, path, made);
  if (state.touched !== undefined) return unknown(path, state.touched);
  const content = place.run.world.readFile(path, cap);
  if (!content.ok) return unknown(path, `"${path}" cannot be read: ${content.reason}`);
  if (!content.complete) return unknown(path, `"${path}" is too long`);
  if (content.bytes.includes(0)) return unknown(path, `"${path}" is not text`);
  return decodeBytes(content.bytes);
}
