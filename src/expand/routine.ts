import { type Arg, isKnown, unknown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import { envGet } from "../model/env.js";
import type { Assigned } from "./assignment.js";
import { applyAssignment } from "./assignment.js";
import type { Item } from "./builtin.js";
import { perhaps, within } from "./chain.js";
import { contentOf } from "./descriptor.js";
import { isPosix } from "./option.js";
import { resolvePath } from "./path.js";
import { deeper, type Outcome, type Place, placeWith, type Running } from "./place.js";
import type { Plumbing } from "./redirection.js";
import { copyState, exportedEnv, type State, type Variable } from "./state.js";
import { isSettled, mergeState } from "./state-merge.js";
import { readStored } from "./stored.js";
import { deleteEntry, setEntry } from "./table.js";
import { assignUnknown, cloud } from "./variable.js";

export interface Frame {
  readonly name: string;
  readonly items: readonly Item[];
  readonly prefixed: readonly Assigned[];
  readonly plumbing: Plumbing;
  readonly span: Span;
}

/** A function of the line: its body with these arguments. Undefined when the name is none, or may be none. */
export function callRoutine(place: Place, state: State, frame: Frame): Outcome | undefined {
  const routine = state.routines.map.get(frame.name);
  if (routine === undefined) return undefined;
  const depth = countRunning(place, frame.name);
  if (depth > maxRecursion) return { status: "maybe", output: undefined };
  const given = depth === maxRecursion ? blur(place, state, frame) : frame;
  const start = routine.bodies.length > 1 || routine.perhaps ? copyState(state) : undefined;
  let outcome: Outcome = { status: "maybe", output: undefined };
  routine.bodies.forEach((body, at) => {
    const here = at === 0 || start === undefined ? state : copyState(start);
    const inner = placeWith(deeper(place, `function ${frame.name}`, body.span), {
      certain: place.certain && start === undefined,
      chain: within(place, frame.name),
      running: noteRunning(place, state, frame.name, depth),
    });
    outcome = enter(inner, here, given, (inside) => place.run.walk.body(inside, here, body.node));
    if (at > 0) mergeState(state, here);
  });
  if (!routine.perhaps || start === undefined) return outcome;
  mergeState(state, start);
  return undefined;
}

/** A function inside of itself: after these the next stands for all that follow. */
const maxRecursion = 2;

function countRunning({ running }: Place, name: string): number {
  let count = 0;
  for (let at = running; at !== undefined; at = at.outer) if (at.name === name) count += 1;
  return count;
}

function noteRunning(place: Place, state: State, name: string, depth: number): Running {
  // Shared from here on: whoever assigns next copies it first.
  if (depth > 0) state.vars.own = undefined;
  const start = depth > 0 ? { vars: state.vars.map, cwd: state.cwd } : undefined;
  return { name, start, outer: place.running };
}

/** What changes from one level to the next may be anything on those below. */
function blur(place: Place, state: State, frame: Frame): Frame {
  const reason = `"${frame.name}" calls itself`;
  let at = place.running;
  while (at !== undefined && (at.name !== frame.name || at.start === undefined)) at = at.outer;
  const { vars, cwd } = at?.start ?? { vars: undefined, cwd: undefined };
  for (const [name, variable] of state.vars.map) {
    const before = vars?.get(name);
    const isSteady = before !== undefined && isSettled(before.value, variable.value);
    if (!isSteady) assignUnknown(place, state, name, reason);
  }
  if (state.cwd !== cwd) state.cwd = unknown("$PWD", reason);
  const all = { arg: unknown("$@", reason, "", true), assigned: undefined };
  return frame.items.length === 0 ? frame : { ...frame, items: [all] };
}

/** `eval` and `source` whose text is known run here, in this very shell; otherwise they are calls like any other. */
export function runAlien(place: Place, state: State, frame: Frame): Outcome | undefined {
  const { name } = frame;
  if (name !== "eval" && name !== "source" && name !== ".") return undefined;
  const args = frame.items.map((item) => item.arg);
  if (name === "eval") {
    const words = args[0] === "--" ? args.slice(1) : args;
    return words.every(isKnown) ? runText(place, state, frame, words.join(" "), undefined) : undefined;
  }
  const [file, ...rest] = args[0] === "--" ? args.slice(1) : args;
  // What a scope manifest holds stays a call, so that it can be told of.
  if (file === undefined) return undefined;
  const path = findSource(place, state, file);
  if (isHeld(place, path)) return undefined;
  if (isKnown(path)) place.run.sourced.add(path);
  const text = readSource(place, state, frame, file);
  // dash has no arguments for it.
  const given =
    place.run.shell === "sh" ? [unknown("$@", 'not every sh gives arguments to "."', "", true)] : rest;
  if (isKnown(text)) return runText(place, state, frame, text, rest.length > 0 ? given : undefined);
  // `. <(echo '/bin/rm -rf x'; date)`: what is known of it; the rest makes it a call all the same.
  if (text.prefix !== "") runText(perhaps(place), copyState(state), frame, text.prefix, rest);
  return undefined;
}

function runText(
  place: Place,
  state: State,
  frame: Frame,
  text: string,
  args: readonly Arg[] | undefined,
): Outcome {
  const { input, output } = state;
  if (frame.plumbing.stdin !== undefined) state.input = { stdin: frame.plumbing.stdin };
  if (frame.plumbing.sink !== undefined) state.output = undefined;
  const kept = prefixVariables(place, state, frame);
  const positional = state.positional;
  if (args !== undefined) state.positional = args;
  const inner = placeWith(deeper(place, frame.name === "." ? "source" : frame.name, frame.span), {
    wanted: place.wanted || frame.plumbing.sink !== undefined,
    routine: frame.name === "eval" ? place.routine : [],
  });
  const outcome = place.run.walk.text(inner, state, text);
  if (frame.name !== "eval" && state.ended) settleReturns(state, inner.routine ?? []);
  if (args !== undefined && state.positional === args) state.positional = positional;
  if (!isPosix(place, state)) restoreVariables(state, kept);
  if (frame.plumbing.stdin !== undefined) state.input = input;
  if (frame.plumbing.sink !== undefined) state.output = output;
  return outcome;
}

type Kept = Map<string, Variable | undefined>;

/** `X=1 f` and `X=1 eval …` set X for as long as those run. */
function prefixVariables(place: Place, state: State, frame: Frame): Kept {
  const kept: Kept = new Map();
  for (const assigned of frame.prefixed) {
    kept.set(assigned.name, state.vars.map.get(assigned.name));
    applyAssignment(place, state, assigned, true);
  }
  return kept;
}

function restoreVariables(state: State, kept: Kept): void {
  for (const [name, variable] of kept) {
    if (variable === undefined) deleteEntry(state.vars, name);
    else setEntry(state.vars, name, variable);
  }
  if (kept.size > 0) state.envStale = true;
}

function readSource(place: Place, state: State, frame: Frame, file: Arg): Arg {
  const stdin = frame.plumbing.stdin ?? state.input.stdin;
  const isInput = isKnown(file) && /^\/(dev\/stdin|dev\/fd\/0|proc\/self\/fd\/0)$/.test(file);
  if (isInput) return contentOf(place, state, stdin);
  return readStored(place, state, findSource(place, state, file));
}

function isHeld({ run: { world } }: Place, path: Arg): boolean {
  return world.limits !== undefined && isKnown(path) && world.limits.isHeld(world.realpath(path));
}

function findSource(place: Place, state: State, file: Arg): Arg {
  if (!isKnown(file) || file.includes("/")) return resolvePath(state.cwd, file);
  const path = envGet(exportedEnv(state, place.run.env), "PATH");
  const found = path !== undefined && isKnown(path) ? place.run.world.findProgram(file, path) : undefined;
  return found ?? resolvePath(state.cwd, file);
}

/** After `eval` or `source` of what is not known: it may have set anything and gone anywhere. */
export function cloudShell(place: Place, state: State, name: string): void {
  const reason = `"${name}" ran what is not known`;
  cloud(place, state, reason);
  state.cwd = unknown("$PWD", reason);
  state.touched ??= reason;
}

/** Positional parameters, locals and `return` belong to the function alone. */
function enter(place: Place, state: State, frame: Frame, walk: (inside: Place) => Outcome): Outcome {
  const { positional, input, options, output } = state;
  const locals = prefixVariables(place, state, frame);
  state.positional = frame.items.map((item) => item.arg);
  if (frame.plumbing.stdin !== undefined) state.input = { stdin: frame.plumbing.stdin };
  if (frame.plumbing.sink !== undefined) state.output = undefined;
  const returns: State[] = [];
  const wanted = place.wanted || frame.plumbing.sink !== undefined;
  const outcome = walk(placeWith(place, { locals, routine: returns, loop: undefined, wanted }));
  settleReturns(state, returns);
  restoreVariables(state, locals);
  // `local -`
  if (locals.has("-")) state.options = options;
  state.positional = positional;
  state.input = input;
  if (frame.plumbing.sink !== undefined) state.output = output;
  return returns.length > 0 ? { status: "maybe", output: undefined } : outcome;
}

function settleReturns(state: State, returns: readonly State[]): void {
  if (returns.length === 0) return;
  for (const left of returns) {
    left.ended = false;
    mergeState(state, left);
  }
  state.ended = false;
}
