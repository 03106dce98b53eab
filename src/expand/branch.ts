import type { Case, If } from "unbash";
import { perhaps } from "./chain.js";
import { assumeOutcome, settleDirectory } from "./directory.js";
import { joinOrigins } from "./origin.js";
import { type Outcome, type Place, type RunStatements, unsure, wantedIf } from "./place.js";
import { copyState, type State } from "./state.js";
import { mergeState } from "./state-merge.js";
import { expandPatternText, expandText } from "./word.js";

/** `at`: the clause that is come to, the `if` itself or one of its `elif`. */
export function runIf(place: Place, state: State, node: If, run: RunStatements, at = 0): Outcome {
  const arm = at === 0 ? node : node.elif[at - 1];
  if (arm === undefined) {
    return node.else === undefined ? { status: "ok", output: "" } : run(place, state, node.else.commands);
  }
  run(wantedIf(at === 0 ? place : perhaps(place), false), state, arm.clause.commands);
  const other = copyState(state);
  assumeOutcome(state, true);
  assumeOutcome(other, false);
  const branch = perhaps(place);
  const then = run(branch, state, arm.then.commands);
  settleDirectory(state);
  const otherwise = runIf(branch, other, node, run, at + 1);
  settleDirectory(other);
  mergeState(state, other);
  return { ...unsure, origin: joinOrigins(then.origin, otherwise.origin) };
}

export function runCase(place: Place, state: State, node: Case, run: RunStatements): Outcome {
  expandText(place, state, node.word);
  const start = copyState(state);
  const after: State[] = [];
  let falls: State | undefined;
  let isTotal = false;
  for (const item of node.items) {
    for (const pattern of item.pattern) expandPatternText(perhaps(place), start, pattern);
    if (item.pattern.some((pattern) => pattern.text === "*")) isTotal = true;
    const branch = copyState(start);
    if (falls !== undefined) mergeState(branch, falls);
    run(perhaps(place), branch, item.body.commands);
    settleDirectory(branch);
    falls = item.terminator === ";&" || item.terminator === ";;&" ? copyState(branch) : undefined;
    after.push(branch);
  }
  if (!isTotal) after.push(start);
  const [first, ...rest] = after;
  if (first !== undefined) Object.assign(state, first);
  for (const other of rest) mergeState(state, other);
  return unsure;
}
