import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Span, Stdin } from "../model/call.js";
import { noteAliases, noteLoaded } from "./alias.js";
import { evaluateText } from "./arithmetic.js";
import type { Assigned } from "./assignment.js";
import { noteLeaving, perhaps } from "./chain.js";
import { declare, readNames, unset } from "./declaration.js";
import { changeDirectory, popDirectory, pushDirectory } from "./directory.js";
import type { Held } from "./held.js";
import { setOptions, setShoptOptions, switchOption } from "./option.js";
import type { Loop, Outcome, Place } from "./place.js";
import { rereadWords } from "./reread.js";
import { isBuiltin } from "./sight.js";
import { copyState, type State } from "./state.js";
import { mergeState } from "./state-merge.js";
import { runTraps, setTrap } from "./trap.js";
import { assignUnknown, cloud } from "./variable.js";

/** One word after a command's name; `assigned` when it was written as an assignment (`export A=1`). */
export interface Item {
  readonly arg: Arg;
  readonly assigned: Assigned | undefined;
  /** Of a word of `trap` that is not known. */
  readonly held?: Held;
}

/** What a builtin does to the shell itself. Undefined for a name that is none, or one that changes nothing. */
export function applyBuiltin(
  place: Place,
  state: State,
  name: string,
  items: readonly Item[],
  span: Span,
  stdin: Stdin,
): Outcome | undefined {
  if (!isBuiltin(name) && name !== "chdir") return undefined;
  const args = items.map((item) => item.arg);
  rereadWords(place, state, name, args, span);
  const isDoubtful = state.options.has(`disabled ${name}`) || (place.run.shell === "sh" && notDash.has(name));
  if (!isDoubtful) return runBuiltin(place, state, name, items, span, stdin);
  // `enable -n cd; cd x`, `sh -c 'pushd x'`: there may be no such program.
  const aside = copyState(state);
  runBuiltin(place, aside, name, items, span, stdin);
  mergeState(state, aside);
  return maybe;
}

function runBuiltin(
  place: Place,
  state: State,
  name: string,
  items: readonly Item[],
  span: Span,
  stdin: Stdin,
): Outcome | undefined {
  const args = items.map((item) => item.arg);
  switch (name) {
    case "cd":
    case "chdir":
      return changeDirectory(place, state, args);
    case "pushd":
      return pushDirectory(place, state, args);
    case "popd":
      return popDirectory(place, state, args);
    case "dirs":
      if (args[0] === "-c") state.stack = [];
      return undefined;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      declare(place, state, name, items);
      return ok;
    case "unset":
      unset(place, state, args);
      return ok;
    case "read":
    case "readarray":
    case "mapfile":
      readNames(place, state, args, name === "read" ? "REPLY" : "MAPFILE", stdin);
      return maybe;
    case "getopts":
      for (const read of ["OPTARG", "OPTIND"]) assignUnknown(place, state, read, "is set by getopts");
      return nameUnknown(place, state, args[1], "is set by getopts");
    case "printf":
      if (args[0] === "-v") nameUnknown(place, state, args[1], "is set by printf");
      return undefined;
    case "set":
      // zsh's `set -A name value…`.
      if (args[0] === "-A") return nameUnknown(place, state, args[1], "is set by set");
      setOptions(state, args);
      return ok;
    case "shopt":
    case "setopt":
    case "unsetopt":
      setShoptOptions(state, name, args);
      return ok;
    case "shift":
      return shift(state, args);
    case "autoload":
      noteLoaded(state, args);
      return maybe;
    case "alias":
      noteAliases(state, args);
      return ok;
    case "trap":
      setTrap(place, state, items, span);
      return ok;
    case "let":
      for (const arg of args)
        if (isKnown(arg)) evaluateText(place, state, arg);
        else cloud(place, state, "a name that is not known is computed");
      return maybe;
    case "exit":
      noteLeaving(place.run);
      runTraps(perhaps(place), state, false);
      state.ended = true;
      return maybe;
    case "return":
      if (place.run.shell === "bash" && place.running === undefined && !place.via.includes("source"))
        return { status: "fail", output: "" }; // Nothing to return from: it complains and goes on.
      noteLeaving(place.run);
      place.routine?.push(copyState(state));
      state.ended = true;
      return maybe;
    case "break":
    case "continue":
      noteLeaving(place.run);
      leaveLoop(place, state, name, args[0]);
      return ok;
    case "enable":
    case "zmodload":
      // `enable -f …/rm rm` and `zmodload zsh/files` turn programs into builtins that no shim sees.
      if (name === "zmodload" || args.some((arg) => !isKnown(arg) || arg.startsWith("-f")))
        state.blind = true;
      if (name === "enable") disable(state, args);
      return maybe;
    case "hash":
      // zsh's `hash ls=/bin/rm`.
      if (args.some((arg) => !isKnown(arg) || arg.startsWith("-p") || /^[^-].*=/.test(arg)))
        state.blind = true;
      return maybe;
    default:
      return undefined;
  }
}

const notDash = new Set(["declare", "dirs", "let", "popd", "pushd", "typeset"]);

const ok: Outcome = { status: "ok", output: "" };
const maybe: Outcome = { status: "maybe", output: undefined };

function nameUnknown(place: Place, state: State, name: Arg | undefined, reason: string): Outcome {
  if (name !== undefined && !isKnown(name)) cloud(place, state, `a name that is not known ${reason}`);
  const [, plain, index] = (name !== undefined && isKnown(name) && /^([A-Za-z_]\w*)(\[)?/.exec(name)) || [];
  if (plain !== undefined) assignUnknown(place, state, plain, reason, undefined, index !== undefined);
  return maybe;
}

function disable(state: State, args: readonly Arg[]): void {
  if (args[0] !== "-n") return;
  for (const arg of args.slice(1)) if (isKnown(arg)) switchOption(state, `disabled ${arg}`, true);
}

/** `break 2` leaves the loop around this one; a count that is not known may leave any. */
function leaveLoop(place: Place, state: State, name: "break" | "continue", count: Arg = "1"): void {
  if (place.loop === undefined) return;
  let left = isKnown(count) && /^\d+$/.test(count) ? Number(count) : 0;
  for (let at: Loop | undefined = place.loop; at !== undefined; at = at.outer) {
    left -= 1;
    const isLast = left === 0 || at.outer === undefined;
    if (left > 0 && !isLast) continue;
    (name === "break" ? at.breaks : at.continues).push(copyState(state));
    if (isLast) break;
  }
  state.ended = true;
}

function shift(state: State, args: readonly Arg[]): Outcome {
  const [by = "1"] = args;
  const count = isKnown(by) && /^\d+$/.test(by) ? Number(by) : undefined;
  const splits = state.positional.slice(0, count).some((arg) => !isKnown(arg) && arg.splits);
  if (count === undefined || splits) {
    state.positional = [unknown("$@", "how many arguments were shifted away is not known", "", true)];
  } else if (count <= state.positional.length) state.positional = state.positional.slice(count);
  return maybe;
}
