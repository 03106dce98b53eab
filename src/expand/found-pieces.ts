import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Found } from "./found.js";
import { expanded, hole, type Piece } from "./piece.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";
import { readSeparators } from "./variable.js";

/** What was found, as it stands in a word: several values are several words, but for `"$*"`. */
export function writePieces(place: Place, state: State, found: Found, inQuotes: boolean): readonly Piece[] {
  if (found.kind === "one") return [writeOne(place, state, found.value ?? "", inQuotes)];
  if (found.joined && inQuotes) return [expanded(joinValues(place, state, found.values), true)];
  const joint = found.joined ? readSeparators(place, state)?.slice(0, 1) : " ";
  if (joint === undefined) return [hole("the field separators are not known", true)];
  return found.values.flatMap((value, at) => {
    const splits = !isKnown(value) && value.splits;
    const piece = splits ? { ...expanded(value, false), splits: true } : expanded(value, inQuotes);
    return at === 0 ? [piece] : [{ kind: "break", joint } as const, piece];
  });
}

/** zsh neither splits a plain `$x` nor takes it for a pattern; empty, it still is no word. */
function writeOne(place: Place, state: State, value: Arg, inQuotes: boolean): Piece {
  const isPlain =
    place.run.shell === "zsh" && !state.options.has("shwordsplit") && isKnown(value) && value !== "";
  return expanded(value, inQuotes || isPlain);
}

/** With the first of the field separators between them. */
export function joinValues(place: Place, state: State, values: readonly Arg[]): Arg {
  const open = values.find((value) => !isKnown(value));
  if (open !== undefined && !isKnown(open)) return unknown(open.source, open.reason);
  const separators = readSeparators(place, state);
  if (separators === undefined) return unknown("$*", "the field separators are not known");
  return values.join(separators.slice(0, 1));
}
