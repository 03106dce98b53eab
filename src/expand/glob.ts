import { type Arg, isKnown, unknown } from "../model/arg.js";
import { resolvePath } from "./path.js";
import { compilePattern, matchesWhole, type Pattern } from "./pattern.js";
import { charge, type Place } from "./place.js";
import type { State } from "./state.js";
import { readVariable } from "./variable.js";

/** Pathname expansion of one field. Without a match it stays as written, unless the shell's options say otherwise. */
export function expandPattern(place: Place, state: State, pattern: string, text: string): readonly Arg[] {
  const extended = state.options.has("extglob") || /(?<!\\)[?*+@!]\(/.test(pattern);
  const parts = splitPattern(pattern);
  if (!parts.some((part) => isSpecial(part, extended))) return [text];
  // dash takes the `^` for a letter like any other.
  if (place.run.shell === "sh" && /\[\^/.test(pattern))
    return [unknown(text, "not every sh reads the pattern alike", "", true)];
  if (state.options.has("nocaseglob") || readVariable(place, state, "GLOBIGNORE").kind !== "unset") {
    return [unknown(text, "the shell's options change what it matches", "", true)];
  }
  const walk: Walk = {
    place,
    state,
    extended,
    visits: 0,
    names: [],
    excess: undefined,
    open: undefined,
  };
  visit(walk, parts, 0, pattern.startsWith("/") ? "/" : "");
  const prefix = literalPrefix(parts, pattern, extended);
  if (walk.excess !== undefined) return [unknown(text, walk.excess, prefix, true)];
  const found = [...new Set(walk.names)].sort(byCode);
  const open = state.touched ?? walk.open;
  if (open !== undefined) return [...found, unknown(text, open, prefix, true)];
  if (found.length > 0) return found;
  return state.options.has("nullglob") || state.options.has("failglob") ? [] : [text];
}

const matchCap = 10_000;
const visitCap = 2_000;

interface Walk {
  readonly place: Place;
  readonly state: State;
  readonly extended: boolean;
  visits: number;
  readonly names: string[];
  /** Why the answer cannot be had. */
  excess: string | undefined;
  /** Why there may be others. */
  open: string | undefined;
}

/** `a/*\/b` → `a`, `*`, `b`; a final slash leaves an empty part. */
function splitPattern(pattern: string): readonly string[] {
  return pattern.replace(/^\/+/, "").split(/\/+/);
}

function isSpecial(part: string, extended: boolean): boolean {
  const bare = part.replace(/\\./gs, "");
  return /[*?]|\[.*\]/s.test(bare) || (extended && /[?*+@!]\(/.test(bare));
}

function visit(walk: Walk, parts: readonly string[], at: number, base: string): void {
  const part = parts[at];
  if (walk.excess !== undefined || part === undefined) return;
  const last = at === parts.length - 1;
  if (part === "" && last) {
    if (isFolder(walk, base)) add(walk, base);
    return;
  }
  if (!isSpecial(part, walk.extended)) {
    const name = base + part.replace(/\\(.)/gs, "$1");
    if (!last) visit(walk, parts, at + 1, `${name}/`);
    else if (exists(walk, name)) add(walk, name);
    return;
  }
  if (part === "**" && walk.state.options.has("globstar")) {
    if (last && base !== "" && base !== "/") add(walk, base);
    visitDeep(walk, parts, at, base);
    return;
  }
  const pattern = compilePattern(part, walk.extended);
  for (const name of list(walk, base, part, pattern)) {
    if (!matchesWhole(pattern, name)) continue;
    if (last) add(walk, base + name);
    else if (isFolder(walk, base + name)) visit(walk, parts, at + 1, `${base}${name}/`);
  }
}

const anything: Pattern = compilePattern("*", false);

/** `**`: this directory and all below it, links not followed. */
function visitDeep(walk: Walk, parts: readonly string[], at: number, base: string): void {
  const last = at === parts.length - 1;
  if (!last) visit(walk, parts, at + 1, base);
  for (const name of list(walk, base, "*", anything)) {
    if (!matchesWhole(anything, name)) continue;
    const path = base + name;
    const stat = walk.place.run.world.lstat(absolute(walk, path));
    const isDirectory = stat.exists && stat.kind === "directory";
    if (last) add(walk, path);
    if (isDirectory) visitDeep(walk, parts, at, `${path}/`);
  }
}

function list(walk: Walk, base: string, part: string, pattern: Pattern): readonly string[] {
  walk.visits += 1;
  if (walk.visits > visitCap) walk.excess = "the pattern reaches too many directories";
  const path = resolvePath(walk.state.cwd, base === "" ? "." : base);
  if (!isKnown(path)) walk.excess = path.reason;
  if (walk.excess !== undefined || !isKnown(path)) return [];
  const listing = walk.place.run.world.readdir(path, matchCap + 1);
  if (listing.ok && !listing.complete) walk.excess = `"${path}" has too many entries`;
  const all = [...(listing.ok ? listing.names : []), ...listMade(walk, path, pattern)];
  charge(walk.place.run, all.length * 20);
  if (walk.place.run.halted) walk.excess = "the patterns match too much";
  const dots = part.startsWith(".") || part.startsWith("\\.");
  if (dots) {
    const own = walk.place.run.shell === "sh" || walk.state.options.has("dots") ? [".", ".."] : [];
    return [...own, ...all];
  }
  if (walk.state.options.has("dotglob")) return all;
  return all.filter((name) => !name.startsWith("."));
}

/** What the line made there itself before. `echo > d/f` makes no `d`: where there is none, whatever made it was not foreseen. */
function listMade(walk: Walk, folder: string, pattern: Pattern): readonly string[] {
  const { files, folders } = walk.state;
  if (files.map.size + folders.map.size === 0) return [];
  const base = folder === "/" ? "/" : `${folder}/`;
  const isHere = isFolder(walk, folder);
  const made = new Map<string, boolean>();
  for (const path of [...files.map.keys(), ...folders.map.keys()]) {
    if (!path.startsWith(base)) continue;
    const name = path.slice(base.length).replace(/\/.*/s, "");
    if (path === base + name) made.set(name, isHere);
    else if (!made.has(name)) made.set(name, isHere && isFolder(walk, base + name));
  }
  if ([...made].some(([name, isThere]) => !isThere && matchesWhole(pattern, name)))
    walk.open = `whether "${folder}" has such folders is not known`;
  return [...made].flatMap(([name, isThere]) => (isThere ? [name] : []));
}

function isMade(state: State, path: string): boolean {
  return state.files.map.has(path) || state.folders.map.has(path);
}

function add(walk: Walk, name: string): void {
  walk.names.push(name);
  if (walk.names.length > matchCap) walk.excess = "the pattern matches too many files";
}

function absolute(walk: Walk, path: string): string {
  const full = resolvePath(walk.state.cwd, path);
  return isKnown(full) ? full : path;
}

function exists(walk: Walk, path: string): boolean {
  const full = resolvePath(walk.state.cwd, path);
  if (isKnown(full)) return isMade(walk.state, full) || walk.place.run.world.lstat(full).exists;
  walk.excess = full.reason;
  return false;
}

function isFolder(walk: Walk, path: string): boolean {
  const { world } = walk.place.run;
  const full = absolute(walk, path);
  if (walk.state.folders.map.has(full)) return true;
  const stat = world.lstat(full);
  if (!stat.exists) return false;
  if (stat.kind !== "symlink") return stat.kind === "directory";
  const target = world.lstat(world.realpath(full));
  return target.exists && target.kind === "directory";
}

/** The folders in front of the first part that is a pattern. */
function literalPrefix(parts: readonly string[], pattern: string, extended: boolean): string {
  const first = parts.findIndex((part) => isSpecial(part, extended));
  const known = parts.slice(0, Math.max(0, first)).map((part) => `${part.replace(/\\(.)/gs, "$1")}/`);
  // `env V=* bash -c …` sets V, whatever it finds.
  const name = first === 0 ? (/^[A-Za-z_]\w*=/.exec(pattern)?.[0] ?? "") : "";
  return name + (pattern.startsWith("/") ? "/" : "") + known.join("");
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
