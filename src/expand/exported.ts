import { unknown } from "../model/arg.js";
import type { Env } from "../model/env.js";
import { type Assigned, applyAssignment } from "./assignment.js";
import { perhaps } from "./chain.js";
import { deeper, type Place } from "./place.js";
import { isQuiet } from "./quiet.js";
import { isBuiltin } from "./sight.js";
import { copyState, exportedEnv, type State } from "./state.js";
import { table } from "./table.js";
import { runTraps } from "./trap.js";
import { assignUnknown } from "./variable.js";

/** `export -f name`: children will call it, with arguments of their own, and redefined it stays exported. */
export function exportRoutine(place: Place, state: State, name: string): void {
  state.exportedRoutines = new Set([...state.exportedRoutines, name]);
  runExported(place, state, name, [], exportedEnv(state, place.run.env));
}

/**
 * A program is about to start: what a shell below it would make of the functions that are exported, where they or the environment
 * have become others since that was looked at. `export V=echo; f() { $V -rf x; }; export -f f; V=/bin/rm; make`
 */
export function runExportedBelow(
  place: Place,
  state: State,
  name: string,
  prefixed: readonly Assigned[],
): void {
  if (isQuiet(name) || (isBuiltin(name) && name !== "exec" && name !== "command")) return;
  const env = exportedEnv(state, place.run.env);
  for (const exported of state.exportedRoutines)
    if (!isRunning(place, exported)) runExported(place, state, exported, prefixed, env);
}

function runExported(
  place: Place,
  state: State,
  name: string,
  prefixed: readonly Assigned[],
  env: Env,
): void {
  const routine = state.routines.map.get(name);
  if (routine === undefined) return;
  const { exportsSeen } = place.run;
  const before = exportsSeen.get(name);
  if (prefixed.length === 0 && before?.bodies === routine.bodies && before.env === env) return;
  if (prefixed.length === 0) exportsSeen.set(name, { bodies: routine.bodies, env });
  const aside = copyState(state);
  aside.positional = [unknown("$@", "is what a child passes", "", true)];
  for (const [variable, { exported }] of state.vars.map)
    if (!exported) assignUnknown(place, aside, variable, "is not exported");
  for (const assigned of prefixed) applyAssignment(place, aside, assigned, true);
  aside.traps = table();
  const inner = perhaps(deeper(place, undefined, place.span));
  place.run.walk.text(inner, aside, `${name} "$@"`);
  runTraps(inner, aside, true);
}

function isRunning({ running }: Place, name: string): boolean {
  for (let at = running; at !== undefined; at = at.outer) if (at.name === name) return true;
  return false;
}
