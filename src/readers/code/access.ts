import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { appending, creation, readPaths, renaming, toolName } from "../file-effects.js";
import { isWithin } from "../path.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import type { CodeDeed } from "./deeds.js";
import { readCodeMode } from "./modes.js";
import { type CodeCall, type CodeValue, hiddenValue, itemsOf, textsOf } from "./values.js";

/** What a call does to names, modes and owners; the programs of the same purpose say what that means. */
export function readAccessDeed(call: Call, world: World, deed: CodeDeed, one: CodeCall): Reading {
  const [first, second, ...rest] = one.values;
  const own = one.receiver ?? hiddenValue(one.source);
  const pathOf = first ?? one.named.get("path");
  switch (deed) {
    case "touch":
      return touch(call, world, one.values);
    case "own-touch":
      return touch(call, world, [own]);
    case "folder":
      return pathOf === undefined ? nothing : makeFolder(call, world, pathOf);
    case "own-folder":
      return makeFolder(call, world, own);
    case "folder-gone":
      return pathOf === undefined ? nothing : run(call, ["rmdir"], pathOf);
    case "own-folder-gone":
      return run(call, ["rmdir"], own);
    case "link":
    case "hard-link":
      return link(call, world, one, first, second, deed === "hard-link");
    case "own-link":
      return link(call, world, one, first, own, /hard/.test(one.name));
    case "mode":
      return pathOf === undefined ? nothing : chmod(call, one, second ?? one.named.get("mode"), [pathOf]);
    case "own-mode":
      return chmod(call, one, first ?? one.named.get("mode"), [own]);
    case "mode-first":
      return chmod(call, one, first, one.values.slice(1));
    case "owner":
      return pathOf === undefined ? nothing : chown(call, one, second, rest[0], [pathOf]);
    case "owner-first":
      return chown(call, one, first, second, rest);
    default:
      return nothing;
  }
}

/** Longer lists are the work of a loop, whose first words say enough. */
const maxPaths = 100;

function pathsOf(values: readonly CodeValue[]): readonly Arg[] {
  return values
    .filter((value) => value.kind !== "fields" && value.kind !== "made")
    .flatMap(textsOf)
    .slice(0, maxPaths);
}

function touch(call: Call, world: World, values: readonly CodeValue[]): Reading {
  const known = pathsOf(values).filter(isKnown);
  const tool = toolName(call);
  return effects(...readPaths(call, world, known, "touch", (path) => appending(tool, path, world)));
}

function makeFolder(call: Call, world: World, value: CodeValue): Reading {
  const known = pathsOf(itemsOf(value)).filter(isKnown);
  return effects(
    ...readPaths(call, world, known, "create", (path) =>
      world.lstat(path).exists ? [] : [creation(toolName(call), path)],
    ),
  );
}

/** A second name for one of the guard's files is a way to change it. */
function link(
  call: Call,
  world: World,
  { name, named }: CodeCall,
  from: CodeValue | undefined,
  to: CodeValue | undefined,
  isHard: boolean,
): Reading {
  if (from === undefined || to === undefined) return nothing;
  const isForced = /_sf$/.test(name) || named.has("force");
  const flags = `-${isHard ? "" : "s"}${isForced ? "f" : ""}T`;
  const [source] = pathsOf([from]);
  const targets = pathsOf([to]).filter(isKnown);
  const made = targets.map((target) => startOf(call, ["ln", flags, "--", source ?? "x", target]));
  const given = isHard && source !== undefined && isKnown(source) ? [source] : [];
  const shared = readPaths(call, world, given, "link", (path) =>
    world.session.guardPaths.some((one) => isWithin(world.realpath(path), one))
      ? [{ ...renaming(toolName(call), path), because: "it gets a second name" }]
      : [],
  );
  return join(effects(...shared), inner(...made));
}

function chmod(call: Call, one: CodeCall, mode: CodeValue | undefined, files: readonly CodeValue[]): Reading {
  if (mode === undefined) return nothing;
  return join(...files.map((file) => run(call, ["chmod", ...deep(one), readCodeMode(mode)], file)));
}

/** Numbers below zero leave that one as it is. */
function chown(
  call: Call,
  one: CodeCall,
  user: CodeValue | undefined,
  group: CodeValue | undefined,
  files: readonly CodeValue[],
): Reading {
  const [account = ""] = user === undefined ? [] : textsOf(user);
  const [owners = ""] = group === undefined ? [] : textsOf(group);
  const isGroup = /chgrp/.test(one.name) || !names(account);
  const who = isGroup ? (/chgrp/.test(one.name) ? account : owners) : account;
  if (!names(who)) return nothing;
  const program = isGroup ? "chgrp" : "chown";
  return join(...files.map((file) => run(call, [program, ...deep(one), who], file)));
}

function names(who: Arg): boolean {
  return !isKnown(who) || !/^(|-1|-|None|nil|null|undefined)$/.test(who);
}

/** `chmod_R`, `recursive=true` */
function deep({ name, named }: CodeCall): readonly string[] {
  const said = named.get("recursive");
  return /_R$/.test(name) || (said?.kind === "name" && said.name === "true") ? ["-R"] : [];
}

function run(call: Call, words: readonly Arg[], files: CodeValue): Reading {
  return inner(...pathsOf([files]).flatMap((file) => onPath(call, words, file)));
}

/** Of something below a folder that only the run knows, the folder is named; of what could be anything, nothing. */
function onPath(call: Call, words: readonly Arg[], file: Arg): readonly Inner[] {
  if (isKnown(file)) return [startOf(call, [...words, "--", file])];
  const folder = file.prefix.slice(0, file.prefix.lastIndexOf("/"));
  const isBelow = file.shape === "name" || file.shape === "relative" || file.shape === "path";
  const [program = "", ...rest] = words;
  if (!isBelow || folder === "" || program === "rmdir") return [];
  return [{ ...startOf(call, [program, "-R", ...rest, "--", folder]), certain: false }];
}

function startOf(call: Call, argv: readonly Arg[]): Inner & { readonly kind: "call" } {
  return { kind: "call", argv, via: toolName(call), sight: "never", cwd: call.cwd };
}
