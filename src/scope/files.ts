import { assertNever } from "../model/assert-never.js";
import type { Effect, FileEffect } from "../model/effect.js";
import type { Manifest } from "../model/scope.js";
import { aroundOf, showPath } from "../model/shown-path.js";
import type { World } from "../model/world.js";
import { findBelow } from "./below.js";
import type { Finding } from "./bounds.js";
import { type FileScopes, fileScopes, leadsTo, mayRead } from "./file-scopes.js";
import { findGlob, isWithin, type PathGlob } from "./globs.js";

/**
 * `files`: what may be read, written, and never touched. `asRead` is the effect as its reader gave it: settled, one of many
 * files tells of the worst of them alone.
 */
export function boundFile(
  effect: Effect,
  manifest: Manifest,
  world: World,
  asRead: Effect = effect,
): Finding | undefined {
  const { never, write, read } = manifest.files;
  if (never.length === 0 && write === undefined && read === undefined) return undefined;
  const touched = touchedBy(effect, asRead, world);
  if (touched === undefined) return undefined;
  const scopes = fileScopes(manifest, world);
  const name = manifest.file.slice(manifest.file.lastIndexOf("/") + 1);
  return (
    boundNever(touched, scopes, name, world) ??
    (touched.file === undefined
      ? boundReading(touched, scopes, name, world)
      : boundWriting(touched.file, touched.paths, scopes, name, world))
  );
}

interface Touched {
  /** What its reader says of how it comes to be read; "" for nothing. */
  readonly how: string;
  /** Absolute, as they are named and where they lead. */
  readonly paths: readonly string[];
  /** Folders of which all is touched, and what that is must be looked up. */
  readonly wholes: readonly string[];
  readonly isWhole: boolean;
  /** Undefined for what only reads. */
  readonly file: FileEffect | undefined;
}

/** What of this machine's files an effect is about; undefined for none. */
function touchedBy(effect: Effect, asRead: Effect, world: World): Touched | undefined {
  const { target, resource, action } = effect;
  if (!target.startsWith("/")) return undefined;
  // What is sent away is read first.
  if (resource === "http")
    return action === "send"
      ? { how: "", paths: named([target], world), wholes: [], isWhole: false, file: undefined }
      : undefined;
  if (resource !== "file" || effect.place === "remote") return undefined;
  const among = asRead.resource === "file" ? (asRead.among ?? []) : [];
  const own = [target, effect.to, effect.linksTo].filter((path) => path !== undefined);
  const reads = action === "read";
  const isTaken = action === "delete" || effect.aspect === "name";
  // What is read of a folder its reader has looked up already, unless there was too much of it.
  const isWide = reads
    ? effect.extent.kind === "unknown"
    : effect.recursive || (isTaken && isFolder(target, world));
  // The link alone goes: what it leads to stays untouched.
  const paths = isTaken && isLink(target, world) ? own : named([...own, ...among], world);
  const wholes = isWide && among.length === 0 ? [target] : [];
  const how = reads && asRead.because !== "" ? `; ${asRead.because}` : "";
  return { how, paths, wholes, isWhole: effect.recursive, file: reads ? undefined : effect };
}

function named(paths: readonly string[], world: World): readonly string[] {
  return [...new Set(paths.flatMap((path) => [path, world.realpath(path)]))];
}

function boundNever(
  { how, paths, wholes }: Touched,
  { never }: FileScopes,
  name: string,
  world: World,
): Finding | undefined {
  for (const path of paths) {
    const glob = findGlob(never, path);
    if (glob !== undefined)
      return {
        bounds: "never",
        because: `${name}: ${show(path, world)} is never to be touched, nor read (files.never: ${glob.shown})${how}`,
      };
  }
  for (const folder of wholes) {
    const { paths: found, complete } = findBelow(never, folder, world);
    const [first] = found;
    if (first !== undefined)
      return {
        bounds: "never",
        because: `${name}: ${show(folder, world)} holds ${show(first, world)}, which is never to be touched (files.never: ${findGlob(never, first)?.shown ?? ""})`,
      };
    if (!complete)
      return {
        bounds: "outside",
        because: `${name}: ${show(folder, world)} is too large to tell whether it holds what files.never names`,
      };
  }
  return undefined;
}

function boundReading(
  { paths, isWhole }: Touched,
  { read }: FileScopes,
  name: string,
  world: World,
): Finding | undefined {
  if (read === undefined) return undefined;
  const path = paths.find((one) => !mayRead(read, one, world) && (isWhole || !leadsTo(read, one)));
  if (path === undefined) return undefined;
  return {
    bounds: "outside",
    because: `${name}: ${show(path, world)} lies outside what may be read (files.read: ${list(read)})`,
  };
}

function boundWriting(
  effect: FileEffect,
  paths: readonly string[],
  { write }: FileScopes,
  name: string,
  world: World,
): Finding | undefined {
  if (write === undefined || !changes(effect)) return undefined;
  const written = paths.filter((path) => path !== effect.linksTo);
  const path = written.find((one) => !mayWrite(effect, one, write, world));
  if (path === undefined) return undefined;
  return {
    bounds: "outside",
    because: `${name}: ${show(path, world)} lies outside what may be written (files.write: ${list(write)})`,
  };
}

function changes({ action, place }: FileEffect): boolean {
  // Nothing of these is anybody's work, or the rules ask about it by themselves.
  if (place === "temporary" || place === "device" || place === "remote") return false;
  switch (action) {
    case "create":
    case "modify":
    case "delete":
    case "grant":
      return true;
    case "read":
    case "execute":
    case "send":
      return false;
    default:
      return assertNever(action);
  }
}

function mayWrite(effect: FileEffect, path: string, write: readonly PathGlob[], world: World): boolean {
  if (findGlob(write, path) !== undefined) return true;
  if (world.session.temporary.some((folder) => isWithin(path, folder))) return true;
  const stat = world.lstat(path);
  // Nothing is there to be deleted: `rm -f`.
  if (effect.action === "delete" && !stat.exists && stat.reason === "missing") return true;
  return isOwn(effect, path, world);
}

/**
 * What the session has made itself, or can make again, may go and change: nobody's work is in it. A file that git tracks is
 * none of these, however it was born: an editor's save gives old work a new birth.
 */
function isOwn(effect: FileEffect, path: string, world: World): boolean {
  const stat = world.lstat(path);
  const isNew = (one: string) => {
    const found = world.lstat(one);
    return found.exists && found.born > 0 && found.born >= world.session.startedAt;
  };
  if (!stat.exists) return effect.action === "create" && isNew(path.slice(0, path.lastIndexOf("/")) || "/");
  const isSpare =
    effect.recovery === "recreate" && effect.place === "workspace" && effect.action === "delete";
  const isHarmless = effect.recovery === "recreate" || effect.recovery === "needless";
  return (isSpare || (isHarmless && isNew(path))) && !isTracked(path, world);
}

function isTracked(path: string, { git }: World): boolean {
  const top = git.repository(path)?.top;
  if (top === undefined) return false;
  const tracked = git.tracked(top, path.slice(top.length + 1));
  return "reason" in tracked || tracked.size > 0;
}

function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}

function isLink(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "symlink";
}

function show(path: string, world: World): string {
  return showPath(path, aroundOf(world));
}

function list(globs: readonly PathGlob[]): string {
  const shown = globs.map((glob) => glob.shown);
  if (shown.length === 0) return "nothing";
  return shown.length > 4 ? `${shown.slice(0, 4).join(", ")}, …` : shown.join(", ");
}
