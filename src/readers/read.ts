import { worldAfter } from "../expand/files.js";
import { expandLine } from "../expand/line.js";
import { isKnown, showArg } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Call, Host, Inner } from "../model/call.js";
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
import { join, type Table } from "./reader.js";
import { farCwd, farEnv, startedThere } from "./remote/far.js";
import { mountedEffects, mountedWorld } from "./remote/mounted.js";
import { readChosenPrograms } from "./shell/chosen-programs.js";
import { spelledOut } from "./shell/many-names.js";
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

export function readCalls(calls: readonly Call[], table: Table, world: World): Understanding {
  const state = openState(table, world);
  for (const call of calls) readCall(call, state, 0, undefined, state.world);
  return state;
}

/** Text for a shell: expanded, then read call by call. `isFile`: it is a script's. */
export function readLine(
  input: Parameters<typeof expandLine>[0],
  table: Table,
  world: World,
  isFile = false,
): Understanding {
  const state = openState(table, world);
  // Behind an `ssh` of another `ssh` it goes on from there.
  readText(input, state, input.depth ?? 0, undefined, state.world, isFile);
  return state;
}

function readText(
  input: Parameters<typeof expandLine>[0],
  state: LineState,
  depth: number,
  origin: number | undefined,
  found: World,
  isFile: boolean,
): void {
  const expanded = expandLine(input, found);
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
    state.effects.push({
      ...stormEffect("shell", input.text.slice(storm.start, storm.end)),
      certainty,
      span: storm,
    });
  }
  noteOrigin(origin, state);
  for (const call of expanded.calls) {
    const made = expanded.made.get(call);
    const world = made === undefined ? found : worldAfter(found, made);
    readCall(call, state, depth, origin, world, isFile);
  }
}

function readCall(
  given: Call,
  state: LineState,
  depth: number,
  origin: number | undefined,
  world: World,
  isFile = false,
): void {
  const call = spelledOut(withPlainName(given, state.table), state.table);
  const tool = isKnown(call.tool) ? call.tool : undefined;
  const reader = tool === undefined ? undefined : findReader(call, tool, state.table, world);
  const at = state.calls.length;
  state.calls.push(judged(call, reader !== undefined));
  state.origins.calls.push(origin);
  if (depth > deep) state.deepWords += call.argv.length;
  if (depth > maxDepth || state.calls.length > maxCalls || state.deepWords > maxDeepWords) {
    if (state.errors.length < 100) {
      state.errors.push("nested too deep to be foreseen");
      state.effects.push(opaqueEffect(tool ?? "shell", showCall(call), "nested too deep to be foreseen"));
      noteOrigin(at, state);
    }
    return;
  }
  const redirects = readRedirects(call, world, state.sockets);
  addEffects(redirects.effects, call, state, at);
  if (tool === undefined) {
    // A line that somebody typed says what it starts; a script may well be told.
    const isOwn = !isFile && !call.via.includes("source");
    addEffects(
      [
        opaqueEffect(
          "shell",
          showArg(call.tool),
          unforeseen(call),
          isOwn && !isLookup(call) && !isStranger(call, state.table),
        ),
      ],
      call,
      state,
      at,
    );
    return;
  }
  // What a script may do is asked about when it comes to that, by its shim: most runs never reach it.
  if (isFile && !call.certain && call.sight === "later") return;
  const reading =
    reader === undefined
      ? join(readScript(call, world, state.table), readStranger(call))
      : carriers.has(tool)
        ? join(reader.read(call, world), readStranger(call))
        : reader.read(call, world);
  addEffects(reading.effects, call, state, at);
  const chosen = readChosenPrograms(call, tool, world);
  addEffects(chosen.effects, call, state, at);
  addEffects(readSender(call, world), call, state, at);
  noteFetched(fetchedPaths(call, world), state);
  if (world.limits !== undefined && !(isFile && !call.certain))
    addEffects(
      readReach(call, world, [...redirects.effects, ...reading.effects], reading.inner),
      call,
      state,
      at,
    );
  if (reading.wantsStdin) state.wantsStdin = true;
  for (const one of [...redirects.inner, ...reading.inner, ...chosen.inner])
    readInner(one, call, at, state, depth + 1, world, isFile);
}

/** Field by field: a spread of this many costs more than reading most calls does. */
function judged(call: Call, known: boolean): JudgedCall {
  const { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span } = call;
  return { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span, known };
}

/** `world`: with what the line wrote by then; `nice sh x.sh` finds the script as `sh x.sh` does. */
function readInner(
  inner: Inner,
  outer: Call,
  origin: number,
  state: LineState,
  depth: number,
  world: World,
  isFile: boolean,
): void {
  const via = [...outer.via, inner.via];
  const shared = {
    cwd: inner.cwd ?? outer.cwd,
    env: inner.env ?? outer.env,
    stdin: inner.stdin ?? outer.stdin,
    via,
    certain: outer.certain,
  };
  switch (inner.kind) {
    case "call": {
      const name = inner.argv[0];
      if (name === undefined) return;
      const tool = isKnown(name) ? name.slice(name.lastIndexOf("/") + 1) : name;
      const call: Call = {
        ...shared,
        tool,
        argv: inner.argv,
        redirects: [],
        sight: inner.sight,
        certain: outer.certain && inner.certain !== false,
        span: outer.span,
      };
      const started = spelledOut(call, state.table, inner.named);
      readCall(started, state, depth, origin, world, isFile);
      return;
    }
    case "line": {
      if (inner.host !== undefined) {
        readFar(inner, inner.host, outer, origin, state, depth);
        return;
      }
      const sight = inner.sight ?? undefined;
      const { text, scripts } = state;
      // A script that starts itself with other words is read with those too, and then no more: all it holds was seen.
      if (inner.isFile === true && scripts.filter((one) => one === inner.text).length > 1) return;
      if (inner.isFile === true) scripts.push(inner.text);
      const from = { calls: state.calls.length, effects: state.effects.length };
      readText(
        {
          ...shared,
          text: inner.text,
          shell: inner.shell,
          args: inner.args ?? [],
          depth,
          ...(inner.options && { options: inner.options }),
          ...(sight === undefined ? {} : { sight }),
        },
        state,
        depth,
        origin,
        world,
        isFile || inner.isFile === true,
      );
      if (inner.isFile === true) scripts.pop();
      state.text = text;
      const outside = placeInside(inner.text, outer.span, text);
      moveSpans(state.calls, from.calls, outside);
      moveSpans(state.effects, from.effects, outside);
      return;
    }
    default:
      assertNever(inner);
  }
}

/** A line that another machine runs: read where nothing can be looked at, and told as seen from here. */
function readFar(
  inner: Inner & { readonly kind: "line" },
  host: Host,
  outer: Call,
  origin: number,
  state: LineState,
  depth: number,
): void {
  const { text, shell, args = [], stdin = outer.stdin } = inner;
  const via = [...outer.via, inner.via];
  const far = {
    text,
    shell,
    args,
    stdin,
    via,
    depth,
    cwd: host.cwd ?? farCwd,
    env: farEnv,
    sight: "never" as const,
  };
  const understood = readLine(
    { ...far, certain: outer.certain },
    state.table,
    mountedWorld(state.world, host.mounts ?? []),
  );
  const outside = placeInside(text, outer.span, state.text);
  const base = state.calls.length;
  const moved = (one: number | undefined): number => (one === undefined ? origin : base + one);
  state.calls.push(...understood.calls.map((call) => ({ ...call, span: outside(call.span) })));
  state.origins.calls.push(...understood.origins.calls.map(moved));
  state.errors.push(...understood.errors);
  if (understood.wantsStdin) state.wantsStdin = true;
  addEffects(startedThere(showArg(outer.tool), host, text, args), outer, state, origin);
  for (const [at, effect] of understood.effects.entries()) {
    const span = outside(effect.span);
    const seen = mountedEffects(effect, host).map((one) => ({ ...one, span }));
    addEffects(seen, outer, state, moved(understood.origins.effects[at]));
  }
}

function unforeseen(call: Call): string {
  return isKnown(call.tool) ? "" : call.tool.reason;
}

function showCall(call: Call): string {
  return call.argv.map(showArg).join(" ");
}
