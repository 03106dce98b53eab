import type { ArrayValue, Assignment } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { evaluateText } from "./arithmetic.js";
import type { Place } from "./place.js";
import { rereadIndex, rereadPrompt } from "./reread.js";
import { isKeyedTable } from "./shell-table.js";
import { isOpen, type State, type Value } from "./state.js";
import { assign, assignUnknown, readVariable, scalar } from "./variable.js";
import { expandText, expandWord } from "./word.js";

export interface Assigned {
  readonly name: string;
  readonly value: Value;
}

/** The value that `name=…`, `name+=…`, `name[i]=…` or `name=(…)` gives, nothing assigned yet. */
export function readAssignment(place: Place, state: State, node: Assignment, keyed = false): Assigned {
  const { name } = node;
  const before = readVariable(place, state, name);
  const isKeyed = keyed || isKeyedTable(place.run.shell, name) || (before.kind === "array" && before.keyed);
  if (node.value.type === "ArrayValue") {
    return {
      name,
      value: readArray(place, state, node.value, node.append === true ? before : undefined, isKeyed),
    };
  }
  const text = expandText(place, state, node.value, "assigned");
  if (isPrompt(place, name) && isKnown(text)) rereadPrompt(place, state, text);
  // `declare -n r; r='a[$(…)]'`, `declare -i n; n='a[$(…)]'`; and `x='a[$(…)]'`, which any `$((x))` runs, on whatever way.
  if (isKnown(text)) rereadIndex(place, state, text);
  if (node.index !== undefined) {
    const key = expandText(place, state, node.index);
    return {
      name,
      value: setElement(place, state, before, { key, text, isKeyed, append: node.append === true }),
    };
  }
  if (node.append !== true) return { name, value: scalar(text) };
  // dash looks for a program of that name.
  return {
    name,
    value: place.run.shell === "sh" ? unknownArray("not every sh appends") : appendText(before, text),
  };
}

function isPrompt({ run }: Place, name: string): boolean {
  return /^PS[0-4]$/.test(name) || (run.shell === "zsh" && /^(R?PROMPT[2-4]?|RPS[12]|SPROMPT)$/.test(name));
}

export function applyAssignment(place: Place, state: State, assigned: Assigned, exported = false): void {
  assign(place, state, assigned.name, assigned.value, exported);
}

/** `NAME=VALUE` or `NAME` as a word after expansion: `export "$X=1"`. Words that are not known may name anything. */
export function applyWord(place: Place, state: State, word: Arg, exported: boolean): void {
  if (!isKnown(word)) {
    const name = /^([A-Za-z_]\w*)=/.exec(word.prefix)?.[1];
    if (name !== undefined) assignUnknown(place, state, name, word.reason);
    return;
  }
  const found = /^([A-Za-z_]\w*)(?:(\+?)=(.*))?$/s.exec(word);
  const name = found?.[1];
  if (found === null || name === undefined) {
    const element = /^([A-Za-z_]\w*)\[/.exec(word)?.[1];
    if (element !== undefined)
      assignUnknown(place, state, element, "an element of it was set", undefined, true);
    return;
  }
  if (found[3] === undefined) {
    if (exported) assign(place, state, name, readVariable(place, state, name), true);
    return;
  }
  const text = found[3];
  const value = found[2] === "+" ? appendText(readVariable(place, state, name), text) : scalar(text);
  assign(place, state, name, value, exported);
}

function readArray(
  place: Place,
  state: State,
  node: ArrayValue,
  before: Value | undefined,
  keyed: boolean,
): Value {
  const elements = new Map<string, Arg>(before === undefined ? [] : listElements(before));
  let next = keyed ? 0 : Math.max(-1, ...[...elements.keys()].map(Number)) + 1;
  if (keyed && node.elements.every(({ text }) => !text.startsWith("[")))
    return readPairs(place, state, node, elements);
  for (const word of node.elements) {
    if (!word.text.startsWith("[")) {
      for (const arg of expandWord(place, state, word, "list")) elements.set(String(next++), arg);
      continue;
    }
    const text = expandText(place, state, word);
    const found = isKnown(text) ? /^\[([^\]]*)\](\+?)=(.*)$/s.exec(text) : undefined;
    const key = found?.[1];
    if (isKnown(text) && key === undefined) {
      for (const arg of expandWord(place, state, word, "list")) elements.set(String(next++), arg);
      continue;
    }
    const index = key === undefined ? undefined : keyed ? key : evaluateText(place, state, key);
    if (index === undefined || found?.[2] === "+") return unknownArray("an index of the array is not known");
    elements.set(index, found?.[3] ?? "");
    if (!keyed) next = Number(index) + 1;
  }
  return { kind: "array", elements: keyed ? elements : sortElements(elements), keyed };
}

/** `declare -A m=(key value key value)` */
function readPairs(place: Place, state: State, node: ArrayValue, elements: Map<string, Arg>): Value {
  const words = node.elements.flatMap((word) => expandWord(place, state, word));
  for (let at = 0; at < words.length; at += 2) {
    const key = words[at] ?? "";
    if (!isKnown(key)) return unknownArray("a key of the array is not known");
    elements.set(key, words[at + 1] ?? "");
  }
  return { kind: "array", elements, keyed: true };
}

function sortElements(elements: ReadonlyMap<string, Arg>): ReadonlyMap<string, Arg> {
  return new Map([...elements].sort(([a], [b]) => Number(a) - Number(b)));
}

function listElements(value: Value): Iterable<readonly [string, Arg]> {
  if (value.kind === "array") return value.elements;
  return value.kind === "scalar" ? [["0", value.text]] : [];
}

function setElement(
  place: Place,
  state: State,
  before: Value,
  change: { readonly key: Arg; readonly text: Arg; readonly isKeyed: boolean; readonly append: boolean },
): Value {
  const { key, text, isKeyed } = change;
  const index = !isKnown(key) ? undefined : isKeyed ? key : evaluateText(place, state, key);
  if (index === undefined || index.startsWith("-")) return unknownArray("an index of the array is not known");
  const elements = new Map<string, Arg>(listElements(before));
  // `A=($(list)); A[3]=x`: what stands before and behind it cannot be told.
  if (isOpen({ kind: "array", elements, keyed: isKeyed }))
    return unknownArray("the elements of the array are not known");
  const old = elements.get(index);
  const value = change.append
    ? appendText(old === undefined ? { kind: "unset" } : scalar(old), text)
    : scalar(text);
  elements.set(index, value.kind === "scalar" ? value.text : text);
  return { kind: "array", elements: isKeyed ? elements : sortElements(elements), keyed: isKeyed };
}

function unknownArray(reason: string): Value {
  return { ...scalar(unknown("(…)", reason, "", true)), listed: true };
}

/** `x+=y`; with `declare -i` it adds, which makes the result of two numbers unknown. */
function appendText(before: Value, text: Arg): Value {
  if (before.kind === "array") {
    const elements = new Map(before.elements);
    const first = appendText(scalar(elements.get("0") ?? ""), text);
    return { ...before, elements: elements.set("0", first.kind === "scalar" ? first.text : text) };
  }
  const old = before.kind === "scalar" ? before.text : "";
  if (!isKnown(old)) return scalar(old);
  if (isKnown(text)) return scalar(old + text);
  return scalar(unknown(text.source, text.reason, old + text.prefix, text.splits));
}
