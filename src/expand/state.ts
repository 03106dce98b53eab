import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";
import type { Span, Stdin } from "../model/call.js";
import { type Env, envFrom } from "../model/env.js";
import { startsFollowing } from "./alias.js";
import type { Body } from "./place.js";
import { copyTable, setEntry, type Table, table } from "./table.js";

/** What a shell variable holds. */
export type Value =
  | { readonly kind: "unset" }
  /** `listed`: not known, and perhaps an array. */
  | { readonly kind: "scalar"; readonly text: Arg; readonly listed?: true }
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

export interface Routine {
  readonly bodies: readonly Body[];
  /** On some way here it was not defined: the name may be a program too. */
  readonly perhaps: boolean;
}

export interface Trap {
  readonly text: Arg;
  readonly span: Span | undefined;
  /** False when it was set on one of several ways only. */
  readonly certain: boolean;
  /** What it prints stands among what commands print. */
  readonly prints: boolean;
  /** In a subshell that has it from outside: how things stood there. */
  readonly from?: { readonly vars: State["vars"]["map"]; readonly cwd: State["cwd"] };
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
  /** Names, without their folders, of all that any way through the line writes: shared by all its states. */
  readonly fileNames: Set<string>;
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
    fileNames: new Set(),
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
    fileNames: state.fileNames,
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
  fork.traps = inheritTraps(state);
  fork.ended = false;
  return fork;
}

/** `set -E; trap '/bin/rm -rf $V' ERR; (V=/srv; false)` */
function inheritTraps({ traps, options, vars, cwd }: State): State["traps"] {
  const inherited = table<readonly Trap[]>();
  if (traps.map.size === 0) return inherited;
  const isDebugged = options.has("extdebug");
  const names = [
    ...(isDebugged || options.has("functrace") ? ["DEBUG", "RETURN"] : []),
    ...(isDebugged || options.has("errtrace") ? ["ERR"] : []),
  ];
  for (const name of names) {
    const list = traps.map.get(name)?.map((trap) => ({ ...trap, from: { vars: vars.map, cwd } }));
    if (list !== undefined) setEntry(inherited, name, list);
  }
  return inherited;
}

/** What the line has made of a file. */
export function noteFile(state: State, path: string, text: Arg): void {
  setEntry(state.files, path, text);
  state.fileNames.add(path.slice(path.lastIndexOf("/") + 1));
}

export function adoptFiles(state: State, from: State): void {
  state.files = copyTable(from.files);
  state.folders = copyTable(from.folders);
  state.touched = from.touched;
}

/** Whether how many elements an array has is not known, and so which is which. */
export function isOpen(value: Value): boolean {
  if (value.kind !== "array") return false;
  return [...value.elements.values()].some((element) => !isKnown(element) && element.splits);
}

/** The variables that a child would get. */
export function exportedEnv(state: State, base: Env): Env {
  if (!state.envStale) return state.env;
  const layer: [string, Arg | undefined][] = [];
  state.vars.map.forEach(({ exported, value }, name) => {
    if (!exported) return;
    // An array is nothing to a child; what may be one may be something.
    const open = isOpen(value) ? unknown(`$${name}`, "may be an array") : undefined;
    layer.push([name, value.kind === "scalar" ? value.text : open]);
  });
  state.env = layer.length === 0 ? base : envFrom(layer, base);
  state.envStale = false;
  return state.env;
}
