import { worldAfter } from "../expand/files.js";
import { expandLine, type LineInput } from "../expand/line.js";
import { isKnown, showArg } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { JudgedCall, Origins } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { readRedirects } from "./files/redirects.js";
import { findReader } from "./find-reader.js";
import { fetchedPaths } from "./http/fetched.js";
import { readSender } from "./http/senders.js";
import { moveSpans, placeInside } from "./inner-spans.js";
import { addEffects, type LineState, noteFetched, noteOrigin, openState } from "./line-state.js";
import { isLookup, isStranger, mentionsGuarded } from "./mention.js";
import { readReach } from "./reach/reach.js";
import { join, type Reader, type Reading, type Table } from "./reader.js";
import { type FarLine, farInput, takeFar } from "./remote/far-line.js";
import { mountedWorld } from "./remote/mounted.js";
import { readChosenPrograms } from "./shell/chosen-programs.js";
import { noteCopy, withCopiedName } from "./shell/line-copies.js";
import { spelledOut } from "./shell/many-names.js";
import { readNodePreloads } from "./shell/node-preloads.js";
import { withPlainName } from "./shell/plain-name.js";
import { readScript } from "./shell/scripts.js";
import { stormEffect } from "./shell/storm.js";
import { carriers, readStranger } from "./shell/stranger.js";

/** Everything that a list of calls does, inner calls and lines included. */
export interface Understanding {
  readonly calls: readonly JudgedCall[];
  readonly effects: readonly Effect[];
  readonly origins: Origins;
  readonly errors: readonly string[];
  /** Absolute paths of files whose text runs in the line's own shell. */
  readonly sourced: readonly string[];
  /** Some call takes its orders from a stdin that is not known yet. */
  readonly wantsStdin: boolean;
}

/** Wrappers in wrappers, shells in shells: deeper than this nobody writes by hand, and a loop must end. */
const maxDepth = 24;
/** Over all levels: a line of ten evals of ten evals must not run away either. */
const maxCalls = 20_000;
/** Calls that deep are nobody's work of a day; `find -exec find -exec …` is thousands of them, each with thousands of words. */
const deep = 4;
const maxDeepWords = 100_000;
/** Errors of one text that become effects. */
const mostReasons = 20;
/** Errors of the whole, beyond which one more call past the bounds is not told of. */
const mostRefusals = 100;

/** What calls do that are about to run, with all that they start. */
export function readCalls(calls: readonly Call[], table: Table, world: World): Understanding {
  const state = openState(table, world);
  const level = { depth: 0, origin: undefined, world: state.world, isFile: false };
  for (const call of calls) readCall(call, state, level);
  return state;
}

/** Text for a shell: expanded, then read call by call. `isFile`: it is a script's. */
export function readLine(input: LineInput, table: Table, world: World, isFile = false): Understanding {
  const state = openState(table, world);
  // Behind an `ssh` of another `ssh` it goes on from there.
  const depth = input.depth ?? 0;
  readText(input, state, { depth, origin: undefined, world: state.world, isFile });
  return state;
}

/** Where something that is read stands among all that is. */
interface Level {
  /** How many calls it is nested in. */
  readonly depth: number;
  /** The call that starts it, as an index in the state's calls. */
  readonly origin: number | undefined;
  /** With what the line wrote by then: `nice sh x.sh` finds the script as `sh x.sh` does. */
  readonly world: World;
  /** It stands in a script's file: nobody typed it just now. */
  readonly isFile: boolean;
}

function readText(input: LineInput, state: LineState, level: Level): void {
  const { depth, origin, world, isFile } = level;
  const expanded = expandLine(input, world);
  state.text = input.text;
  state.sourced.push(...expanded.sourced);
  const certainty = input.certain === false ? "possible" : "certain";
  if (expanded.errors.length > 0) {
    state.errors.push(...expanded.errors);
    // Past a bound there may be anything; what is only misspelled is worth a question where something guarded may be in it.
    const isGuarded = expanded.isCut || mentionsGuarded(input.text, state.table);
    // They differ by their reasons alone, so that more of them cannot change the verdict.
    for (const error of expanded.errors.slice(0, mostReasons))
      state.effects.push({ ...opaqueEffect("shell", input.text, error, isGuarded), certainty });
  }
  const [storm] = expanded.storms;
  if (storm !== undefined) {
    const text = input.text.slice(storm.start, storm.end);
    state.effects.push({ ...stormEffect("shell", text), certainty, span: storm });
  }
  noteOrigin(origin, state);
  for (const call of expanded.calls) {
    const made = expanded.made.get(call);
    const now = made === undefined ? world : worldAfter(world, made, expanded.fileNames);
    readCall(call, state, now === world ? level : { depth, origin, world: now, isFile });
  }
}

function readCall(given: Call, state: LineState, level: Level): void {
  const { world, isFile } = level;
  const named = spelledOut(withPlainName(given, state.table), state.table);
  const call = withCopiedName(named, world, state.copies);
  const tool = isKnown(call.tool) ? call.tool : undefined;
  const reader = tool === undefined ? undefined : findReader(call, tool, state.table, world);
  const at = state.calls.length;
  state.calls.push(judged(call, reader !== undefined));
  state.origins.calls.push(level.origin);
  if (level.depth > deep) state.deepWords += call.argv.length;
  if (isPastBounds(state, level)) {
    refuseToGoOn(call, at, state);
    return;
  }
  const redirects = readRedirects(call, world, state.sockets);
  addEffects(redirects.effects, call, state, at);
  if (tool === undefined) {
    addEffects([unforeseenProgram(call, state.table, isFile)], call, state, at);
    return;
  }
  // What a script may do is asked about when it comes to that, by its shim: most runs never reach it.
  if (isFile && !call.certain && call.sight === "later") return;
  const reading = readTool(call, tool, reader, state.table, world);
  addEffects(reading.effects, call, state, at);
  noteCopy(call, world, state.table, state.copies);
  const chosen = readChosenPrograms(call, tool, world);
  addEffects(chosen.effects, call, state, at);
  addEffects(readSender(call, world), call, state, at);
  noteFetched(fetchedPaths(call, world), state);
  if (world.limits !== undefined && !(isFile && !call.certain)) {
    const known = [...redirects.effects, ...reading.effects];
    addEffects(readReach(call, world, known, reading.inner), call, state, at);
  }
  if (reading.wantsStdin) state.wantsStdin = true;
  const below = { depth: level.depth + 1, origin: at, world, isFile };
  for (const { inner } of [redirects, reading, chosen])
    for (const one of inner) readInner(one, call, state, below);
}

/** Field by field: a spread of this many costs more than reading most calls does. */
function judged(call: Call, known: boolean): JudgedCall {
  const { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span } = call;
  return { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span, known };
}

function isPastBounds(state: LineState, { depth }: Level): boolean {
  return depth > maxDepth || state.calls.length > maxCalls || state.deepWords > maxDeepWords;
}

function refuseToGoOn(call: Call, at: number, state: LineState): void {
  if (state.errors.length >= mostRefusals) return;
  const reason = "nested too deep to be foreseen";
  const tool = isKnown(call.tool) ? call.tool : "shell";
  state.errors.push(reason);
  state.effects.push(opaqueEffect(tool, call.argv.map(showArg).join(" "), reason));
  noteOrigin(at, state);
}

/** A line that somebody typed says what it starts; a script may well be told. */
function unforeseenProgram(call: Call, table: Table, isFile: boolean): Effect {
  const isTyped = !isFile && !call.via.includes("source");
  const isGuarded = isTyped && !isLookup(call) && !isStranger(call, table);
  return opaqueEffect("shell", showArg(call.tool), isKnown(call.tool) ? "" : call.tool.reason, isGuarded);
}

function readTool(call: Call, tool: string, reader: Reader | undefined, table: Table, world: World): Reading {
  if (reader === undefined)
    return join(readScript(call, world, table), readStranger(call, world), readNodePreloads(call, world));
  const reading = reader.read(call, world);
  return carriers.has(tool) ? join(reading, readStranger(call, world)) : reading;
}

function readInner(inner: Inner, outer: Call, state: LineState, level: Level): void {
  switch (inner.kind) {
    case "call":
      readInnerCall(inner, outer, state, level);
      return;
    case "line":
      if (inner.host === undefined) readInnerLine(inner, outer, state, level);
      else readFar({ ...inner, host: inner.host }, outer, state, level);
      return;
    default:
      assertNever(inner);
  }
}

function readInnerCall(inner: Inner & { kind: "call" }, outer: Call, state: LineState, level: Level): void {
  const name = inner.argv[0];
  if (name === undefined) return;
  const call: Call = {
    ...handedDown(inner, outer),
    tool: isKnown(name) ? name.slice(name.lastIndexOf("/") + 1) : name,
    argv: inner.argv,
    redirects: [],
    sight: inner.sight,
    certain: outer.certain && inner.certain !== false,
    span: outer.span,
  };
  readCall(spelledOut(call, state.table, inner.named), state, level);
}

function readInnerLine(inner: Inner & { kind: "line" }, outer: Call, state: LineState, level: Level): void {
  const { text, scripts } = state;
  // A script that starts itself with other words is read with those too, and then no more: all it holds was seen.
  if (inner.isFile === true && scripts.filter((one) => one === inner.text).length > 1) return;
  if (inner.isFile === true) scripts.push(inner.text);
  const from = { calls: state.calls.length, effects: state.effects.length };
  readText(
    {
      ...handedDown(inner, outer),
      text: inner.text,
      shell: inner.shell,
      args: inner.args ?? [],
      depth: level.depth,
      certain: outer.certain && inner.certain !== false,
      ...(inner.options && { options: inner.options }),
      ...(inner.sight === undefined ? {} : { sight: inner.sight }),
    },
    state,
    inner.isFile === true ? { ...level, isFile: true } : level,
  );
  if (inner.isFile === true) scripts.pop();
  state.text = text;
  const outside = placeInside(inner.text, outer.span, text);
  moveSpans(state.calls, from.calls, outside);
  moveSpans(state.effects, from.effects, outside);
}

/** What a call or line has from the call that starts it, where it says nothing else. */
function handedDown(inner: Inner, outer: Call): Pick<Call, "cwd" | "env" | "stdin" | "via"> {
  return {
    cwd: inner.cwd ?? outer.cwd,
    env: inner.env ?? outer.env,
    stdin: inner.stdin ?? outer.stdin,
    via: [...outer.via, inner.via],
  };
}

/** A line that another machine runs: read where nothing can be looked at, and told as seen from here. */
function readFar(inner: FarLine, outer: Call, state: LineState, { depth, origin }: Level): void {
  const world = mountedWorld(state.world, inner.host.mounts ?? []);
  const understood = readLine(farInput(inner, outer, depth), state.table, world);
  takeFar(understood, inner, outer, state, origin);
}
