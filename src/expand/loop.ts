import type { ArithmeticFor, For, Select, While } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { evaluate } from "./arithmetic.js";
import { assumeOutcome, settleDirectory } from "./directory.js";
import { joinOrigins } from "./origin.js";
import {
  type Loop,
  type Outcome,
  type Place,
  placeWith,
  type RunStatements,
  spend,
  unsure,
} from "./place.js";
import { shapeSplit } from "./shape.js";
import { copyState, type State } from "./state.js";
import { hasSettled, mergeState } from "./state-merge.js";
import { assign, cloud, scalar } from "./variable.js";
import { expandWord } from "./word.js";

/** One pass for each value, up to a cap; above it one pass with a value that has only their common prefix. */
export function runFor(place: Place, state: State, node: For, run: RunStatements): Outcome {
  const values =
    node.wordlist === undefined
      ? state.positional
      : node.wordlist.flatMap((word) => [...expandWord(place, state, word)]);
  const cap = place.run.steps < busySteps ? passCap : 1;
  const name = node.name.value;
  const isListed = node.wordlist?.every((word) => /^[\w.-]+$/.test(word.text)) === true;
  if (values.length > cap) {
    repeat(place, state, (inner, here) => {
      const leaving = copyState(here);
      assign(inner, here, name, scalar(join(name, values)));
      run(inner, here, node.body.commands);
      return leaving;
    });
    return unsure;
  }
  let output: string | undefined = "";
  let origin: Outcome["origin"];
  let hasEnded = false;
  const breaks: State[] = [];
  for (const each of values) {
    if (place.run.halted) return unsure;
    const value = shapeSplit(each);
    // After `break` or `exit` in every way through the last pass, this one is only shown.
    const here: State = hasEnded ? copyState(state) : state;
    const splits = !isKnown(value) && value.splits;
    const before = splits ? copyState(here) : undefined;
    assign(place, here, name, scalar(value));
    const isSure = !splits && !hasEnded;
    const outer = isSure && isListed ? place : placeWith(place, { chain: undefined });
    const pass = runPass(outer, here, place.certain && isSure, (inner) =>
      run(inner, here, node.body.commands),
    );
    origin = joinOrigins(origin, pass.result.origin);
    output =
      splits || output === undefined || pass.result.output === undefined
        ? undefined
        : output + pass.result.output;
    if (before !== undefined) mergeState(here, before);
    if (hasEnded) continue;
    breaks.push(...pass.breaks);
    hasEnded = here.ended;
  }
  if (breaks.length > 0) output = undefined;
  for (const left of breaks) arrive(state, left);
  return { status: "maybe", output, origin };
}

export function runSelect(place: Place, state: State, node: Select, run: RunStatements): Outcome {
  const values =
    node.wordlist === undefined
      ? state.positional
      : node.wordlist.flatMap((word) => [...expandWord(place, state, word)]);
  const name = node.name.value;
  repeat(place, state, (inner, here) => {
    const leaving = copyState(here);
    assign(inner, here, name, scalar(join(name, values)));
    assign(inner, here, "REPLY", scalar(unknown("$REPLY", "is read from the input", "", true)));
    run(inner, here, node.body.commands);
    return leaving;
  });
  return unsure;
}

export function runWhile(place: Place, state: State, node: While, run: RunStatements): Outcome {
  let origin: Outcome["origin"];
  repeat(place, state, (inner, here) => {
    const { certain, chain } = place;
    run(placeWith(inner, { certain, chain, wanted: false }), here, node.clause.commands);
    const leaving = copyState(here);
    assumeOutcome(leaving, node.kind === "until");
    assumeOutcome(here, node.kind === "while");
    const sure = isEndless(node) ? placeWith(inner, { chain }) : inner;
    ({ origin } = run(sure, here, node.body.commands));
    return leaving;
  });
  return { ...unsure, origin };
}

export function runArithmeticFor(
  place: Place,
  state: State,
  node: ArithmeticFor,
  run: RunStatements,
): Outcome {
  if (node.initialize !== undefined) evaluate(place, state, node.initialize);
  repeat(place, state, (inner, here) => {
    if (node.test !== undefined) evaluate(inner, here, node.test);
    const leaving = copyState(here);
    const sure = node.test === undefined ? placeWith(inner, { chain: place.chain }) : inner;
    run(sure, here, node.body.commands);
    if (node.update !== undefined) evaluate(inner, here, node.update);
    return leaving;
  });
  return unsure;
}

/** `while true`, `while :`, `until false`. */
function isEndless({ kind, clause }: While): boolean {
  const [statement, ...more] = clause.commands;
  const command = statement?.command;
  if (more.length > 0 || command?.type !== "Command" || command.suffix.length > 0) return false;
  return (kind === "while" ? ["true", ":"] : ["false"]).includes(command.name?.text ?? "");
}

const passCap = 64;
/** A line that has cost this much gets no more loops unrolled: nested ones would multiply. */
const busySteps = 2_000;
const attempts = 4;

/**
 * A body that runs any number of times: walked until its start state is the same before and after, so that what changes
 * from pass to pass is unknown in all of them. `pass` gives the state in which the loop is left.
 */
function repeat(place: Place, state: State, pass: (place: Place, state: State) => State): void {
  const { run } = place;
  for (let attempt = 1; !run.halted; attempt++) {
    const mark = run.calls.length;
    const start = copyState(state);
    let leaving = start;
    const { breaks } = runPass(placeWith(place, { chain: undefined }), state, false, (inner) => {
      leaving = pass(inner, state);
    });
    for (const left of breaks) arrive(leaving, left);
    mergeState(state, start);
    if (hasSettled(start, state) || attempt > attempts) {
      Object.assign(state, leaving);
      return;
    }
    for (const call of run.calls.splice(mark)) run.made.delete(call);
    if (attempt === attempts) cloud(place, state, "changes in a loop");
  }
}

/** One pass; the states that left it by `continue` come together with the one that reached its end. */
function runPass<T>(
  place: Place,
  state: State,
  certain: boolean,
  walk: (inner: Place) => T,
): { readonly result: T; readonly breaks: readonly State[] } {
  const loop: Loop = { breaks: [], continues: [], outer: place.loop };
  const { steps } = place.run;
  const result = walk(placeWith(place, { certain, loop }));
  // Loops in loops around no command at all would multiply unseen: each pass costs a step.
  if (place.run.steps === steps) spend(place, state);
  settleDirectory(state);
  for (const left of loop.continues) arrive(state, left);
  return { result, breaks: loop.breaks };
}

/** A state that jumped comes together with the one that got here by itself. */
function arrive(state: State, jumped: State): void {
  jumped.ended = false;
  mergeState(state, jumped);
}

function join(name: string, values: readonly Arg[]): Arg {
  const [first = "", ...rest] = values.map((value) => (isKnown(value) ? value : value.prefix));
  let length = first.length;
  for (const value of rest) {
    while (length > 0 && !value.startsWith(first.slice(0, length))) length -= 1;
  }
  return unknown(`$${name}`, `"${name}" takes one of many values`, first.slice(0, length), true);
}
