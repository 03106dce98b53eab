import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, deletion, editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import { readAccessDeed } from "./access.js";
import type { CodeDeed } from "./deeds.js";
import { type Opening, openingOf, writingOf } from "./opens.js";
import {
  type CodeCall,
  type CodeValue,
  hiddenValue,
  itemsOf,
  plainText,
  showValue,
  textsOf,
  textValue,
} from "./values.js";

export interface CodeFiles {
  readonly effects: readonly Effect[];
  readonly inner: readonly Inner[];
}

const none: CodeFiles = { effects: [], inner: [] };

/** What a call does to files. `call` is that of the interpreter, with the folder that the code has changed to. */
export function readFileDeed(call: Call, world: World, deed: CodeDeed, one: CodeCall): CodeFiles {
  const [first, second] = one.values;
  const own = one.receiver ?? hiddenValue(one.source);
  switch (deed) {
    case "file":
      return remove(call, world, one, first ?? named(one), false);
    case "tree":
      return remove(call, world, one, first ?? named(one), true);
    case "files":
    case "trees":
      return both(one.values.map((value) => remove(call, world, one, value, deed === "trees")));
    case "own-file":
    case "own-tree":
      return remove(call, world, one, own, deed === "own-tree");
    case "emptied":
      return first === undefined ? none : empty(call, world, one, first);
    case "write":
      return write(call, world, first ?? named(one), writingOf(one));
    case "second-write":
      return write(call, world, second ?? one.named.get("file") ?? one.named.get("path"), writingOf(one));
    case "own-write":
      return write(call, world, own, writingOf(one));
    case "append":
      return write(call, world, first ?? named(one), "kept");
    case "own-append":
      return write(call, world, own, "kept");
    case "lose":
      return first === undefined ? none : lose(call, world, one, first);
    case "open":
      return write(call, world, first ?? named(one), openingOf(joined(one.values.slice(1)) ?? modeIn(one)));
    case "own-open":
      return write(call, world, own, openingOf(first ?? modeIn(one)));
    case "handle-open":
      return write(call, world, second, openingOf(one.values[2]));
    case "inplace":
      return isOn(one.named.get("inplace")) && first !== undefined ? edit(call, world, first) : none;
    case "lose-opened":
      return loseOpened(call, world, one, own.kind === "made" ? own : (first ?? own));
    case "perl-open":
      return openPerl(call, world, one.values);
    case "move":
      return transfer(call, world, "mv", first, second ?? one.named.get("toPath"));
    case "own-move":
      return transfer(call, world, "mv", own, first ?? one.named.get("target"));
    case "copy":
      return transfer(call, world, "cp", first, second);
    case "own-copy":
      return transfer(call, world, "cp", own, first);
    default:
      return readAccessDeed(call, world, deed, one);
  }
}

/** Where options follow the path in braces, or by name. */
function modeIn({ named }: CodeCall): CodeValue | undefined {
  const mode = named.get("mode") ?? named.get("open") ?? named.get("flags");
  return mode ?? (named.size > 0 ? { kind: "fields", fields: named } : undefined);
}

/** Ruby's `File::WRONLY | File::TRUNC`: bars part its values as commas do. */
function joined([first, ...rest]: readonly CodeValue[]): CodeValue | undefined {
  const more = first?.kind === "name" ? rest.filter(({ kind }) => kind === "name").map(showValue) : [];
  return first === undefined || more.length === 0
    ? first
    : { kind: "name", name: [showValue(first), ...more].join("|") };
}

function isOn(value: CodeValue | undefined): boolean {
  return value !== undefined && !/^(False|false|0|None)$/.test(showValue(value));
}

function both(all: readonly CodeFiles[]): CodeFiles {
  return { effects: all.flatMap(({ effects }) => effects), inner: all.flatMap(({ inner }) => inner) };
}

/** `rmtree(path="x")`, Swift's `removeItem(atPath: "x")` */
function named({ named }: CodeCall): CodeValue | undefined {
  for (const name of ["path", "atPath", "at", "file", "src", "fd"]) {
    const value = named.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function remove(
  call: Call,
  world: World,
  one: CodeCall,
  value: CodeValue | undefined,
  recursive: boolean,
): CodeFiles {
  if (value === undefined || value.kind === "fields" || isCallback(value)) return none;
  const tool = toolName(call);
  const effects = textsOf(value).flatMap((word) => {
    if (!isKnown(word)) return readUnknown(call, world, one, word);
    return readPaths(call, world, [word], "delete", (path) => [deletion(tool, path, recursive)]);
  });
  return { effects, inner: [] };
}

/** `unlink("x", done)`, and Perl's options behind a list: the last argument is no path. */
function isCallback(value: CodeValue): boolean {
  return value.kind === "name" && /^(cb|callback|done|next|err|noop|console\..*)$/.test(value.name);
}

/**
 * Nothing else sees what an interpreter deletes. Something below a folder counts as that folder; what could be anything
 * is asked about.
 */
function readUnknown(call: Call, world: World, one: CodeCall, word: Unknown): readonly Effect[] {
  if (word.shape === "fresh") return [];
  const tool = toolName(call);
  const folder = word.prefix.slice(0, word.prefix.lastIndexOf("/"));
  const isBelow = word.shape === "name" || word.shape === "relative" || word.shape === "path";
  const path = isBelow && folder !== "" ? resolvePath(call, world, folder) : undefined;
  const isWhole = path !== undefined && isKnown(path) && !isWide(path, world);
  if (isWhole) return [{ ...deletion(tool, path, true), because: word.reason, certainty: "possible" }];
  return [opaqueEffect(tool, one.source, `cannot tell what it would delete: ${word.reason}`)];
}

/** Some of its files are not the whole workspace, nor a home. */
function isWide(path: string, world: World): boolean {
  return world.session.workspace.startsWith(path) || path === world.user.home || /^\/[^/]*$/.test(path);
}

function empty(call: Call, world: World, one: CodeCall, value: CodeValue): CodeFiles {
  return remove(call, world, one, value, true);
}

function write(
  call: Call,
  world: World,
  value: CodeValue | undefined,
  opening: Opening | undefined,
): CodeFiles {
  if (value === undefined || opening === undefined) return none;
  return opening === "anew" ? edit(call, world, value) : onKnown(call, world, value, appending);
}

function edit(call: Call, world: World, value: CodeValue): CodeFiles {
  return onKnown(call, world, value, editing);
}

function onKnown(call: Call, world: World, value: CodeValue, does: typeof editing): CodeFiles {
  const tool = toolName(call);
  const paths = textsOf(value).filter(isKnown);
  return {
    effects: readPaths(call, world, paths, "overwrite", (path) => does(tool, path, world)),
    inner: [],
  };
}

/** `os.ftruncate(os.open(f, …), 0)`, `with open(f, "r+") as h: h.truncate()` */
function loseOpened(call: Call, world: World, one: CodeCall, handle: CodeValue): CodeFiles {
  const opened = handle.kind === "made" ? handle.call : undefined;
  const path = opened?.receiver?.kind === "text" ? opened.receiver : opened?.values[0];
  return path === undefined ? none : lose(call, world, one, path);
}

/** What a program cuts off is gone, wherever the file lies. */
function lose(call: Call, world: World, one: CodeCall, value: CodeValue): CodeFiles {
  const tool = toolName(call);
  const effects = textsOf(value).flatMap((word) =>
    isKnown(word)
      ? readPaths(call, world, [word], "cut off", (path) => overwriting(tool, path, world))
      : readUnknown(call, world, one, word),
  );
  return { effects, inner: [] };
}

/** `open(F, ">", "f")`, `open F, ">f"`, `open(F, "rm -rf x |")`, `open(F, "-|", "rm", "-rf", "x")` */
function openPerl(call: Call, world: World, values: readonly CodeValue[]): CodeFiles {
  const [, mode, target] = values;
  const text = plainText(mode)?.trim();
  if (text === undefined) return none;
  const opening = openingOf(mode);
  const path = text.replace(/^\+?[<>]+\s*/, "").replace(/^:\S*/, "");
  const named = path === "" ? undefined : textValue(path);
  return opening === undefined ? none : write(call, world, target ?? named, opening);
}

/** As the programs of the same name would: into a folder that is there, over a file that is there. */
function transfer(
  call: Call,
  world: World,
  program: "mv" | "cp",
  source: CodeValue | undefined,
  destination: CodeValue | undefined,
): CodeFiles {
  if (source === undefined || destination === undefined) return none;
  const [to] = textsOf(destination);
  const from = itemsOf(source).flatMap(textsOf);
  if (to === undefined || !isKnown(to) || textsOf(destination).length > 1) return none;
  const known = from.filter(isKnown);
  if (known.length > 0)
    return {
      effects: [],
      inner: known.slice(0, 100).map((word) => transferCall(call, program, word, to)),
    };
  const path = resolvePath(call, world, to);
  const isFolder = path !== undefined && isKnown(path) && isDirectoryAt(path, world);
  return isFolder ? none : edit(call, world, textValue(to));
}

function transferCall(call: Call, program: "mv" | "cp", from: string, to: string): Inner {
  const argv: readonly Arg[] = [program, ...(program === "cp" ? ["-r"] : []), "--", from, to];
  return { kind: "call", argv, via: toolName(call), sight: "never", cwd: call.cwd };
}

function isDirectoryAt(path: string, world: World): boolean {
  const stat = world.lstat(joinPath(path, "."));
  return stat.exists && stat.kind === "directory";
}
