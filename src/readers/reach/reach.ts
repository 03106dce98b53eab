import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, type FileEffect, plainEffect } from "../../model/effect.js";
import type { FileLimits, World } from "../../model/world.js";
import { creation, modification, toolName } from "../file-effects.js";
import { isDirectory, isWithin, resolvePath } from "../path.js";
import { literalsOf } from "./literals.js";
import { listers, lookers, makers } from "./looks.js";
import { readWholes } from "./wholes.js";
import { namedIn, wordsOf } from "./words.js";

/**
 * The net for reading: what a call names, or reads as a whole folder, is an effect where a scope manifest minds. Most
 * programs have no reader for what they only read; that they are given its path is enough. `done`: what their readers told of.
 */
export function readReach(
  call: Call,
  world: World,
  done: readonly Effect[],
  inner: readonly Inner[],
): readonly FileEffect[] {
  const { limits } = world;
  if (limits === undefined) return [];
  const tool = toolName(call);
  const reach: Reach = { call, world, limits, tool, done, found: new Map() };
  for (const { operator, target } of call.redirects)
    if (operator === "<" || operator === "<>") look(target, "content", reach);
  if (call.stdin.kind === "file") look(call.stdin.path, "content", reach);
  if (makers.has(tool)) lookMade(reach);
  // Builtins and the like print their words, or ask whether a file is there.
  const isLook =
    lookers.has(tool) ||
    (tool === "ls" && call.argv.some((word) => isKnown(word) && /^-[a-zA-Z]*d/.test(word)));
  if (isLook) return [...reach.found.values()];
  const aspect = listers.has(tool) ? "names" : "content";
  for (const word of wordsOf(call, inner)) {
    for (const one of namedIn(word, tool)) look(one, aspect, reach);
    if (reach.found.size >= mostTold) break;
  }
  for (const text of literalsOf(call, world)) look(text, "content", reach);
  lookAround(reach);
  for (const { folder, skips } of readWholes(call, world)) lookThrough(folder, skips, reach);
  return [...reach.found.values()];
}

/** More than these on one card tell nothing. */
const mostTold = 20;

interface Reach {
  readonly call: Call;
  readonly world: World;
  readonly limits: FileLimits;
  readonly tool: string;
  readonly done: readonly Effect[];
  /** By real path. */
  readonly found: Map<string, FileEffect>;
}

/** `names`: of a folder what it lists, of a file nothing but that it is there. */
function look(word: Arg, aspect: "content" | "names", reach: Reach): void {
  const { call, world, limits } = reach;
  if (!isKnown(word)) {
    lookInto(word.prefix, reach);
    return;
  }
  const text = spelledOut(word, call, world);
  const path = resolvePath(call, world, text);
  if (path === undefined || !isKnown(path)) return;
  const stat = world.lstat(path);
  if (!stat.exists && stat.reason === "missing") return;
  const real = world.realpath(path);
  if (!limits.isHeld(real) && !limits.isHeld(path)) return;
  if (aspect === "names" && !isDirectory(path, world)) return;
  note(real, "", "certain", reach);
}

/** As the program would have it, not as this process: `~/x` that no shell has read, `/proc/self/cwd/x`. */
function spelledOut(word: string, { cwd }: Call, world: World): string {
  if (word.startsWith("~/")) return world.user.home + word.slice(1);
  const [all, link] = /^\/proc\/(?:self|thread-self|\d+)\/(cwd|root)(?=\/|$)/.exec(word) ?? [];
  if (all === undefined) return word;
  return (link === "cwd" && isKnown(cwd) ? cwd : "") + word.slice(all.length);
}

/** `mkdir x` loses nothing, so no reader tells of it; but that is no place to make one. */
function lookMade({ call, world, limits, tool, found }: Reach): void {
  for (const word of call.argv.slice(1)) {
    const path = isKnown(word) && !word.startsWith("-") ? resolvePath(call, world, word) : undefined;
    if (path === undefined || !isKnown(path)) continue;
    const real = world.realpath(path);
    const isThere = world.lstat(real).exists;
    if ((isThere && tool !== "touch") || !limits.isClosed(real)) continue;
    const made = isThere ? modification(tool, path) : creation(tool, path);
    found.set(real, { ...made, recovery: "needless" });
  }
}

/** `cat infra/domains/$FILE`: whichever it is, it lies there. */
function lookInto(prefix: string, reach: Reach): void {
  const folder = prefix.slice(0, prefix.lastIndexOf("/"));
  const path = folder === "" ? undefined : resolvePath(reach.call, reach.world, folder);
  if (path === undefined || !isKnown(path) || !isDirectory(path, reach.world)) return;
  const real = reach.world.realpath(path);
  if (reach.limits.isHeld(real)) note(real, "something in it", "possible", reach);
}

/** `cd infra/domains && make`: what is started in such a folder has it at hand. */
function lookAround(reach: Reach): void {
  const { cwd } = reach.call;
  if (!isKnown(cwd)) return;
  const real = reach.world.realpath(cwd);
  if (reach.limits.isHeld(real) && reach.found.size === 0) note(real, "started in it", "certain", reach);
}

function lookThrough(folder: string, skips: (path: string) => boolean, reach: Reach): void {
  const { world, limits } = reach;
  const real = world.realpath(folder);
  if (reach.found.has(real)) return;
  const { paths, complete } = limits.heldBelow(real, world, skips);
  for (const path of paths.slice(0, 3))
    if (path === real) reach.found.set(real, { ...readsAll(reach.tool, real, ""), extent: { kind: "all" } });
    else
      note(
        path,
        `"${reach.tool}" reads all of ${folder}: name less, or have it leave this out`,
        "certain",
        reach,
      );
  if (paths.length > 0 || complete) return;
  reach.found.set(real, readsAll(reach.tool, real, "too large to tell what of it would be read"));
}

function readsAll(tool: string, path: string, because: string): FileEffect {
  return { ...reads(tool, path, because, "possible"), recursive: true, extent: { kind: "unknown" } };
}

/** What a reader has told of already needs no second line on the card. */
function note(path: string, because: string, certainty: Effect["certainty"], reach: Reach): void {
  const isTold = reach.done.some((effect) =>
    effect.resource === "file"
      ? [effect.target, effect.linksTo, ...(effect.among ?? [])].some(
          (one) => one !== undefined && isWithin(reach.world.realpath(one), path),
        ) || effect.target === path
      : effect.target === path,
  );
  if (!isTold && !reach.found.has(path)) reach.found.set(path, reads(reach.tool, path, because, certainty));
}

function reads(tool: string, path: string, because: string, certainty: Effect["certainty"]): FileEffect {
  return {
    ...plainEffect(tool, "read", path),
    resource: "file",
    place: "unknown",
    aspect: "content",
    recursive: false,
    extent: { kind: "exact", count: 1, unit: "files" },
    certainty,
    because,
  };
}
