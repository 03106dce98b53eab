import { worldAfter } from "../expand/files.js";
import { expandLine } from "../expand/line.js";
import { fromNetwork, isKnown, showArg } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Call, Host, Inner, Span } from "../model/call.js";
import { type Effect, type FileEffect, opaqueEffect } from "../model/effect.js";
import type { JudgedCall } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { farCwd, farEnv } from "./far.js";
import { fetchedPaths, fetchingTools } from "./fetched.js";
import { followLinks, throughLinks } from "./line-links.js";
import { isLookup, isStranger, mentionsGuarded } from "./mention.js";
import { mountedEffects, mountedWorld } from "./mounted.js";
import { resolvePath } from "./path.js";
import { join, type Reader, type Table } from "./reader.js";
import { readRedirects, type Sockets } from "./redirects.js";
import { readScript } from "./scripts.js";
import { readSender } from "./senders.js";
import { stormEffect } from "./storm.js";
import { carriers, readStranger } from "./stranger.js";
import { withoutSuffix } from "./suffix.js";

/** Everything that a list of calls does, inner calls and lines included. */
export interface Understanding {
  readonly calls: readonly JudgedCall[];
  readonly effects: readonly Effect[];
  readonly errors: readonly string[];
  /** Some call takes its orders from a stdin that is not known yet. */
  readonly wantsStdin: boolean;
}

/** Wrappers in wrappers, shells in shells: deeper than this nobody writes by hand, and a loop must end. */
const maxDepth = 24;
/** Over all levels: a line of ten evals of ten evals must not run away either. */
const maxCalls = 20_000;

export function readCalls(calls: readonly Call[], table: Table, world: World): Understanding {
  const state = openState(table, world);
  for (const call of calls) readCall(call, state, 0, state.world);
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
  readText(input, state, 0, isFile);
  return state;
}

interface State {
  readonly table: Table;
  readonly world: World;
  /** Absolute paths of files whose content the calls read so far make or change. */
  readonly written: Set<string>;
  /** Those of them that it fetches. */
  readonly fetched: Set<string>;
  /** Where files will lie that the calls read so far move, and where they lie now. */
  readonly moved: Map<string, string>;
  /** Links that they make, and where those lead. */
  readonly links: Map<string, string>;
  readonly calls: JudgedCall[];
  readonly effects: Effect[];
  readonly errors: string[];
  /** Descriptors that the calls read so far have tied to a connection. */
  readonly sockets: Sockets;
  /** The text that is being read: spans are offsets in it. */
  text: string;
  /** The texts of the scripts that are being read, outermost first. */
  readonly scripts: string[];
  wantsStdin: boolean;
}

function openState(table: Table, world: World): State {
  const written = new Set<string>();
  const fetched = new Set<string>();
  const moved = new Map<string, string>();
  const links = new Map<string, string>();
  return {
    table,
    world: throughLinks(withoutWritten(world, written, fetched, moved), links),
    written,
    fetched,
    moved,
    links,
    calls: [],
    effects: [],
    errors: [],
    sockets: new Map(),
    text: "",
    scripts: [],
    wantsStdin: false,
  };
}

/**
 * What the line itself writes first is not what lies on disk now: `echo … > body.json; /usr/bin/curl -d @body.json` must not
 * be judged by the harmless body of yesterday.
 */
function withoutWritten(
  world: World,
  written: ReadonlySet<string>,
  fetched: ReadonlySet<string>,
  moved: ReadonlyMap<string, string>,
): World {
  return {
    ...world,
    lstat: (path) => world.lstat(moved.get(path) ?? path),
    readFile: (path, cap) =>
      written.has(path)
        ? { ok: false, reason: fetched.has(path) ? fromNetwork : "this line writes it first" }
        : world.readFile(path, cap),
  };
}

function readText(
  input: Parameters<typeof expandLine>[0],
  state: State,
  depth: number,
  isFile: boolean,
): void {
  const expanded = expandLine(input, state.world);
  state.text = input.text;
  for (const error of expanded.errors) {
    state.errors.push(error);
    state.effects.push({
      ...opaqueEffect("shell", input.text, error, mentionsGuarded(input.text, state.table)),
      certainty: input.certain === false ? "possible" : "certain",
    });
  }
  const [storm] = expanded.storms;
  if (storm !== undefined) {
    const certainty = input.certain === false ? "possible" : "certain";
    state.effects.push({
      ...stormEffect("shell", input.text.slice(storm.start, storm.end)),
      certainty,
      span: storm,
    });
  }
  for (const call of expanded.calls) {
    const made = expanded.made.get(call);
    readCall(call, state, depth, made === undefined ? state.world : worldAfter(state.world, made), isFile);
  }
}

function readCall(given: Call, state: State, depth: number, world: World, isFile = false): void {
  const call = withoutSuffix(given, state.table);
  const tool = isKnown(call.tool) ? call.tool : undefined;
  const reader =
    tool === undefined
      ? undefined
      : (findService(call, state) ?? state.table.get(tool) ?? findByLink(call, state, world));
  state.calls.push(judged(call, reader !== undefined));
  if (depth > maxDepth || state.calls.length > maxCalls) {
    if (state.errors.length < 100) {
      state.errors.push("nested too deep to be foreseen");
      state.effects.push(opaqueEffect(tool ?? "shell", showCall(call), "nested too deep to be foreseen"));
    }
    return;
  }
  const redirects = readRedirects(call, world, state.sockets);
  add(redirects.effects, call, state);
  if (tool === undefined) {
    // A line that somebody typed says what it starts; a script may well be told.
    const isOwn = !isFile && !call.via.includes("source");
    add(
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
  add(reading.effects, call, state);
  add(readSender(call, world), call, state);
  for (const path of fetchedPaths(call, world)) {
    state.written.add(path);
    state.fetched.add(path);
  }
  if (reading.wantsStdin) state.wantsStdin = true;
  for (const one of [...redirects.inner, ...reading.inner]) readInner(one, call, state, depth + 1, isFile);
}

/** `/etc/init.d/nginx stop` is `service nginx stop`. */
function findService({ argv: [program] }: Call, { table }: State): Reader | undefined {
  return program !== undefined && isKnown(program) && /^\/etc\/(rc\.d\/)?init\.d\/[^/]+$/.test(program)
    ? table.get("service")
    : undefined;
}

/** `./x`, a symbolic link to a program that is known. */
function findByLink({ argv: [program], cwd }: Call, { table }: State, world: World): Reader | undefined {
  if (program === undefined || !isKnown(program) || !program.includes("/")) return undefined;
  const path = resolvePath({ cwd }, world, program);
  if (path === undefined || !isKnown(path)) return undefined;
  const target = world.realpath(path);
  return target === path ? undefined : table.get(target.slice(target.lastIndexOf("/") + 1));
}

/** Field by field: a spread of this many costs more than reading most calls does. */
function judged(call: Call, known: boolean): JudgedCall {
  const { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span } = call;
  return { tool, argv, cwd, env, stdin, redirects, via, sight, certain, span, known };
}

function readInner(inner: Inner, outer: Call, state: State, depth: number, isFile: boolean): void {
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
        isFile,
      );
      return;
    }
    case "line": {
      if (inner.host !== undefined) {
        readFar(inner, inner.host, outer, state, depth);
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
          ...(sight === undefined ? {} : { sight }),
        },
        state,
        depth,
        isFile || inner.isFile === true,
      );
      if (inner.isFile === true) scripts.pop();
      state.text = text;
      const outside = placeInside(inner.text, outer.span, text);
      move(state.calls, from.calls, outside);
      move(state.effects, from.effects, outside);
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
  state: State,
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
  state.calls.push(...understood.calls.map((call) => ({ ...call, span: outside(call.span) })));
  state.errors.push(...understood.errors);
  if (understood.wantsStdin) state.wantsStdin = true;
  add(
    understood.effects.flatMap((effect) =>
      mountedEffects(effect, host).map((one) => ({ ...one, span: outside(effect.span) })),
    ),
    outer,
    state,
  );
}

type MoveSpan = (span: Span | undefined) => Span | undefined;

/**
 * From offsets in an inner text to offsets in the text that it stands in: into its own place there where it stands word for
 * word and once, else the whole of the outer call. A mark beside what it is about would mislead whoever reads the card.
 */
function placeInside(inner: string, outer: Span | undefined, text: string): MoveSpan {
  if (outer === undefined) return () => undefined;
  const around = text.slice(outer.start, outer.end);
  const at = inner === "" ? -1 : around.indexOf(inner);
  if (at < 0 || around.includes(inner, at + 1)) return () => outer;
  const offset = outer.start + at;
  return (span) => (span === undefined ? outer : { start: span.start + offset, end: span.end + offset });
}

function move<T extends { readonly span: Span | undefined }>(list: T[], from: number, to: MoveSpan): void {
  for (let at = from; at < list.length; at++) {
    const one = list[at];
    if (one !== undefined) list[at] = { ...one, span: to(one.span) };
  }
}

function add(effects: readonly Effect[], call: Call, state: State): void {
  for (const effect of effects) {
    if (effect.resource === "file" && effect.action !== "read") {
      state.written.add(effect.target);
      if (fetchingTools.has(effect.tool)) state.fetched.add(effect.target);
    }
    const settled = {
      ...effect,
      span: effect.span ?? call.span,
      certainty: call.certain ? effect.certainty : "possible",
    };
    state.effects.push(settled);
    if (settled.resource === "file") {
      follow(settled, state);
      followLinks(settled, state);
    }
  }
}

/** `mv thesis.txt clean.txt; echo > clean.txt`: what the second command overwrites is the thesis. */
function follow(effect: FileEffect, { moved, effects }: State): void {
  const source = moved.get(effect.target);
  if (source !== undefined && effect.aspect === "content" && effect.recovery === "unknown")
    effects.push({ ...effect, target: source, because: "this line moves it there first" });
  if (effect.to !== undefined) moved.set(effect.to, source ?? effect.target);
}

function unforeseen(call: Call): string {
  return isKnown(call.tool) ? "" : call.tool.reason;
}

function showCall(call: Call): string {
  return call.argv.map(showArg).join(" ");
}
