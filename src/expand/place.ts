import type {
  ArithmeticCommandExpansion,
  CommandExpansionPart,
  Function as FunctionNode,
  Script,
  Statement,
  Word,
  WordPart,
} from "unbash";
import type { Arg, Unknown } from "../model/arg.js";
import type { Archived, Call, Shell, Span } from "../model/call.js";
import type { Env } from "../model/env.js";
import type { World } from "../model/world.js";
import { deepest } from "../shell/parse.js";
import type { Chain } from "./chain.js";
import { type MadeFiles, worldAfter } from "./files.js";
import type { Piece } from "./piece.js";
import { copyState, type State, type Variable } from "./state.js";

/** One expansion of one line: what it found, and what it may still spend. */
export interface Run {
  readonly world: World;
  readonly shell: Shell;
  readonly env: Env;
  readonly blind: boolean;
  readonly calls: Call[];
  readonly made: Map<Call, MadeFiles>;
  readonly errors: Set<string>;
  /** Simple commands walked, those of every repeated body counted again. */
  steps: number;
  /** Characters made and compared, roughly: values that double, patterns over long texts. */
  work: number;
  /** Too much to foresee: everything returns at once. */
  halted: boolean;
  /** Some of the text was not looked at, for a bound was reached: what that does is not known. */
  isCut: boolean;
  /** How things stood where an expansion fails: bash then leaves all that it is in, up to the next command of the text. */
  readonly failures: State[];
  /** How often the line may leave what is running so far: `return`, `exit`, `break`. */
  leaves: number;
  /** Where something starts itself without end. */
  readonly storms: Span[];
  /** Absolute paths of files whose text ran in the line's own shell. */
  readonly sourced: Set<string>;
  /** Exported functions as children would have had them when that was last looked at. */
  readonly exportsSeen: Map<string, { readonly bodies: readonly Body[]; readonly env: Env }>;
  /** Process substitutions of the current command so far. */
  substitutions: number;
  readonly shimmed: Map<string, boolean>;
  /** The walker and the words, here so that what they are made of can call back. */
  readonly walk: Walk;
}

export interface Walk {
  script(place: Place, state: State, script: Script): Outcome;
  substitution(place: Place, state: State, part: CommandExpansionPart | ArithmeticCommandExpansion): Arg;
  text(place: Place, state: State, text: string): Outcome;
  body(place: Place, state: State, node: FunctionNode["body"]): Outcome;
  value(place: Place, state: State, word: Word): Arg;
  pattern(place: Place, state: State, word: Word): Arg;
  parts(place: Place, state: State, parts: readonly WordPart[], inQuotes: boolean): readonly Piece[];
  /** The operand of `${x:-…}`, outside quotes. */
  operand(place: Place, state: State, word: Word): readonly Piece[];
}

/** Collects the states that leave one pass of a loop. */
export interface Loop {
  readonly breaks: State[];
  readonly continues: State[];
  readonly outer: Loop | undefined;
}

/** What reads the statements of a body: a loop or a branch knows only when they are run. */
export type RunStatements = (place: Place, state: State, statements: readonly Statement[]) => Outcome;

/** Where the walker stands. Never changed, only replaced. */
export interface Place {
  readonly run: Run;
  readonly via: readonly string[];
  readonly certain: boolean;
  readonly depth: number;
  /** The span of everything here, when the text being walked is not the outermost one. */
  readonly span: Span | undefined;
  /** The nearest loop; undefined outside of loops. */
  readonly loop: Loop | undefined;
  /** Collects the states that leave by `return`. */
  readonly routine: State[] | undefined;
  /** The variables that the function hides, as they were before; undefined outside of functions. */
  readonly locals: Map<string, Variable | undefined> | undefined;
  /** What is running and is sure to get here. */
  readonly chain: Chain | undefined;
  /** The functions that are running, innermost first. */
  readonly running: Running | undefined;
  /** Somebody reads the output. */
  readonly wanted: boolean;
}

export interface Running {
  readonly name: string;
  /** How things stood when it was entered from within itself. */
  readonly start: { readonly vars: State["vars"]["map"]; readonly cwd: State["cwd"] } | undefined;
  readonly outer: Running | undefined;
}

/** How a command went, as far as that is plain. */
export interface Outcome {
  readonly status: "ok" | "fail" | "maybe";
  /** What it writes to descriptor 1; undefined when not known. */
  readonly output: string | undefined;
  /** Of an output that is not known: what stands in front. */
  readonly begins?: string | undefined;
  /** What each line of it is like, where it is not known. */
  readonly lines?: Unknown | undefined;
  /** Whose bytes they are, where it is not known. */
  readonly archive?: Archived | undefined;
  /** Where it comes from, where that is worth knowing: why it is not known, or which secrets it tells. */
  readonly origin?: string | undefined;
}

export interface Body {
  readonly node: FunctionNode["body"];
  readonly span: Span | undefined;
}

export const maxDepth = deepest;
export const maxCalls = 20_000;
const maxSteps = 50_000;
const maxVariables = 2_000;
const maxWork = 50_000_000;
const mostFailures = 20;
/** Longer texts and lists are not foreseen; Linux takes no argument above 131,072 bytes. */
export const maxText = 262_144;
export const maxWords = 20_000;

export const tooMuch = "too long or too deep to be foreseen";

export function halt(run: Run): void {
  run.halted = true;
  noteCut(run);
}

export function noteCut(run: Run): void {
  run.isCut = true;
  run.errors.add(tooMuch);
}

/** For what is walked once more: what it starts is known already. */
export function quietRun(run: Run): Run {
  return { ...run, calls: [], made: new Map(), errors: new Set(), failures: [] };
}

/** `V=/srv; for V in ${!U} x; do :; done; rm -r $V`: the loop never begins. */
export function noteFailure(place: Place, state: State): void {
  const { failures } = place.run;
  if (failures.length < mostFailures) failures.push(copyState(state));
}

/** Counts work that grows faster than the text does. */
export function charge(run: Run, work: number): void {
  run.work += work;
  if (run.work > maxWork) halt(run);
}

/** False when the line has used up what it may. */
export function spend(place: Place, state: State): boolean {
  const { run } = place;
  run.steps += 1;
  charge(run, (state.vars.map.size + state.files.map.size) * 4);
  const over = run.steps > maxSteps || run.calls.length >= maxCalls || state.vars.map.size > maxVariables;
  if (over || place.depth > maxDepth) halt(run);
  return !run.halted;
}

/** As the line has left its files so far. */
export function worldNow({ run }: Place, { files, fileNames }: State): World {
  return worldAfter(run.world, files.map, fileNames);
}

export function spanOf(place: Place, node: { readonly pos: number; readonly end: number }): Span {
  return place.span ?? { start: node.pos, end: node.end };
}

/** One level in: a function, a substitution, `eval`. */
export function deeper(place: Place, via: string | undefined, span: Span | undefined): Place {
  return placeWith(place, {
    via: via === undefined ? place.via : [...place.via, via],
    depth: place.depth + 1,
    span: place.span ?? span,
  });
}

/**
 * The place with some of it changed. Field by field, so that all places are of one shape to V8: each spread makes a shape of its own, spreads
 * of spreads without end, and every look at a place is then a search.
 */
export function placeWith(place: Place, changes: Partial<Place>): Place {
  const { run, via, certain, depth, span, loop, routine, locals, chain, running, wanted } = place;
  const copy = { run, via, certain, depth, span, loop, routine, locals, chain, running, wanted };
  return Object.assign(copy, changes);
}

/** The place of something whose output somebody may want to know. */
export function wantedIf(place: Place, wanted: boolean): Place {
  return place.wanted === wanted ? place : placeWith(place, { wanted });
}

export const done: Outcome = { status: "ok", output: "" };
export const unsure: Outcome = { status: "maybe", output: undefined };
