import { fromNetwork } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { Effect, FileEffect } from "../model/effect.js";
import type { JudgedCall } from "../model/judgement.js";
import type { World } from "../model/world.js";
import { followLinks, throughLinks } from "./files/line-links.js";
import type { Sockets } from "./files/redirects.js";
import { fetchingTools } from "./http/fetched.js";
import type { Table } from "./reader.js";
import type { LineCopies } from "./shell/line-copies.js";

/** What reading a line gathers, and what the calls read so far have done to the world that later ones find. */
export interface LineState {
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
  /** Copies of programs that they make. */
  readonly copies: LineCopies;
  readonly calls: JudgedCall[];
  readonly effects: Effect[];
  readonly origins: { readonly calls: (number | undefined)[]; readonly effects: (number | undefined)[] };
  readonly errors: string[];
  /** Absolute paths of files whose text runs in the line's own shell. */
  readonly sourced: string[];
  /** Descriptors that the calls read so far have tied to a connection. */
  readonly sockets: Sockets;
  /** The text that is being read: spans are offsets in it. */
  text: string;
  /** The texts of the scripts that are being read, outermost first. */
  readonly scripts: string[];
  /** Words of the calls so far that stand deep in others. */
  deepWords: number;
  wantsStdin: boolean;
}

export function openState(table: Table, world: World): LineState {
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
    copies: new Map(),
    calls: [],
    effects: [],
    origins: { calls: [], effects: [] },
    errors: [],
    sourced: [],
    sockets: new Map(),
    text: "",
    scripts: [],
    deepWords: 0,
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
    entries: (path, cap) => (moved.size === 0 ? world.entries?.(path, cap) : undefined),
    readFile: (path, cap) =>
      written.has(path)
        ? { ok: false, reason: fetched.has(path) ? fromNetwork : "this line writes it first" }
        : world.readFile(path, cap),
  };
}

/** Takes effects in, with the place and the certainty of their call, the one at `origin`. */
export function addEffects(
  effects: readonly Effect[],
  call: Call,
  state: LineState,
  origin: number | undefined,
): void {
  if (effects.length === 0) return;
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
  noteOrigin(origin, state);
}

/** Of all effects that came since the last time. */
export function noteOrigin(origin: number | undefined, { effects, origins }: LineState): void {
  while (origins.effects.length < effects.length) origins.effects.push(origin);
}

/** `mv thesis.txt clean.txt; echo > clean.txt`: what the second command overwrites is the thesis. */
function follow(effect: FileEffect, { moved, effects }: LineState): void {
  const source = moved.get(effect.target);
  if (source !== undefined && effect.aspect === "content" && effect.recovery === "unknown")
    effects.push({ ...effect, target: source, because: "this line moves it there first" });
  if (effect.to !== undefined) moved.set(effect.to, source ?? effect.target);
}

/** Files that a download names by itself. */
export function noteFetched(paths: readonly string[], { written, fetched }: LineState): void {
  for (const path of paths) {
    written.add(path);
    fetched.add(path);
  }
}
