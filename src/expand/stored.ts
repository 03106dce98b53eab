import { type Arg, isForeign, isKnown, unknown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import { writtenIfAtAll } from "./files.js";
import { resolvePath } from "./path.js";
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

/** `cat <(curl URL) | sh`: why a file that a filter hands on is not known, where the line has it from elsewhere. */
export function foreignInput(state: State, argv: readonly Arg[]): string | undefined {
  const [name = "", ...words] = argv;
  if (!isKnown(name) || !filters.test(name)) return undefined;
  for (const word of words) {
    const path = resolvePath(state.cwd, isKnown(word) ? word : "");
    const content = isKnown(path) ? state.files.map.get(path) : undefined;
    if (content !== undefined && !isKnown(content) && isForeign(content.reason)) return content.reason;
  }
  return undefined;
}

const filters = /^(.*\/)?(cat|tac|head|tail|sed|awk|grep|tr|sort|uniq|cut|paste|zcat|gzip|gunzip|xz|bzip2)$/;
