import { type Arg, isKnown, type Unknown } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import type { CodeDeed } from "./code-deeds.js";
import { type CodeCall, type CodeValue, hiddenValue, itemsOf, plainText, textsOf } from "./code-values.js";
import { deletion, editing, overwriting, readPaths, toolName } from "./file-effects.js";
import { joinPath, resolvePath } from "./path.js";

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
      return write(call, world, first ?? named(one));
    case "second-write":
      return write(call, world, second ?? one.named.get("file") ?? one.named.get("path"));
    case "own-write":
      return write(call, world, own);
    case "lose":
      return first === undefined ? none : lose(call, world, one, first);
    case "open":
      return opens(second ?? one.named.get("mode")) ? write(call, world, first ?? named(one)) : none;
    case "own-open":
      return opens(first ?? one.named.get("mode")) ? write(call, world, own) : none;
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
      return none;
  }
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

function write(call: Call, world: World, value: CodeValue | undefined): CodeFiles {
  const paths = value === undefined ? [] : textsOf(value).filter(isKnown);
  const tool = toolName(call);
  return {
    effects: readPaths(call, world, paths, "overwrite", (path) => editing(tool, path, world)),
    inner: [],
  };
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

/** Modes that make the file anew: `w`, `wb`, `x+`; `r` and `a` keep it. */
function opens(mode: CodeValue | undefined): boolean {
  return mode !== undefined && textsOf(mode).some((text) => isKnown(text) && /^[bt]?[wx]/.test(text));
}

/** `open(F, ">", "f")`, `open F, ">f"`, `open(F, "rm -rf x |")`, `open(F, "-|", "rm", "-rf", "x")` */
function openPerl(call: Call, world: World, values: readonly CodeValue[]): CodeFiles {
  const [, mode, target] = values;
  const text = plainText(mode)?.trim();
  if (text === undefined) return none;
  if (/^\+?>(?!>)/.test(text)) {
    const path = text.replace(/^\+?>\s*/, "").replace(/^:\S*/, "");
    return target === undefined
      ? write(call, world, path === "" ? undefined : { kind: "text", any: [path], isPath: false })
      : write(call, world, target);
  }
  return none;
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
  return isFolder ? none : write(call, world, { kind: "text", any: [to], isPath: false });
}

function transferCall(call: Call, program: "mv" | "cp", from: string, to: string): Inner {
  const argv: readonly Arg[] = [program, ...(program === "cp" ? ["-r"] : []), "--", from, to];
  return { kind: "call", argv, via: toolName(call), sight: "never", cwd: call.cwd };
}

function isDirectoryAt(path: string, world: World): boolean {
  const stat = world.lstat(joinPath(path, "."));
  return stat.exists && stat.kind === "directory";
}
