import { worldAfter } from "../expand/files.js";
import { expandLine } from "../expand/line.js";
import { isKnown, showArg } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { JudgedCall } from "../model/judgement.js";
import type { World } from "../model/world.js";
import type { Reader } from "./reader.js";
import { readRedirects } from "./redirects.js";
import { readScript } from "./scripts.js";

/** Everything that a list of calls does, inner calls and lines included. */
export interface Understanding {
  readonly calls: readonly JudgedCall[];
  readonly effects: readonly Effect[];
  readonly errors: readonly string[];
  /** Some call takes its orders from a stdin that is not known yet. */
  readonly wantsStdin: boolean;
}

export type Table = ReadonlyMap<string, Reader>;

/** Wrappers in wrappers, shells in shells: deeper than this nobody writes by hand, and a loop must end. */
const maxDepth = 24;
/** Over all levels: a line of ten evals of ten evals must not run away either. */
const maxCalls = 20_000;

export function readCalls(calls: readonly Call[], table: Table, world: World): Understanding {
  const state = openState(table, world);
  for (const call of calls) readCall(call, state, 0, state.world);
  return state;
}

/** Text for a shell: expanded, then read call by call. */
export function readLine(input: Parameters<typeof expandLine>[0], table: Table, world: World): Understanding {
  const state = openState(table, world);
  readText(input, state, 0);
  return state;
}

interface State {
  readonly table: Table;
  readonly world: World;
  /** Absolute paths of files whose content the calls read so far make or change. */
  readonly written: Set<string>;
  readonly calls: JudgedCall[];
  readonly effects: Effect[];
  readonly errors: string[];
  wantsStdin: boolean;
}

function openState(table: Table, world: World): State {
  const written = new Set<string>();
  return {
    table,
    world: withoutWritten(world, written),
    written,
    calls: [],
    effects: [],
    errors: [],
    wantsStdin: false,
  };
}

/**
 * What the line itself writes first is not what lies on disk now: `echo … > body.json; /usr/bin/curl -d @body.json` must not
 * be judged by the harmless body of yesterday.
 */
function withoutWritten(world: World, written: ReadonlySet<string>): World {
  return {
    ...world,
    readFile: (path, cap) =>
      written.has(path) ? { ok: false, reason: "this line writes it first" } : world.readFile(path, cap),
  };
}

function readText(input: Parameters<typeof expandLine>[0], state: State, depth: number): void {
  const expanded = expandLine(input, state.world);
  for (const error of expanded.errors) {
    state.errors.push(error);
    state.effects.push({
      ...opaqueEffect("shell", input.text, error, mentionsGuarded(input.text, state.table)),
      certainty: input.certain === false ? "possible" : "certain",
    });
  }
  for (const call of expanded.calls) {
    const made = expanded.made.get(call);
    readCall(call, state, depth, made === undefined ? state.world : worldAfter(state.world, made));
  }
}

function readCall(call: Call, state: State, depth: number, world: World): void {
  const tool = isKnown(call.tool) ? call.tool : undefined;
  const reader = tool === undefined ? undefined : state.table.get(tool);
  state.calls.push({ ...call, known: reader !== undefined });
  if (depth > maxDepth || state.calls.length > maxCalls) {
    if (state.errors.length < 100) {
      state.errors.push("nested too deep to be foreseen");
      state.effects.push(opaqueEffect(tool ?? "shell", showCall(call), "nested too deep to be foreseen"));
    }
    return;
  }
  const redirects = readRedirects(call, world);
  add(redirects.effects, call, state);
  if (tool === undefined) {
    add([opaqueEffect("shell", showArg(call.tool), unforeseen(call), false)], call, state);
    return;
  }
  const reading = reader?.read(call, world) ?? readScript(call, world);
  add(reading.effects, call, state);
  if (reading.wantsStdin) state.wantsStdin = true;
  for (const one of [...redirects.inner, ...reading.inner]) readInner(one, call, state, depth + 1);
}

function readInner(inner: Inner, outer: Call, state: State, depth: number): void {
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
      readCall(
        {
          ...shared,
          tool,
          argv: inner.argv,
          redirects: [],
          sight: inner.sight,
          certain: outer.certain && inner.certain !== false,
          span: outer.span,
        },
        state,
        depth,
        state.world,
      );
      return;
    }
    case "line": {
      const sight = inner.sight ?? undefined;
      readText(
        {
          ...shared,
          text: inner.text,
          shell: inner.shell,
          args: inner.args ?? [],
          depth,
          ...(sight === undefined ? {} : { sight }),
        },
        state,
        depth,
      );
      return;
    }
    default:
      assertNever(inner);
  }
}

function add(effects: readonly Effect[], call: Call, state: State): void {
  for (const effect of effects) {
    if (effect.resource === "file" && effect.action !== "read") state.written.add(effect.target);
    state.effects.push({
      ...effect,
      span: effect.span ?? call.span,
      certainty: call.certain ? effect.certainty : "possible",
    });
  }
}

function unforeseen(call: Call): string {
  return isKnown(call.tool) ? "" : call.tool.reason;
}

function showCall(call: Call): string {
  return call.argv.map(showArg).join(" ");
}

/** A text that cannot be parsed is worth a question only if something guarded may be in it. */
function mentionsGuarded(text: string, table: Table): boolean {
  return text.split(/[^A-Za-z0-9_.+-]+/).some((word) => table.has(word) && !harmlessMention.has(word));
}

/** Names that are readers' only for what they wrap, and too common in prose to mean anything by themselves. */
const harmlessMention: ReadonlySet<string> = new Set([
  "time",
  "env",
  "command",
  "exec",
  "find",
  "test",
  "install",
]);
