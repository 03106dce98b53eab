import { type Arg, isKnown, showArg, type Unknown, unknown } from "../model/arg.js";
import { resolvePath } from "./path.js";
import type { Outcome, Place } from "./place.js";
import type { State, Variable } from "./state.js";
import { mergeFolders } from "./state-merge.js";
import { deleteEntry, setEntry } from "./table.js";
import { assign, readVariable, scalar } from "./variable.js";

const ok: Outcome = { status: "ok", output: "" };
const maybe: Outcome = { status: "maybe", output: "" };

/** `cd`: where it leads if it works, and in `state.otherwise` where the shell is if it does not. */
export function changeDirectory(place: Place, state: State, args: readonly Arg[]): Outcome {
  // Linux has no such attributes: an error.
  if (args[0] === "-@") return go(place, state, unknown("cd -@", "whether it works is not known"), false);
  const options = args.findIndex((arg) => !isKnown(arg) || !/^-[LPe@]+$/.test(arg));
  const rest = (options < 0 ? [] : args.slice(options)).filter((arg, at) => !(at === 0 && arg === "--"));
  const physical = args.slice(0, options < 0 ? args.length : options).some((arg) => arg === "-P");
  const isPhysical = physical || state.options.has("physical");
  if (rest.length < 2 || place.run.shell === "zsh")
    return go(place, state, findTarget(place, state, rest), isPhysical);
  // `make; cd s*`: a word that may be none leaves the others, or there are too many.
  const sure = rest.filter((arg) => isKnown(arg) || !arg.splits);
  if (sure.length > 1) return maybe;
  const otherwise = { cwd: state.cwd, old: knownBefore(place, state) };
  go(place, state, findTarget(place, state, sure.length > 0 ? sure : rest), isPhysical);
  state.otherwise = otherwise;
  return maybe;
}

export function pushDirectory(place: Place, state: State, args: readonly Arg[]): Outcome {
  const [target] = args.filter((arg) => arg !== "-n");
  const before = state.cwd;
  const [top, ...rest] = state.stack;
  if (target === undefined) {
    if (top === undefined) return maybe;
    state.stack = [before, ...rest];
    return go(place, state, top, false);
  }
  const rotates = isKnown(target) && /^[+-]\d+$/.test(target);
  if (args.includes("-n") && !rotates) {
    const path = resolvePath(before, target);
    state.stack = [isKnown(path) ? path : folderOf(before, path), ...state.stack];
    return maybe;
  }
  state.stack = [before, ...state.stack];
  return go(place, state, rotates ? unknown(target, "the directory stack is not followed") : target, false);
}

export function popDirectory(place: Place, state: State, args: readonly Arg[]): Outcome {
  const [top, ...rest] = state.stack;
  state.stack = rest;
  if (args.length > 0) return go(place, state, unknown("popd", "the directory stack is not followed"), false);
  return go(place, state, top ?? unknown("popd", "the directory stack is not known"), false);
}

/** `mkdir a b`: directories that exist from here on, for a later `cd`. */
export function noteFolders(state: State, args: readonly Arg[]): void {
  for (const arg of args) {
    if (!isKnown(arg) || arg.startsWith("-")) continue;
    const path = resolvePath(state.cwd, arg);
    for (let at = isKnown(path) ? path : "/"; at !== "/" && at !== ""; at = at.replace(/\/[^/]*$/, "")) {
      setEntry(state.folders, at, true);
    }
  }
}

/** After a command whose success nobody asked for, the shell may be in either place. */
export function settleDirectory(state: State): void {
  if (state.otherwise === undefined) return;
  // The way into a folder that was just made fails for nobody.
  const isFresh = !isKnown(state.cwd) && state.cwd.shape === "fresh";
  if (!state.options.has("errexit") && !isFresh) {
    settleBefore(state, state.otherwise.old);
    state.cwd = mergeFolders(state.cwd, state.otherwise.cwd);
  }
  state.otherwise = undefined;
}

/** On the way that is taken when the command before worked, or failed. */
export function assumeOutcome(state: State, worked: boolean): void {
  if (state.otherwise !== undefined && !worked) negateDirectory(state);
  state.otherwise = undefined;
}

/** After `! cd x` the shell is where it is when the cd failed, as far as that counts as success. */
export function negateDirectory(state: State): void {
  const { cwd, otherwise } = state;
  if (otherwise === undefined) return;
  const old = state.vars.map.get("OLDPWD");
  state.cwd = otherwise.cwd;
  state.otherwise = { cwd, old };
  if (otherwise.old === undefined) deleteEntry(state.vars, "OLDPWD");
  else setEntry(state.vars, "OLDPWD", otherwise.old);
}

/** A `cd` that failed leaves OLDPWD as it was, with nothing in it at first. */
function settleBefore(state: State, old: Variable | undefined): void {
  const now = state.vars.map.get("OLDPWD");
  if (now?.value.kind !== "scalar") return;
  const before = old?.back ?? (old?.value.kind === "scalar" ? old.value.text : undefined);
  if (old?.back === undefined && before === now.value.text) return;
  const text = unknown("$OLDPWD", "whether there was a cd that worked is not known", "", true);
  const isSame = before === undefined || before === now.value.text;
  setEntry(state.vars, "OLDPWD", {
    value: scalar(text),
    exported: now.exported,
    ...(isSame && { back: now.value.text }),
  });
  state.envStale ||= now.exported;
}

function findTarget(place: Place, state: State, args: readonly Arg[]): Arg {
  const [target] = args;
  if (target === undefined) return readPlain(place, state, "HOME") ?? place.run.world.user.home;
  if (target === "-")
    return (
      state.vars.map.get("OLDPWD")?.back ??
      readPlain(place, state, "OLDPWD") ??
      unknown("-", '"OLDPWD" is not set here')
    );
  const searches = readPlain(place, state, "CDPATH");
  if (searches !== undefined && searches !== "" && !(isKnown(target) && /^(\/|\.\.?(\/|$))/.test(target))) {
    return unknown(showArg(target), '"CDPATH" is set');
  }
  return target;
}

function readPlain(place: Place, state: State, name: string): Arg | undefined {
  const value = readVariable(place, state, name);
  return value.kind === "scalar" ? value.text : undefined;
}

function go(place: Place, state: State, target: Arg, physical: boolean): Outcome {
  if (target === "") return ok;
  const before = state.cwd;
  const old = knownBefore(place, state);
  const path = resolvePath(before, target);
  const next: string | Unknown = isKnown(path)
    ? physical
      ? place.run.world.realpath(path)
      : path
    : folderOf(before, path);
  // Children have it, `cd src; bash -c 'rm -rf $OLDPWD'`, unless somebody unset it.
  const isOwn = state.vars.map.get("OLDPWD")?.value.kind === "unset";
  assign(place, state, "OLDPWD", scalar(before), !isOwn);
  state.cwd = next;
  deleteEntry(state.vars, "PWD");
  if (isKnown(next) && isFolder(place, state, next)) return ok;
  state.otherwise = { cwd: before, old };
  return maybe;
}

function knownBefore(place: Place, state: State): Variable | undefined {
  const own = state.vars.map.get("OLDPWD");
  if (own !== undefined) return own;
  const value = readVariable(place, state, "OLDPWD");
  return value.kind === "unset" ? undefined : { value, exported: true };
}

/** Its prefix absolute, or its shape is gone: what it is relative to changes with it. */
function folderOf(before: string | Unknown, path: Unknown): Unknown {
  const source = `cd ${path.source}`;
  if (path.shape === "fresh" || path.prefix.startsWith("/")) return { ...path, source, splits: false };
  if (!isKnown(before) || path.shape === undefined || (path.shape === "path" && path.prefix === ""))
    return unknown(source, path.reason, path.prefix);
  return { ...path, source, prefix: `${before}/${path.prefix}`, splits: false };
}

function isFolder(place: Place, state: State, path: string): boolean {
  if (state.folders.map.has(path)) return true;
  const { world } = place.run;
  const stat = world.lstat(path);
  if (!stat.exists) return false;
  if (stat.kind !== "symlink") return stat.kind === "directory";
  const target = world.lstat(world.realpath(path));
  return target.exists && target.kind === "directory";
}
