import { type Arg, isKnown, type Unknown, unknown, withKey } from "../model/arg.js";
import { envGet } from "../model/env.js";
import type { Place } from "./place.js";
import { shaped } from "./shape.js";
import { isShellTable, noteShellTable } from "./shell-table.js";
import type { State, Value, Variable } from "./state.js";
import { setEntry } from "./table.js";

const unset: Value = { kind: "unset" };

/** A named variable's value: the line's own assignment, else the environment, else what the shell provides. */
export function readVariable(place: Place, state: State, name: string): Value {
  const own = state.vars.map.get(name);
  if (own !== undefined) return own.value;
  if (name === "PWD") return scalar(state.cwd);
  const given = envGet(place.run.env, name);
  if (given !== undefined && name !== "_" && name !== "SHLVL") return scalar(given);
  if (state.clouded !== undefined) return scalar(unknown(`$${name}`, withKey(state.clouded, name), "", true));
  return readProvided(place, name);
}

export function scalar(text: Arg): Value & { readonly kind: "scalar" } {
  return { kind: "scalar", text };
}

export function assign(place: Place, state: State, name: string, value: Value, exported = false): void {
  if (readOnly.has(name)) return;
  if (place.run.shell === "bash" && fleeting.test(name)) return;
  const before = state.vars.map.get(name);
  if (before?.frozen === true) return;
  if (name === "BASH_ARGV0" && place.run.shell === "bash" && value.kind === "scalar") state.zero = value.text;
  const kept = before?.exported ?? envGet(place.run.env, name) !== undefined;
  const isExported = exported || kept || state.options.has("allexport");
  const variable: Variable =
    before?.odd === undefined
      ? { value: withinArray(place, before?.value, value), exported: isExported }
      : {
          value: scalar(unknown(`$${name}`, "changes as it is assigned", "", true)),
          exported: isExported,
          odd: true,
        };
  if (variable.exported || before?.exported) state.envStale = true;
  setEntry(state.vars, name, variable);
  if (isShellTable(place.run.shell, name)) noteShellTable(place, state, name, value);
}

/** `A=(rm x); A=echo; "${A[@]}"`: what an array is given without an index is its first element. zsh makes one value of it. */
function withinArray(place: Place, before: Value | undefined, value: Value): Value {
  if (value.kind !== "scalar" || !isListed(before) || place.run.shell === "zsh") return value;
  if (!isKnown(value.text) && value.text.splits) return { ...value, listed: true };
  if (before.kind === "scalar") {
    const others = unknown("(…)", "its other elements are not known", "", true);
    return {
      kind: "array",
      elements: new Map([
        ["0", value.text],
        ["1", others],
      ]),
      keyed: false,
    };
  }
  const elements = new Map(before.elements).set("0", value.text);
  if (before.keyed || before.elements.has("0")) return { ...before, elements };
  return { ...before, elements: new Map([["0", value.text], ...before.elements]) };
}

/** Whether it is an array, or may be one. */
export function isListed(value: Value | undefined): value is Exclude<Value, { readonly kind: "unset" }> {
  return value?.kind === "array" || (value?.kind === "scalar" && value.listed === true);
}

/** `like`: what is known of its value all the same. */
export function assignUnknown(
  place: Place,
  state: State,
  name: string,
  reason: string,
  like?: Unknown,
  listed = false,
): void {
  const plain = unknown(`$${name}`, reason, like?.prefix ?? "", true);
  const { shape, ending = "" } = like ?? {};
  const value = scalar(shape === undefined ? plain : { ...plain, shape, ending });
  assign(place, state, name, listed ? { ...value, listed } : value);
}

/** `declare -i`, `-l`, `-u`: whatever it is given from here on becomes something else. */
export function markOdd(state: State, name: string): void {
  if (state.vars.map.get(name)?.frozen === true) return;
  const text = unknown(`$${name}`, "changes as it is assigned", "", true);
  const exported = state.vars.map.get(name)?.exported ?? false;
  setEntry(state.vars, name, { value: scalar(text), exported, odd: true });
}

/**
 * `readonly TOOL=/bin/rm; TOOL=echo`: the assignment fails, and in a file of several lines the shell goes on with the
 * next. A name that holds nothing stays empty.
 */
export function freeze(place: Place, state: State, name: string): void {
  const held = state.vars.map.get(name);
  const value = held?.value ?? readVariable(place, state, name);
  const exported = held?.exported ?? envGet(place.run.env, name) !== undefined;
  setEntry(state.vars, name, { value, exported, ...(held?.odd && { odd: true }), frozen: true });
}

export function unsetVariable(place: Place, state: State, name: string): void {
  if (state.vars.map.get(name)?.frozen === true) return;
  const exported = envGet(place.run.env, name) !== undefined;
  setEntry(state.vars, name, { value: unset, exported });
  state.envStale = true;
}

/** Anything may have been set. PATH stays: a shim not found first is a matter for the doors, not for words. */
export function cloud(place: Place, state: State, reason: string): void {
  state.clouded = reason;
  const cover = (name: string) => {
    if (steady.has(name)) return;
    const own = withKey(reason, name);
    if (!isCovered(place, state, name, own)) assignUnknown(place, state, name, own);
  };
  for (const name of state.vars.map.keys()) cover(name);
  for (let at: typeof place.run.env | undefined = place.run.env; at !== undefined; at = at.outer)
    for (const name of at.layer.keys()) cover(name);
}

/** Whether nothing has been assigned to it since: a line may do this a hundred times, to a hundred variables. */
function isCovered(place: Place, state: State, name: string, reason: string): boolean {
  const { value, exported = false } = state.vars.map.get(name) ?? {};
  if (value?.kind !== "scalar" || isKnown(value.text) || isShellTable(place.run.shell, name)) return false;
  const { text } = value;
  const isPlain = text.prefix === "" && text.splits && text.shape === undefined && text.print === undefined;
  return isPlain && text.reason === reason && (exported || !state.options.has("allexport"));
}

const steady = new Set(["PATH", "PWD", "HOME", "IFS", "USER", "LOGNAME", "TMPDIR"]);
const readOnly = new Set(["UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO"]);

function readProvided(place: Place, name: string): Value {
  const plain = provided[name];
  if (plain !== undefined) return scalar(plain);
  if (name === "UID" || name === "EUID") return scalar(String(place.run.world.user.uid));
  if (counting.test(name))
    return scalar({ ...shaped(`$${name}`, "is made by the shell as it runs", "name"), splits: false });
  if (changing.test(name))
    return scalar(unknown(`$${name}`, "is made by the shell as it runs", "", listed.test(name)));
  return unset;
}

const provided: Readonly<Record<string, string>> = { IFS: " \t\n", OPTIND: "1", PS4: "+ " };

/** Numbers, and names without a slash. */
const counting =
  /^(BASHPID|EPOCH(SECONDS|REALTIME)|HOST(NAME|TYPE)|LINENO|OSTYPE|PPID|RANDOM|SECONDS|SRANDOM)$/;

const changing =
  /^(BASH|BASH_.*|BASHPID|BASHOPTS|COLUMNS|DIRSTACK|EPOCH(SECONDS|REALTIME)|FUNCNAME|GROUPS|HOST(NAME|TYPE)|LINENO|LINES|MACHTYPE|OPTARG|OPTERR|OSTYPE|PATH|PIPESTATUS|PPID|RANDOM|SECONDS|SHELL|SHELLOPTS|SHLVL|SRANDOM|TERM|ZSH_.*|_)$/;

/** Arrays: how many elements they have is not known either. */
const listed = /^(BASH_(ARGC|ARGV|LINENO|SOURCE)|DIRSTACK|FUNCNAME|GROUPS|PIPESTATUS)$/;

/** Bash takes no value for these, or has another one in them at once: `PIPESTATUS=(1 2)`, `RANDOM=1`. */
const fleeting =
  /^(BASHPID|BASH_(ARGC|ARGV|COMMAND|LINENO|SOURCE|SUBSHELL)|DIRSTACK|EPOCH(SECONDS|REALTIME)|FUNCNAME|GROUPS|LINENO|PIPESTATUS|RANDOM|SECONDS|SRANDOM|_)$/;

/** The value of `$IFS`: undefined when it cannot be known. */
export function readSeparators(place: Place, state: State): string | undefined {
  const value = readVariable(place, state, "IFS");
  if (value.kind === "scalar") return isKnown(value.text) ? value.text : undefined;
  return value.kind === "unset" ? " \t\n" : undefined;
}
