import type { ParameterExpansionPart } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { hangsOnLocale } from "./edit.js";
import { type Found, find } from "./found.js";
import { writePieces } from "./found-pieces.js";
import { operate } from "./operation.js";
import { expanded, hole, type Piece } from "./piece.js";
import { noteFailure, type Place } from "./place.js";
import { rereadIndex } from "./reread.js";
import { isOpen, type State } from "./state.js";
import { readVariable } from "./variable.js";
import { expandZshParameter } from "./zsh.js";

/** `$name`, `$1`, `$@`. */
export function expandSimple(place: Place, state: State, name: string, inQuotes: boolean): readonly Piece[] {
  return writePieces(place, state, find(place, state, name, undefined), inQuotes);
}

/**
 * `${…}`.
 * https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html
 */
export function expandParameter(
  place: Place,
  state: State,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): readonly Piece[] {
  const { operation, prefix } = part;
  const own = place.run.shell === "zsh" ? expandZshParameter(place, state, part, inQuotes) : undefined;
  if (own !== undefined) return own;
  if (prefix === "#") return [expanded(measure(find(place, state, part.parameter, part.index)), inQuotes)];
  if (prefix === "!") return expandIndirect(place, state, part, inQuotes);
  const found = find(place, state, part.parameter, part.index);
  if (operation === undefined) return writePieces(place, state, found, inQuotes);
  const pieces = operate(
    place,
    state,
    { found, operation, name: part.parameter, index: part.index },
    inQuotes,
  );
  // dash ends at `${x:1}` or `${x/a/b}`.
  return place.run.shell === "sh" && !/^(Default|Remove)$/.test(operation.type)
    ? [hole("not every sh knows it", !inQuotes)]
    : pieces;
}

function measure(found: Found): Arg {
  if (found.kind === "many") {
    const splits = found.values.some((value) => !isKnown(value) && value.splits);
    return splits ? unknown("${#…}", "how many there are is not known") : String(found.values.length);
  }
  const value = found.value ?? "";
  if (isKnown(value) && hangsOnLocale(value))
    return unknown("${#…}", "how many letters it has hangs on the locale");
  return isKnown(value) ? String(value.length) : unknown("${#…}", value.reason);
}

function expandIndirect(
  place: Place,
  state: State,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): readonly Piece[] {
  if (part.operation?.type === "Names") return [hole("the names of variables are not listed", true)];
  const value = readVariable(place, state, part.parameter);
  if (part.index !== undefined) {
    const key = place.run.walk.value(place, state, part.index);
    if (value.kind === "array" && !isOpen(value) && (key === "@" || key === "*")) {
      const found: Found = { kind: "many", values: [...value.elements.keys()], joined: key === "*" };
      return writePieces(place, state, found, inQuotes);
    }
    return [hole("an indirect array element", !inQuotes || key === "@")];
  }
  const source = find(place, state, part.parameter, undefined);
  const name = source.kind === "one" ? source.value : undefined;
  if (name === undefined || !isKnown(name) || !/^(\w+|[@*])$/.test(name)) {
    if (name === undefined || isKnown(name)) noteFailure(place, state);
    if (name !== undefined && isKnown(name)) rereadIndex(place, state, name);
    return [hole("an indirect name that is not known", true)];
  }
  const found = find(place, state, name, undefined);
  if (part.operation === undefined) return writePieces(place, state, found, inQuotes);
  return operate(place, state, { found, operation: part.operation, name, index: undefined }, inQuotes);
}
