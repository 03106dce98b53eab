import type { Statement } from "unbash";
import type { Arg, Unknown } from "../model/arg.js";
import type { Call, Shell, Span, Stdin } from "../model/call.js";
import type { Env } from "../model/env.js";
import type { World } from "../model/world.js";
import { translateFish } from "../shell/fish.js";
import { parseText } from "../shell/parse.js";
import { perhaps, startChain } from "./chain.js";
import type { MadeFiles } from "./files.js";
import { givenOptions, switchOption } from "./option.js";
import {
  deeper,
  halt,
  noteCut,
  type Outcome,
  type Place,
  placeWith,
  type Run,
  tooMuch,
  unsure,
  type Walk,
} from "./place.js";
import { type State, startState } from "./state.js";
import { mergeState } from "./state-merge.js";
import { runNode, runStatements } from "./statement.js";
import { runSubstitution } from "./substitution.js";
import { setEntry } from "./table.js";
import { runTraps } from "./trap.js";
import { expandParts, expandPatternText, expandPieces, expandText } from "./word.js";

export interface LineInput {
  readonly text: string;
  readonly shell: Shell;
  /** `$0`, then `$1`… */
  readonly args: readonly Arg[];
  /** Arrays that the shell holds already, by name and index. */
  readonly arrays?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Functions that the shell holds already, as a text that defines them. */
  readonly definitions?: string;
  readonly cwd: string | Unknown;
  readonly env: Env;
  /** Options that it starts with, by their long names. */
  readonly options?: readonly string[];
  readonly stdin: Stdin;
  readonly via: readonly string[];
  /** Set when no shim sees any command of this line. */
  readonly sight?: "never";
  /** Default true: the line runs for certain. */
  readonly certain?: boolean;
  /** How many lines, functions and substitutions this one stands in. */
  readonly depth?: number;
  /** The span that every call gets; left out, spans are offsets in `text`. */
  readonly span?: Span | undefined;
}

export interface Expanded {
  /**
   * In the order in which they would start. Redirections without a program (`> file`, `done > file`) are a call with
   * the tool "" and no argv. Functions of the line, and `eval` and `source` of known text, are not calls: their commands are.
   */
  readonly calls: readonly Call[];
  /** What could not be parsed or foreseen; what was understood is in `calls` all the same. */
  readonly errors: readonly string[];
  /** A bound was reached: there is more than what `calls` holds. */
  readonly isCut: boolean;
  /** For calls after the line wrote files: what it wrote, for `worldAfter`. */
  readonly made: ReadonlyMap<Call, MadeFiles>;
  /** Names, without their folders, of what the line writes. */
  readonly fileNames: ReadonlySet<string>;
  /** Where something starts itself, over and over, in processes of their own. */
  readonly storms: readonly Span[];
  /** Absolute paths of files whose text runs in the line's own shell: `source .env`. */
  readonly sourced: readonly string[];
}

/** Text for a shell → the calls it would make, expanded as far as can be foreseen. Runs nothing, never throws. */
export function expandLine(input: LineInput, world: World): Expanded {
  const run = startRun(input, world);
  const state = startState(input);
  const options = input.shell === "bash" ? givenOptions(input.env) : [];
  for (const name of [...options, ...(input.options ?? [])]) switchOption(state, name, true);
  for (const [name, elements] of input.arrays ?? [])
    setEntry(state.vars, name, { value: { kind: "array", elements, keyed: false }, exported: false });
  const place: Place = {
    run,
    via: input.via,
    certain: input.certain ?? true,
    depth: input.depth ?? 0,
    span: input.span,
    loop: undefined,
    routine: undefined,
    locals: undefined,
    chain: startChain(input.args[0]),
    running: undefined,
    wanted: false,
  };
  try {
    if (input.definitions !== undefined)
      runText(placeWith(place, { span: { start: 0, end: 0 } }), state, input.definitions);
    runText(place, state, input.text);
    runTraps(place, state, true);
  } catch {
    // A stack that ran out, deep in the parser or here: said like any other limit, and the caller asks.
    halt(run);
  }
  const { calls, errors, isCut, made, storms, sourced } = run;
  if (isCut) errors.delete(tooMuch);
  return {
    calls,
    errors: isCut ? [tooMuch, ...errors] : [...errors],
    isCut,
    made,
    fileNames: state.fileNames,
    storms,
    sourced: [...sourced],
  };
}

const textCap = 1_048_576;

function startRun(input: LineInput, world: World): Run {
  return {
    world,
    shell: input.shell,
    env: input.env,
    blind: input.sight === "never",
    calls: [],
    made: new Map(),
    errors: new Set(),
    steps: 0,
    work: 0,
    halted: false,
    isCut: false,
    failures: [],
    leaves: 0,
    storms: [],
    sourced: new Set(),
    exportsSeen: new Map(),
    substitutions: 0,
    shimmed: new Map(),
    walk,
  };
}

const walk: Walk = {
  script: (place, state, script) => runStatements(place, state, script.commands),
  substitution: runSubstitution,
  text: (place, state, text) => runText(deeper(place, undefined, place.span), state, text),
  body: runNode,
  value: (place, state, word) => expandText(place, state, word),
  pattern: expandPatternText,
  parts: expandParts,
  operand: (place, state, word) => expandPieces(place, state, word, "no"),
};

function runText(place: Place, state: State, text: string): Outcome {
  if (text.length > textCap) {
    halt(place.run);
    return unsure;
  }
  if (place.run.shell === "fish") return runFish(place, state, text);
  return runParsed(place, state, place.run.shell === "zsh" ? withoutAlways(withoutForce(text)) : text);
}

function runParsed(place: Place, state: State, text: string): Outcome {
  const { script, errors, isCut } = parseText(text);
  for (const error of errors) place.run.errors.add(error);
  if (isCut) noteCut(place.run);
  const { commands } = script;
  const mark = place.run.failures.length;
  return runStatements(place, state, commands, (at) => {
    const { failures } = place.run;
    for (const failed of failures.slice(mark)) mergeState(state, failed);
    // What stands on the same line is left, too.
    if (!endsLine(text, commands, at)) return;
    if (failures.length > mark) failures.splice(mark);
    if (state.traps.map.size > 0 && isMisread(state, text, commands, at + 1))
      runTraps(perhaps(place), state, false);
  });
}

function endsLine(text: string, commands: readonly Statement[], at: number): boolean {
  return text.slice(commands[at]?.end ?? 0, commands[at + 1]?.pos ?? text.length).includes("\n");
}

/** `trap '/bin/rm -rf $V' EXIT; V=/srv⏎ ls !(x); V=`: a bash without extglob ends before any of that line. */
function isMisread(state: State, text: string, commands: readonly Statement[], from: number): boolean {
  if (state.options.has("extglob")) return false;
  let at = from;
  while (at < commands.length - 1 && !endsLine(text, commands, at)) at += 1;
  return /[?*+@!]\(/.test(text.slice(commands[from]?.pos ?? text.length, commands[at]?.end));
}

/** zsh's `{ … } always { … }` as two blocks, one behind the other, with every letter in its place. */
function withoutAlways(text: string): string {
  return text.replace(/(?<=^|[\s;])\} always \{(?=\s)/gm, "};       {");
}

/** zsh's `>! f`, `>>!f`, `>&! f`: to bash the `!` would be the file. Every letter keeps its place. */
function withoutForce(text: string): string {
  return text.replace(/(?<=(?:^|[\s;|&({}])\d?(?:&>>?|>>?&?))!(?=\s*[^\s=])/gm, " ");
}

/** Places in the translation are none in the text. */
function runFish(place: Place, state: State, text: string): Outcome {
  const translated = translateFish(text);
  if (translated.error !== undefined) place.run.errors.add(translated.error);
  return runParsed(
    placeWith(place, { span: place.span ?? { start: 0, end: text.length } }),
    state,
    translated.text,
  );
}
