import type { Word } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { evaluateText } from "./arithmetic.js";
import type { Place } from "./place.js";
import { shaped } from "./shape.js";
import { isOpen, type State, type Value } from "./state.js";
import { readVariable } from "./variable.js";

/** What a parameter stands for: one value, or the elements of an array or of `$@`. */
export type Found =
  | { readonly kind: "one"; readonly value: Arg | undefined }
  | { readonly kind: "many"; readonly values: readonly Arg[]; readonly joined: boolean };

export function find(place: Place, state: State, name: string, index: Word | undefined): Found {
  if (name === "@" || name === "*") return { kind: "many", values: state.positional, joined: name === "*" };
  if (/^\d+$/.test(name)) return { kind: "one", value: findPositional(state, Number(name)) };
  if (name === "#") return { kind: "one", value: countPositional(state) };
  if (/^[?$!-]$/.test(name)) {
    const value = shaped(`$${name}`, `"$${name}" is known when it runs`, "name");
    return { kind: "one", value: { ...value, splits: false } };
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return { kind: "one", value: unknown(`\${${name}}`, "is not a plain parameter", "", true) };
  }
  return findElement(place, state, readVariable(place, state, name), index);
}

function findPositional(state: State, at: number): Arg | undefined {
  if (at === 0) return state.zero;
  const before = state.positional.slice(0, at);
  if (before.some((arg) => !isKnown(arg) && arg.splits)) {
    return unknown(`$${at}`, "the arguments are not known", "", true);
  }
  return before[at - 1];
}

function countPositional(state: State): Arg {
  const splits = state.positional.some((arg) => !isKnown(arg) && arg.splits);
  return splits ? unknown("$#", "the arguments are not known") : String(state.positional.length);
}

function findElement(place: Place, state: State, value: Value, index: Word | undefined): Found {
  const key = index === undefined ? undefined : place.run.walk.value(place, state, index);
  // Only as it is written: `${M[$K]}` with K=* is the element of that name.
  const all = index?.text === "@" || index?.text === "*";
  if (value.kind === "unset") return all ? { kind: "many", values: [], joined: key === "*" } : one(undefined);
  if (value.kind === "scalar") {
    if (all) return { kind: "many", values: [value.text], joined: key === "*" };
    if (key !== undefined && place.run.shell === "zsh") return one(unknown("", "is a part of the value"));
    if (key === undefined || key === "0" || !isKnown(value.text)) return one(value.text);
    return one(isKnown(key) ? undefined : unknown("", "the index is not known"));
  }
  if (all) return { kind: "many", values: [...value.elements.values()], joined: key === "*" };
  if (place.run.shell === "zsh") {
    if (key === undefined) return { kind: "many", values: [...value.elements.values()], joined: true };
    return one(unknown("", "an array element"));
  }
  return findIndexed(place, state, value, key ?? "0");
}

function findIndexed(place: Place, state: State, value: Value & { kind: "array" }, key: Arg): Found {
  if (!isKnown(key)) return one(unknown(key.source, "the index is not known"));
  const open = one(unknown(key, "the elements of the array are not known", "", true));
  const isUnsure = isOpen(value);
  if (value.keyed) return isUnsure ? open : one(value.elements.get(key));
  const number = evaluateText(place, state, key);
  if (number === undefined) return one(unknown(key, "the index is not known"));
  // Where one stands is known up to the first that may be several.
  const first = value.elements.get("0");
  const isFirst = number === "0" && first !== undefined && (isKnown(first) || !first.splits);
  if (isUnsure && !isFirst) return open;
  if (Number(number) >= 0) return one(value.elements.get(number));
  const top = Math.max(-1, ...[...value.elements.keys()].map(Number)) + 1;
  return one(value.elements.get(String(top + Number(number))));
}

export function one(value: Arg | undefined): Found {
  return { kind: "one", value };
}
