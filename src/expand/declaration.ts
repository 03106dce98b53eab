import { type Arg, isKnown, joinReasons, keptOnly } from "../model/arg.js";
import type { Stdin } from "../model/call.js";
import { type Assigned, applyAssignment, applyWord } from "./assignment.js";
import type { Item } from "./builtin.js";
import { exportRoutine } from "./exported.js";
import { shapeInput } from "./listing.js";
import { type Place, worldNow } from "./place.js";
import { rereadIndex } from "./reread.js";
import { secretOrigin } from "./secret-origin.js";
import { settingsOf } from "./settings-file.js";
import { shapeSplit, shapeText } from "./shape.js";
import { isShellTable } from "./shell-table.js";
import type { State } from "./state.js";
import { readStored } from "./stored.js";
import { deleteEntry } from "./table.js";
import { assign, assignUnknown, cloud, freeze, markOdd, scalar, unsetVariable } from "./variable.js";

/** `export`, `declare`, `typeset`, `local`, `readonly`. */
export function declare(place: Place, state: State, command: string, items: readonly Item[]): void {
  // Outside of a function bash only complains.
  if (command === "local" && place.locals === undefined && place.run.shell === "bash") return;
  const isFlag = (arg: Arg): arg is string => isKnown(arg) && /^[-+][A-Za-z]+$/.test(arg);
  const flags = items.map((item) => (isFlag(item.arg) ? item.arg : "")).join("");
  const exported = (command === "export" && !/-\w*n/.test(flags)) || /-\w*x/.test(flags);
  const isLocal =
    place.locals !== undefined && command !== "export" && command !== "readonly" && !flags.includes("g");
  for (const { arg, assigned } of items) {
    if (command === "local" && arg === "-") place.locals?.set("-", undefined);
    if (isFlag(arg)) continue;
    if (flags.includes("f")) {
      if (exported && isKnown(arg)) exportRoutine(place, state, arg);
      continue;
    }
    if (!isKnown(arg) && assigned === undefined && !/^[A-Za-z_]\w*=/.test(arg.prefix)) {
      // `export $(cat .env | xargs)`: any name may be among them.
      const from = isKnown(arg) ? "" : keptOnly(arg.reason);
      cloud(place, state, joinReasons(`"${command}" sets names that are not known`, from));
      for (const [own, value] of settingsOf(arg, worldNow(place, state)))
        assign(place, state, own, scalar(value), exported);
      continue;
    }
    const name = assigned?.name ?? /^[A-Za-z_]\w*/.exec(isKnown(arg) ? arg : arg.prefix)?.[0];
    if (name === undefined) continue;
    const before = state.vars.map.get(name);
    if (isLocal) hide(place, state, name, assigned);
    if (assigned !== undefined) applyAssignment(place, state, assigned, exported);
    else {
      if (isLocal && state.options.has("localvar_inherit"))
        assignUnknown(place, state, name, "may be what it was outside");
      else if (isLocal && isKnown(arg) && !arg.includes("=")) unsetVariable(place, state, name);
      applyWord(place, state, arg, exported);
    }
    // `declare -a 'A=(x y)'` makes an array of it.
    const text =
      assigned?.value.kind === "scalar"
        ? assigned.value.text
        : (isKnown(arg) ? arg : arg.prefix).slice(name.length + 1);
    const isList = /-\w*[aA]/.test(flags) || before?.value.kind === "array";
    if (isList && (!isKnown(text) || /^=?\(/.test(text)) && command !== "export")
      assignUnknown(place, state, name, "is read as an array", undefined, true);
    if (/-\w*A/.test(flags) && assigned === undefined && !(isKnown(arg) && arg.includes("="))) {
      assign(place, state, name, { kind: "array", elements: new Map(), keyed: true });
    }
    if (/-\w*n/.test(flags) && command !== "export") {
      const target = isKnown(arg) ? arg.replace(/^\w+=/, "") : "";
      // `declare -n r=BASH_CMDS; r[ls]=/bin/rm`
      if (isShellTable(place.run.shell, target))
        assignUnknown(place, state, target, `"${name}" is its name as well`);
      cloud(place, state, `"${name}" is a name for another variable`);
      markOdd(state, name);
    }
    if (/-\w*[ilucT]/.test(flags) && command !== "export") markOdd(state, name);
    // `declare -n r='a[$(…)]'`, `declare -i n='a[$(…)]'`
    const value =
      assigned === undefined ? (isKnown(arg) ? scalar(arg.replace(/^\w*=/, "")) : undefined) : assigned.value;
    if (/-\w*[in]/.test(flags) && value?.kind === "scalar" && isKnown(value.text))
      rereadIndex(place, state, value.text);
    if (command === "readonly" || /-\w*r/.test(flags)) freeze(place, state, name);
  }
}

/** `unset NAME`, `unset -f NAME`, `unset 'a[1]'`. */
export function unset(place: Place, state: State, args: readonly Arg[]): void {
  const functions = args.includes("-f");
  for (const arg of args) {
    if (!isKnown(arg)) {
      cloud(place, state, "a name that is not known was unset");
      continue;
    }
    if (arg.startsWith("-")) continue;
    const name = /^[A-Za-z_]\w*/.exec(arg)?.[0];
    if (functions) deleteEntry(state.routines, arg);
    else if (name !== undefined && name !== arg)
      assignUnknown(place, state, name, "an element of it was unset", undefined, true);
    else if (
      name !== undefined &&
      state.vars.map.get(name)?.value.kind === undefined &&
      state.routines.map.has(arg)
    ) {
      deleteEntry(state.routines, arg);
      unsetVariable(place, state, name);
    } else if (name !== undefined) unsetVariable(place, state, name);
  }
}

/** `read a b`, `mapfile a`: every name in sight holds what the input says. */
export function readNames(
  place: Place,
  state: State,
  args: readonly Arg[],
  standard: string,
  stdin: Stdin,
): void {
  const names = args.filter((arg) => isKnown(arg) && /^[A-Za-z_]\w*(\[.*\])?$/.test(arg));
  const stored = stdin.kind === "file" ? readStored(place, state, stdin.path) : undefined;
  const origin = secretOrigin({ argv: ["cat"], stdin, cwd: state.cwd }, worldNow(place, state));
  const reason = joinReasons("is read from the input", origin ?? "");
  const lines =
    stored === undefined
      ? shapeInput(stdin)
      : isKnown(stored)
        ? shapeText(stored, "is read from the input")
        : undefined;
  // `read x <<< 'a[$(…)]'; echo $((x))`
  if (stdin.kind === "text") rereadIndex(place, state, stdin.text.trim());
  const like = lines !== undefined && names.length > 1 ? shapeSplit({ ...lines, splits: true }) : lines;
  const shape = like !== undefined && !isKnown(like) ? like : undefined;
  const isList = standard === "MAPFILE" || args.some((arg) => !isKnown(arg) || /^-\w*a/.test(arg));
  for (const arg of names.length === 0 ? [standard] : names) {
    if (!isKnown(arg)) continue;
    const name = arg.replace(/\[.*/s, "");
    assignUnknown(place, state, name, reason, shape, isList);
  }
  if (args.some((arg) => !isKnown(arg))) cloud(place, state, "a name that is not known was read");
}

function hide(place: Place, state: State, name: string, assigned: Assigned | undefined): void {
  const { locals } = place;
  if (locals === undefined || locals.has(name)) return;
  const outer = state.vars.map.get(name);
  locals.set(name, outer);
  // `A=(a b); f() { local A=c; }`: no element of the array outside.
  if (assigned !== undefined && outer?.value.kind === "array" && outer.frozen !== true)
    deleteEntry(state.vars, name);
}
