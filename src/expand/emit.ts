import { type Arg, isKnown } from "../model/arg.js";
import type { Call, Span, Stdin } from "../model/call.js";
import type { Env } from "../model/env.js";
import { halt, maxCalls, type Outcome, type Place } from "./place.js";
import { type Plumbing, storeOutput } from "./redirection.js";
import { findSight } from "./sight.js";
import { exportedEnv, type State } from "./state.js";

/** Redirections without a program (`> file`, `done > file`) are a call too: tool "", no argv. */
export function emitBare(place: Place, state: State, plumbing: Plumbing, span: Span, cwd = state.cwd): void {
  // `2>&1` alone only joins two descriptors.
  if (
    plumbing.redirects.every(
      ({ operator, target }) => operator.endsWith("&") && isKnown(target) && /^[\d-]+$/.test(target),
    )
  )
    return;
  const stdin = plumbing.stdin ?? { kind: "none" };
  emit(place, state, {
    tool: "",
    argv: [],
    cwd,
    env: exportedEnv(state, place.run.env),
    stdin,
    plumbing,
    span,
  });
}

interface Emitted {
  readonly tool: Call["tool"];
  readonly argv: readonly Arg[];
  readonly cwd: Call["cwd"];
  readonly env: Env;
  readonly stdin: Stdin;
  readonly plumbing: Plumbing;
  readonly span: Span;
}

/** Puts a call on the list, with the files as they are at this moment. */
export function emit(place: Place, state: State, emitted: Emitted): void {
  const { run } = place;
  if (run.calls.length >= maxCalls) {
    halt(run);
    return;
  }
  const { tool, argv, cwd, env, stdin, plumbing, span } = emitted;
  const name = argv[0];
  const call: Call = {
    tool,
    argv,
    cwd,
    env,
    stdin,
    redirects: plumbing.redirects,
    via: place.via,
    sight:
      name !== undefined && isKnown(name) && isKnown(tool) ? findSight(place, state, name, env) : "never",
    certain: place.certain,
    span,
  };
  run.calls.push(call);
  if (state.files.map.size > 0) run.made.set(call, shareFiles(state));
}

/** The map as it is now: whoever writes next copies it first. */
function shareFiles(state: State): State["files"]["map"] {
  state.files.own = undefined;
  return state.files.map;
}

/** Gives the output where it goes: on to whoever reads, or into a file. */
export function finish(place: Place, state: State, plumbing: Plumbing, outcome: Outcome): Outcome {
  const { sink } = plumbing;
  if (sink !== undefined) {
    storeOutput(state, sink, outcome.output, outcome.origin);
    return { status: outcome.status, output: "" };
  }
  if (state.output === undefined)
    return place.wanted || outcome.output === undefined ? outcome : { ...outcome, output: undefined };
  storeOutput(state, { kind: "file", path: state.output, appends: true }, undefined);
  return { ...outcome, output: "" };
}
