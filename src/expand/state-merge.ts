import { type Arg, isKnown, isSameArg, type Unknown, unknown } from "../model/arg.js";
import { perhapsWritten } from "./files.js";
import { LayeredMap } from "./layered-map.js";
import { mergeOptions } from "./option.js";
import type { Routine, State, Trap, Value, Variable } from "./state.js";
import { mergeTables } from "./table.js";
import { isListed } from "./variable.js";

/** Two ways meet: what they disagree on is unknown from here. A way that ended does not arrive. */
export function mergeState(state: State, other: State): void {
  if (other.ended) {
    adoptTouched(state, other);
    return;
  }
  if (state.ended) {
    const touched = state.touched;
    Object.assign(state, other);
    state.touched ??= touched;
    return;
  }
  state.envStale ||= other.envStale;
  mergeTables(state.vars, other.vars, (name, a, b) => {
    const merged = mergeVariables(name, a, b);
    // The same variables make the same environment.
    if (merged !== a && merged.exported) state.envStale = true;
    return merged;
  });
  mergeTables(state.routines, other.routines, mergeRoutines);
  mergeTables(state.aliases, other.aliases, () => true);
  if (state.exportedRoutines !== other.exportedRoutines)
    state.exportedRoutines = new Set([...state.exportedRoutines, ...other.exportedRoutines]);
  state.followsAliases ||= other.followsAliases;
  mergeTables(state.traps, other.traps, (_, a, b) =>
    [...new Set([...(a ?? []), ...(b ?? [])])].map((trap) => ({ ...trap, certain: false })),
  );
  mergeTables(state.files, other.files, (path, a, b) =>
    a !== undefined && a === b
      ? a
      : perhapsWritten(path, "is written on one way through the line only", a, b),
  );
  mergeTables(state.folders, other.folders, () => true);
  state.cwd = mergeFolders(state.cwd, other.cwd);
  state.otherwise = undefined;
  if (state.stack !== other.stack) state.stack = [];
  if (state.positional !== other.positional) state.positional = mergePositional(state, other);
  if (state.options !== other.options) state.options = mergeOptions(state.options, other.options);
  adoptTouched(state, other);
  state.clouded ??= other.clouded;
  state.blind ||= other.blind;
  if (state.input !== other.input) {
    state.input = { stdin: { kind: "unknown", reason: "depends on which way the line takes" } };
  }
  state.output = state.output === other.output ? state.output : (state.output ?? other.output);
}

/** The working directory after two ways that may lead to different ones. */
export function mergeFolders(a: string | Unknown, b: string | Unknown): string | Unknown {
  if (isKnown(a) && isKnown(b)) {
    return a === b ? a : unknown(`${a} or ${b}`, `whether "cd ${a}" works is not known`);
  }
  const open = isKnown(a) ? b : a;
  return isKnown(open) ? open : unknown(open.source, open.reason);
}

function adoptTouched(state: State, other: State): void {
  state.touched ??= other.touched;
}

function mergeVariables(name: string, a: Variable | undefined, b: Variable | undefined): Variable {
  const exported = (a?.exported ?? false) || (b?.exported ?? false);
  if (a !== undefined && b !== undefined && isSettled(a.value, b.value)) {
    const isFrozen = a.frozen === true && b.frozen === true;
    const value = isListed(b.value) ? b.value : a.value;
    const isPlain = a.odd === undefined && a.back === undefined && (a.frozen === true) === isFrozen;
    if (isPlain && a.exported === exported && a.value === value) return a;
    return { value, exported, ...(isFrozen && { frozen: true }) };
  }
  const text = unknown(`$${name}`, `"${name}" depends on which way the line takes`, "", true);
  const listed = isListed(a?.value) || isListed(b?.value);
  return { value: { kind: "scalar", text, ...(listed && { listed }) }, exported };
}

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === "scalar" && b.kind === "scalar") return a.text === b.text;
  return a.kind === "unset" && b.kind === "unset";
}

function mergeRoutines(_: string, a: Routine | undefined, b: Routine | undefined): Routine {
  const bodies = new Set([...(a?.bodies ?? []), ...(b?.bodies ?? [])]);
  const perhaps = a === undefined || b === undefined || a.perhaps || b.perhaps;
  return { bodies: [...bodies], perhaps };
}

function mergePositional(a: State, b: State): readonly Arg[] {
  const same =
    a.positional.length === b.positional.length && a.positional.every((arg, at) => arg === b.positional[at]);
  return same ? a.positional : [unknown("$@", "the arguments depend on which way the line takes", "", true)];
}

/** Whether walking a loop's body once more would find nothing new. */
export function hasSettled(before: State, after: State): boolean {
  return (
    hasSameEntries(before.vars.map, after.vars.map, (a, b) => isSettled(a.value, b.value)) &&
    hasSameEntries(before.files.map, after.files.map, isSameArg) &&
    hasSameEntries(before.routines.map, after.routines.map, (a, b) => a.bodies.length === b.bodies.length) &&
    isSameArg(before.cwd, after.cwd) &&
    before.positional.length === after.positional.length &&
    before.positional.every((arg, at) => isSameArg(arg, after.positional[at] ?? "")) &&
    before.options === after.options &&
    hasSameEntries(before.traps.map, after.traps.map, isSameTraps) &&
    before.aliases.map.size === after.aliases.map.size &&
    before.followsAliases === after.followsAliases &&
    before.exportedRoutines.size === after.exportedRoutines.size &&
    before.blind === after.blind &&
    before.output === after.output &&
    (before.touched === undefined) === (after.touched === undefined)
  );
}

/** Those that were there on one way alone are perhaps there from then on. */
function isSameTraps(a: readonly Trap[], b: readonly Trap[]): boolean {
  return a.length === b.length && a.every((trap, at) => trap.text === b[at]?.text);
}

/** Whether two values say the same as far as either is known. */
export function isSettled(a: Value, b: Value): boolean {
  if (isSame(a, b)) return true;
  return a.kind === "scalar" && b.kind === "scalar" && isSameArg(a.text, b.text);
}

function hasSameEntries<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  same: (a: V, b: V) => boolean,
): boolean {
  if (a === b) return true;
  for (const name of LayeredMap.namesApart(a, b)) {
    const [one, other] = [a.get(name), b.get(name)];
    if (one === undefined || other === undefined || !same(one, other)) return false;
  }
  return true;
}
