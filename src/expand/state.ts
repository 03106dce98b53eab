import { type Arg, isKnown, isSameArg, type Unknown, unknown } from "../model/arg.js";
import type { Span, Stdin } from "../model/call.js";
import { type Env, envFrom } from "../model/env.js";
import { startsFollowing } from "./alias.js";
import { perhapsWritten } from "./files.js";
import { LayeredMap } from "./layered-map.js";
import { mergeOptions } from "./option.js";
import type { Body } from "./place.js";
import { copyTable, mergeTables, type Table, table } from "./table.js";

/** What a shell variable holds. */
export type Value =
  | { readonly kind: "unset" }
  | { readonly kind: "scalar"; readonly text: Arg }
  /** Indices are decimal for plain arrays. */
  | { readonly kind: "array"; readonly elements: ReadonlyMap<string, Arg>; readonly keyed: boolean };

export interface Variable {
  readonly value: Value;
  readonly exported: boolean;
  /** Values change as they are assigned: `declare -i`, `-l`, `-u`. */
  readonly odd?: true;
  /** Of OLDPWD, which may hold nothing: where `cd -` leads if it leads anywhere. */
  readonly back?: Arg;
  /** `readonly`: whatever else it is given, or `unset`, it stays what it is. */
  readonly frozen?: true;
}

interface Routine {
  readonly bodies: readonly Body[];
  /** On some way here it was not defined: the name may be a program too. */
  readonly perhaps: boolean;
}

export interface Trap {
  readonly text: Arg;
  readonly span: Span | undefined;
  /** False when it was set on one of several ways only. */
  readonly certain: boolean;
}

/** What a shell knows of itself at one point of the line. Mutable: copied where ways part, merged where they meet. */
export interface State {
  vars: Table<Variable>;
  routines: Table<Routine>;
  aliases: Table<true>;
  /** Functions that children have, by name. */
  exportedRoutines: ReadonlySet<string>;
  /** Whether the shell follows aliases, or did before: a line is read with those that hold when it begins. */
  followsAliases: boolean;
  /** Signal → what may be run on it, by the way that was taken. */
  traps: Table<readonly Trap[]>;
  /** Absolute path → text of what the line wrote. */
  files: Table<Arg>;
  /** Absolute paths of directories that the line made. */
  folders: Table<true>;
  cwd: string | Unknown;
  /** Where the shell still is if its last `cd` failed. */
  otherwise: { readonly cwd: string | Unknown; readonly old: Variable | undefined } | undefined;
  stack: readonly (string | Unknown)[];
  zero: Arg;
  positional: readonly Arg[];
  /** `nullglob`, `dotglob`, … and `noglob`, `errexit`, `allexport`. */
  options: ReadonlySet<string>;
  /** Why files may no longer be what the disk says: a program ran before. */
  touched: string | undefined;
  /** Why a variable that nothing set may be set all the same: an unread file was sourced. */
  clouded: string | undefined;
  /** No shim sees any name any more (builtins were loaded). */
  blind: boolean;
  /** Shared by everything that reads the same descriptor 0. */
  input: { stdin: Stdin };
  /** Where unredirected output goes, after `exec > file`. */
  output: string | undefined;
  /** Nothing more runs here: `exit`, `return`, `break`. */
  ended: boolean;
  env: Env;
  envStale: boolean;
}

export function startState(start: {
  readonly cwd: string | Unknown;
  readonly args: readonly Arg[];
  readonly env: Env;
  readonly stdin: Stdin;
  readonly shell: string;
}): State {
  return {
    vars: table(),
    routines: table(),
    aliases: table(),
    exportedRoutines: none,
    followsAliases: start.shell !== "bash" || startsFollowing(start.env),
    traps: table(),
    files: table(),
    folders: table(),
    cwd: start.cwd,
    otherwise: undefined,
    stack: [],
    zero: start.args[0] ?? start.shell,
    positional: start.args.slice(1),
    options: new Set(),
    touched: undefined,
    clouded: undefined,
    blind: false,
    input: { stdin: start.stdin },
    output: undefined,
    ended: false,
    env: start.env,
    envStale: false,
  };
}

const none: ReadonlySet<string> = new Set();

/** Field by field, in the order of `startState`: each `&&` makes one, and a spread takes as long as the walk of the command. */
export function copyState(state: State): State {
  return {
    vars: copyTable(state.vars),
    routines: copyTable(state.routines),
    aliases: copyTable(state.aliases),
    exportedRoutines: state.exportedRoutines,
    followsAliases: state.followsAliases,
    traps: copyTable(state.traps),
    files: copyTable(state.files),
    folders: copyTable(state.folders),
    cwd: state.cwd,
    otherwise: state.otherwise,
    stack: state.stack,
    zero: state.zero,
    positional: state.positional,
    options: state.options,
    touched: state.touched,
    clouded: state.clouded,
    blind: state.blind,
    input: state.input,
    output: state.output,
    ended: state.ended,
    env: state.env,
    envStale: state.envStale,
  };
}

/** A subshell's own state; what it does to files stays when it ends (`adoptFiles`). */
export function forkState(state: State): State {
  const fork = copyState(state);
  fork.traps = table();
  fork.ended = false;
  return fork;
}

export function adoptFiles(state: State, from: State): void {
  state.files = copyTable(from.files);
  state.folders = copyTable(from.folders);
  state.touched = from.touched;
}

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
  // The same variables make the same environment.
  state.envStale ||= other.envStale || state.vars.map !== other.vars.map;
  mergeTables(state.vars, other.vars, mergeVariables);
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

/** The variables that a child would get. */
export function exportedEnv(state: State, base: Env): Env {
  if (!state.envStale) return state.env;
  const layer: [string, Arg | undefined][] = [];
  for (const [name, variable] of state.vars.map) {
    if (!variable.exported) continue;
    if (variable.value.kind === "scalar") layer.push([name, variable.value.text]);
    else layer.push([name, undefined]);
  }
  state.env = layer.length === 0 ? base : envFrom(layer, base);
  state.envStale = false;
  return state.env;
}

function adoptTouched(state: State, other: State): void {
  state.touched ??= other.touched;
}

function mergeVariables(name: string, a: Variable | undefined, b: Variable | undefined): Variable {
  const exported = (a?.exported ?? false) || (b?.exported ?? false);
  if (a !== undefined && b !== undefined && isSettled(a.value, b.value)) {
    const isFrozen = a.frozen === true && b.frozen === true;
    return { value: a.value, exported, ...(isFrozen && { frozen: true }) };
  }
  const text = unknown(`$${name}`, `"${name}" depends on which way the line takes`, "", true);
  return { value: { kind: "scalar", text }, exported };
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
