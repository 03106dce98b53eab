import type { Command } from "unbash";
import { isKnown } from "../model/arg.js";
import { type Assigned, applyAssignment, readAssignment } from "./assignment.js";
import type { Item } from "./builtin.js";
import { noteStorm, startsItself } from "./chain.js";
import { expandItems } from "./command-words.js";
import { closeDescriptors } from "./descriptor.js";
import { emitBare, finish } from "./emit.js";
import { withKeywords } from "./keyword.js";
import { isPosix } from "./option.js";
import { type Outcome, type Place, spanOf, spend } from "./place.js";
import { runProgram } from "./program.js";
import { expandRedirections, type Plumbing, storeOutput } from "./redirection.js";
import { callRoutine, type Frame, runAlien } from "./routine.js";
import { isBuiltin } from "./sight.js";
import type { State } from "./state.js";
import { copyTable } from "./table.js";

/** One simple command: its words, what it does to the shell, and the call it is. */
export function runCommand(place: Place, state: State, given: Command): Outcome {
  const { run } = place;
  if (!spend(place, state)) return { status: "maybe", output: undefined };
  const substituted = run.substitutions;
  const before = run.calls.length;
  const node = state.options.has("keyword") ? withKeywords(given) : given;
  const items = expandItems(place, state, node);
  const plumbing = redirect(place, state, node, items);
  const outcome =
    items.length === 0
      ? runBare(place, state, node, plumbing, before)
      : runItems(place, state, node, items, plumbing);
  if (plumbing.before !== undefined && !staysOpen(items)) closeDescriptors(state, plumbing.before);
  run.substitutions = substituted;
  return outcome;
}

/** `cat <<< $((x+=1))`: a program's own are expanded in its process. */
function redirect(place: Place, state: State, { redirects }: Command, items: readonly Item[]): Plumbing {
  if (redirects.length === 0 || !startsProgram(state, items))
    return expandRedirections(place, state, redirects);
  const { vars } = state;
  state.vars = copyTable(vars);
  const plumbing = expandRedirections(place, state, redirects);
  state.vars = vars;
  return plumbing;
}

function startsProgram(state: State, items: readonly Item[]): boolean {
  const name = items[0]?.arg;
  return name !== undefined && isKnown(name) && !isBuiltin(name) && !state.routines.map.has(name);
}

/** `exec 3< file`: what it opens is there for all that follows. */
function staysOpen(items: readonly Item[]): boolean {
  const name = items.findIndex(({ arg }) => arg !== "command" && arg !== "builtin");
  return items[name]?.arg === "exec" && name === items.length - 1;
}

function runBare(place: Place, state: State, node: Command, plumbing: Plumbing, before: number): Outcome {
  for (const part of node.prefix) {
    if (part.type === "Assignment") applyAssignment(place, state, readAssignment(place, state, part));
  }
  emitBare(place, state, plumbing, spanOf(place, node));
  storeOutput(state, plumbing.sink, "");
  // The status is that of the last substitution, if there was one.
  const isPlain = place.run.calls.length === before && plumbing.redirects.length === 0;
  return { status: isPlain ? "ok" : "maybe", output: "" };
}

function runItems(
  place: Place,
  state: State,
  node: Command,
  items: readonly Item[],
  plumbing: Plumbing,
): Outcome {
  const prefixed: Assigned[] = [];
  for (const part of node.prefix) {
    if (part.type === "Assignment") prefixed.push(readAssignment(place, state, part));
  }
  const name = items[0]?.arg ?? "";
  if (prefixed.length > 0 && isKnown(name) && specials.test(name) && isPosix(place, state))
    for (const assigned of prefixed) applyAssignment(place, state, assigned, true);
  const span = spanOf(place, node);
  if (
    place.chain !== undefined &&
    startsItself(
      place,
      items.map((item) => item.arg),
    )
  ) {
    noteStorm(place.run, span);
    return finish(place, state, plumbing, { status: "maybe", output: undefined });
  }
  if (isKnown(name) && (aliens.has(name) || state.routines.map.has(name))) {
    const { cwd } = state;
    const frame = { name, items: items.slice(1), prefixed, plumbing, span };
    const outcome = callRoutine(place, state, frame) ?? runAlien(place, state, withoutCommand(frame));
    if (outcome !== undefined) {
      emitBare(place, state, plumbing, span, cwd);
      return finish(place, state, plumbing, outcome);
    }
  }
  return runProgram(place, state, { name, items, prefixed, plumbing, span, node });
}

/** What may run its words in this very shell, besides functions. */
const aliens: ReadonlySet<string> = new Set(["eval", "source", ".", "command", "builtin"]);

/** In POSIX what stands in front of these stays: `V=/srv :; rm -rf $V`. Of `.` and `eval`, see routine.ts. */
const specials = /^(:|break|continue|exec|exit|export|readonly|return|set|shift|times|trap|unset)$/;

/** `command eval f` and `builtin source x` run in this very shell as well, with its functions. */
function withoutCommand(frame: Frame): Frame {
  if (frame.name !== "command" && frame.name !== "builtin") return frame;
  const at = frame.items.findIndex(({ arg }) => arg !== "command" && arg !== "builtin" && arg !== "--");
  const name = frame.items[at]?.arg;
  return name === "eval" || name === "source" || name === "."
    ? { ...frame, name, items: frame.items.slice(at + 1) }
    : frame;
}
