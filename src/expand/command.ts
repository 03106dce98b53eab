import type { Command } from "unbash";
import { type Arg, fromItself, isKnown, joinReasons, unknown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import { type Env, envFrom } from "../model/env.js";
import type { World } from "../model/world.js";
import { findTool } from "./alias.js";
import { archivedBy } from "./archived.js";
import { type Assigned, applyAssignment, readAssignment } from "./assignment.js";
import { applyBuiltin, type Item } from "./builtin.js";
import { noteLeaving, noteStorm, startsItself } from "./chain.js";
import { closeDescriptors } from "./descriptor.js";
import { noteFolders } from "./directory.js";
import { printsItself } from "./download.js";
import { emit, emitBare, finish } from "./emit.js";
import { runExportedBelow } from "./exported.js";
import { worldAfter } from "./files.js";
import { withKeywords } from "./keyword.js";
import { shapeInput, shapeOutput } from "./listing.js";
import { isPosix } from "./option.js";
import { joinOrigins, originOf } from "./origin.js";
import { maxWords, type Outcome, type Place, spanOf, spend } from "./place.js";
import { printedAtLeast, produce, produceSecret } from "./producer.js";
import { isQuiet, leavesInput } from "./quiet.js";
import { expandRedirections, type Plumbing, storeOutput } from "./redirection.js";
import { callRoutine, cloudShell, type Frame, runAlien } from "./routine.js";
import { copiedSecrets, secretOrigin } from "./secret-origin.js";
import { isBuiltin } from "./sight.js";
import { exportedEnv, type State } from "./state.js";
import { foreignInput } from "./stored.js";
import { copyTable, setEntry } from "./table.js";
import { expandDeclared, expandWord } from "./word.js";

/** One simple command: its words, what it does to the shell, and the call it is. */
export function runCommand(place: Place, state: State, given: Command): Outcome {
  const { run } = place;
  if (!spend(place, state)) return { status: "maybe", output: undefined };
  const substituted = run.substitutions;
  const before = run.calls.length;
  const node = state.options.has("keyword") ? withKeywords(given) : given;
  const items = expandItems(place, state, node);
  const { vars } = state;
  if (startsProgram(state, items)) state.vars = copyTable(vars);
  const plumbing = expandRedirections(place, state, node.redirects);
  // `cat <<< $((x+=1))`: a program's own are expanded in its process.
  if (startsProgram(state, items)) state.vars = vars;
  const outcome =
    items.length === 0
      ? runBare(place, state, node, plumbing, before)
      : runItems(place, state, node, items, plumbing);
  if (plumbing.before !== undefined && !staysOpen(items)) closeDescriptors(state, plumbing.before);
  run.substitutions = substituted;
  return outcome;
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

function expandItems(place: Place, state: State, node: Command): readonly Item[] {
  const items: Item[] = [];
  const add = (arg: Arg, assigned?: Assigned) => {
    // Those behind are walked all the same: there may be substitutions in them.
    if (items.length < maxWords) items.push({ arg, assigned });
    else if (items.length === maxWords)
      items.push({ arg: unknown("…", "are too many words", "", true), assigned: undefined });
  };
  if (node.name === undefined) return items;
  for (const arg of expandWord(place, state, node.name)) add(arg);
  let { end } = node.name;
  for (const argument of node.args) {
    if (argument.type === "Word") {
      const [first, ...more] = expandWord(place, state, argument);
      const before = items.at(-1)?.arg;
      // `-d @<(…)` and `--file=<(…)` are one word, which the parser takes for two.
      const isJoined = argument.pos === end && /^[<>]\(/.test(argument.text);
      end = argument.end;
      if (first === undefined) continue;
      if (isJoined && before !== undefined && isKnown(before) && isKnown(first))
        items.splice(-1, 1, { arg: before + first, assigned: undefined });
      else add(first);
      for (const arg of more) add(arg);
      continue;
    }
    end = argument.end;
    const words = expandDeclared(place, state, argument);
    if (words !== undefined) for (const arg of words) add(arg);
    else {
      const assigned = readAssignment(place, state, argument, declaresKeyed(node));
      add(showAssigned(assigned), assigned);
    }
  }
  // dash knows no such descriptors: `rm {fd}< x` is given a name.
  for (const { descriptor } of place.run.shell === "sh" ? node.redirects : [])
    if (descriptor?.type === "FileDescriptorVariable") add(`{${descriptor.name}}`);
  return items;
}

/** `declare -A`: the indices of its arrays are texts. */
function declaresKeyed({ args }: Command): boolean {
  return args.some((arg) => arg.type === "Word" && /^-\w*A/.test(arg.text));
}

function showAssigned({ name, value }: Assigned): Arg {
  if (value.kind === "unset") return name;
  if (value.kind === "array") return unknown(`${name}=(…)`, "is an array", `${name}=`);
  if (isKnown(value.text)) return `${name}=${value.text}`;
  return { ...value.text, prefix: `${name}=${value.text.prefix}`, splits: false };
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
  if (isKnown(name) && specials.test(name) && isPosix(place, state))
    for (const assigned of prefixed) applyAssignment(place, state, assigned, true);
  const rest = items.slice(1);
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
  if (isKnown(name)) {
    const { cwd } = state;
    const frame = { name, items: rest, prefixed, plumbing, span };
    const outcome = callRoutine(place, state, frame) ?? runAlien(place, state, withoutCommand(frame));
    if (outcome !== undefined) {
      emitBare(place, state, plumbing, span, cwd);
      return finish(place, state, plumbing, outcome);
    }
  }
  return runProgram(place, state, { name, items, prefixed, plumbing, span, node });
}

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

interface Program {
  readonly name: Arg;
  readonly items: readonly Item[];
  readonly prefixed: readonly Assigned[];
  readonly plumbing: Plumbing;
  readonly span: Span;
  readonly node: Command;
}

function runProgram(place: Place, state: State, program: Program): Outcome {
  const { name, items, prefixed, plumbing, span } = program;
  const argv = items.map((item) => item.arg);
  const stdin = plumbing.stdin ?? state.input.stdin;
  const env = withPrefix(exportedEnv(state, place.run.env), prefixed);
  const tool = findTool(state, name, program.node);
  emit(place, state, { tool, argv, cwd: state.cwd, env, stdin, plumbing, span });
  if (state.exportedRoutines.size > 0)
    runExportedBelow({ ...place, span }, state, isKnown(name) ? name : "", prefixed);
  const wanted = place.wanted || plumbing.sink !== undefined;
  // One that is perhaps a function prints what that prints.
  const isFunction = isKnown(name) && state.routines.map.has(name);
  const plain = wanted && !isFunction ? produce(place, state, argv, stdin, env) : undefined;
  const secret = wanted ? secretOrigin({ argv, stdin, cwd: state.cwd }, worldNow(place, state)) : undefined;
  const output = plain ?? (secret === undefined ? undefined : produceSecret(place, state, argv, stdin));
  const lines = wanted && output === undefined ? shapeOutput(argv, stdin, env) : undefined;
  const isHidden = wanted && output === undefined;
  const archive = isHidden ? archivedBy(argv, stdin, state.cwd) : undefined;
  const begins = isHidden ? printedAtLeast(argv) : undefined;
  const said = isHidden && printsItself(place, state, argv) ? fromItself : undefined;
  const origin = isHidden
    ? joinOrigins(said ?? originOf(argv, stdin) ?? foreignInput(state, argv), secret)
    : secret;
  if (!isKnown(name)) {
    state.touched ??= "a program of this line may have changed the files before";
    return finish(place, state, plumbing, { status: "maybe", output });
  }
  if (plumbing.stdin === undefined) useInput(state, name);
  const applied = applyShell(place, state, items, plumbing, span);
  noteEffects(state, name, argv);
  for (const [path, reason] of copiedSecrets({ argv, stdin, cwd: state.cwd }, worldNow(place, state)))
    setEntry(state.files, path, unknown(path, reason));
  return finish(place, state, plumbing, {
    status: applied?.status ?? (output && isFinder(name) ? "ok" : guessStatus(name)),
    output,
    lines,
    archive,
    origin,
    ...(begins && { begins }),
  });
}

/** As the line has left its files so far. */
function worldNow({ run }: Place, { files }: State): World {
  return worldAfter(run.world, files.map);
}

/** `command cd x` and `builtin cd x` do to the shell what `cd x` does. */
function applyShell(
  place: Place,
  state: State,
  items: readonly Item[],
  plumbing: Plumbing,
  span: Span,
): Outcome | undefined {
  let at = 0;
  for (; at < items.length - 1; at++) {
    const arg = items[at]?.arg;
    if (arg !== "command" && arg !== "builtin" && !(at > 0 && (arg === "--" || arg === "-p"))) break;
  }
  const name = items[at]?.arg ?? "";
  if (!isKnown(name)) return undefined;
  const rest = items.slice(at + 1);
  if (name === "exec") return replaceShell(place, state, rest, plumbing);
  if (name === "eval" || name === "source" || name === ".") cloudShell(place, state, name);
  return applyBuiltin(place, state, name, rest, span, plumbing.stdin ?? state.input.stdin);
}

/** `exec cmd` ends the shell; without a command its redirections stay. */
function replaceShell(place: Place, state: State, rest: readonly Item[], plumbing: Plumbing): Outcome {
  if (rest.length > 0) {
    noteLeaving(place.run);
    state.ended = true;
  } else {
    if (plumbing.stdin !== undefined) state.input = { stdin: plumbing.stdin };
    const { sink } = plumbing;
    if (sink !== undefined) state.output = sink.kind === "file" && isKnown(sink.path) ? sink.path : "";
  }
  return { status: place.certain && rest.length === 0 ? "ok" : "maybe", output: undefined };
}

function withPrefix(env: Env, prefixed: readonly Assigned[]): Env {
  if (prefixed.length === 0) return env;
  const layer = prefixed.map(({ name, value }): [string, Arg | undefined] => [
    name,
    value.kind === "scalar" ? value.text : undefined,
  ]);
  return envFrom(layer, env);
}

function useInput(state: State, name: string): void {
  const isSilent = isBuiltin(name)
    ? !/^(read|mapfile|readarray|source|\.|exec|command|builtin)$/.test(name)
    : leavesInput(name);
  if (isSilent || state.input.stdin.kind !== "text") return;
  const lines = shapeInput(state.input.stdin);
  state.input.stdin = {
    kind: "unknown",
    reason: joinReasons(`"${name}" may have read it before`, state.input.stdin.origin ?? ""),
    ...(lines !== undefined && { lines }),
  };
}

function noteEffects(state: State, name: string, argv: readonly Arg[]): void {
  if (name === "mkdir") noteFolders(state, argv.slice(1));
  if (isBuiltin(name) ? /^(source|\.|exec|command|builtin)$/.test(name) : !isQuiet(name)) {
    state.touched ??= `"${name}" may have changed the files before`;
  }
}

/** What they print they have found. */
function isFinder(name: string): boolean {
  return name === "command" || name === "which";
}

function guessStatus(name: string): Outcome["status"] {
  if (name === "true" || name === ":" || name === "echo") return "ok";
  return name === "false" ? "fail" : "maybe";
}
