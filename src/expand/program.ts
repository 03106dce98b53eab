import type { Command } from "unbash";
import { type Arg, fromItself, isKnown, joinReasons, unknown } from "../model/arg.js";
import type { Span, Stdin } from "../model/call.js";
import { type Env, envFrom } from "../model/env.js";
import { findTool } from "./alias.js";
import { archivedBy } from "./archived.js";
import type { Assigned } from "./assignment.js";
import { applyBuiltin, type Item } from "./builtin.js";
import { noteLeaving } from "./chain.js";
import { noteFolders } from "./directory.js";
import { printsItself } from "./download.js";
import { emit, finish } from "./emit.js";
import { runExportedBelow } from "./exported.js";
import { shapeInput, shapeOutput } from "./listing.js";
import { joinOrigins, originOf } from "./origin.js";
import { type Outcome, type Place, placeWith, worldNow } from "./place.js";
import { printedAtLeast, produce, produceSecret } from "./producer.js";
import { isQuiet, leavesInput } from "./quiet.js";
import type { Plumbing } from "./redirection.js";
import { cloudShell } from "./routine.js";
import { copiedSecrets, mayCopy, secretOrigin } from "./secret-origin.js";
import { isBuiltin } from "./sight.js";
import { exportedEnv, noteFile, type State } from "./state.js";
import { foreignInput } from "./stored.js";

export interface Program {
  readonly name: Arg;
  readonly items: readonly Item[];
  readonly prefixed: readonly Assigned[];
  readonly plumbing: Plumbing;
  readonly span: Span;
  readonly node: Command;
}

/** The call that a command is, what it prints as far as that is known, and what it does to the shell that starts it. */
export function runProgram(place: Place, state: State, program: Program): Outcome {
  const { name, items, prefixed, plumbing, span } = program;
  const argv = items.map((item) => item.arg);
  const stdin = plumbing.stdin ?? state.input.stdin;
  const env = withPrefix(exportedEnv(state, place.run.env), prefixed);
  const tool = findTool(state, name, program.node);
  emit(place, state, { tool, argv, cwd: state.cwd, env, stdin, plumbing, span });
  if (state.exportedRoutines.size > 0)
    runExportedBelow(placeWith(place, { span }), state, isKnown(name) ? name : "", prefixed);
  const wanted = place.wanted || plumbing.sink !== undefined;
  const told = wanted ? foresee(place, state, { name, argv, stdin, env }) : untold;
  if (!isKnown(name)) {
    state.touched ??= "a program of this line may have changed the files before";
    return finish(place, state, plumbing, { status: "maybe", output: told.output });
  }
  if (plumbing.stdin === undefined) useInput(state, name);
  const applied = applyShell(place, state, items, plumbing, span);
  noteEffects(state, name, argv);
  if (mayCopy(argv)) {
    for (const [path, reason] of copiedSecrets({ argv, stdin, cwd: state.cwd }, worldNow(place, state)))
      noteFile(state, path, unknown(path, reason));
  }
  const { output, lines, archive, origin, begins } = told;
  const status = applied?.status ?? (output && isFinder(name) ? "ok" : guessStatus(name));
  return finish(place, state, plumbing, { status, output, lines, archive, origin, begins });
}

type Told = Omit<Outcome, "status">;

/** Nobody reads what it prints. */
const untold: Told = { output: undefined };

interface Started {
  readonly name: Arg;
  readonly argv: readonly Arg[];
  readonly stdin: Stdin;
  readonly env: Env;
}

/** What it prints, as far as that is known. */
function foresee(place: Place, state: State, { name, argv, stdin, env }: Started): Told {
  // One that is perhaps a function prints what that prints.
  const isFunction = isKnown(name) && state.routines.map.has(name);
  const plain = isFunction ? undefined : produce(place, state, argv, stdin, env);
  const secret = secretOrigin({ argv, stdin, cwd: state.cwd }, worldNow(place, state));
  const output = plain ?? (secret === undefined ? undefined : produceSecret(place, state, argv, stdin));
  if (output !== undefined) return { output, origin: secret };
  const said = printsItself(place, state, argv) ? fromItself : undefined;
  return {
    output,
    lines: shapeOutput(argv, stdin, env),
    archive: archivedBy(argv, stdin, state.cwd),
    begins: printedAtLeast(argv),
    origin: joinOrigins(said ?? originOf(argv, stdin) ?? foreignInput(state, argv), secret),
  };
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
