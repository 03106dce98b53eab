import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import { isSecretFile } from "../../model/secret-file.js";
import type { World } from "../../model/world.js";
import { modification, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { isWithin, joinPath, parentOf } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { bits, type ModeChange, readMode } from "./mode.js";
import { isOwnName, readOwner } from "./owner.js";

const options = declareOptions("anywhere", [
  "-c --changes",
  "-f --silent --quiet",
  "-v --verbose",
  "-h --no-dereference",
  "--dereference",
  "--from:",
  "--no-preserve-root",
  "--preserve-root",
  "--reference:",
  "-R --recursive",
  "-H",
  "-L",
  "-P",
  "-x --one-file-system",
  "--help",
  "--version",
]);

/** Who may touch a file. The old owner and mode are lost, the content is not. */
export const access: Reader = {
  names: ["chmod", "gchmod", "chown", "gchown", "chgrp", "gchgrp"],
  read(call, world) {
    // `chmod -x file`, `chmod -rwx,g+s file`: a mode that looks like options.
    const isMode = toolName(call).endsWith("chmod");
    const words = call.argv.slice(1);
    const at = isMode ? words.findIndex((word) => isKnown(word) && minusMode.test(word)) : -1;
    const given = readOptions(
      words.map((word, place) => (place === at ? "mode" : word)),
      options,
    );
    if (hasOption(given, "help", "version")) return nothing;
    const reference = optionValue(given, "reference");
    const first = reference === undefined ? (at < 0 ? given.operands[0] : words[at]) : undefined;
    const named = reference === undefined ? given.operands.slice(1) : given.operands;
    const top = isMode ? undefined : topOf(named);
    const recursive = hasOption(given, "recursive") || top !== undefined;
    const files = top === undefined ? named : [top];
    const mode = isMode && first !== undefined && isKnown(first) ? readMode(first) : undefined;
    const follows = recursive && hasOption(given, "L");
    const weigh = (path: string): readonly FileEffect[] =>
      isMode
        ? readModes(call, world, path, mode, recursive)
        : [readOwnership(call, world, path, first, recursive)];
    // The mode of one file that is not known is not worth a question.
    const weighed = recursive ? files : files.filter(isKnown);
    return effects(
      ...readPaths(call, world, weighed, "change", (path) => [
        ...weigh(path),
        ...(follows ? linksOut(path, world).flatMap((target) => weigh(target)) : []),
      ]),
    );
  },
};

/** `find ~ -exec chown root {} +` names a folder and all that lies in it: as good as `-R`. */
function topOf(files: readonly Arg[]): string | undefined {
  const [top, ...rest] = files;
  if (top === undefined || !isKnown(top) || rest.length === 0) return undefined;
  const below = top.endsWith("/") ? top : `${top}/`;
  return rest.every((file) => isKnown(file) && file.startsWith(below)) ? top : undefined;
}

const minusMode = /^-([rwxXst]+|[0-7]+)([,=+-].*)?$/;

function change(call: Call, path: string, recursive: boolean): FileEffect {
  return {
    ...modification(toolName(call), path),
    aspect: "access",
    recursive,
    ...(recursive ? { extent: { kind: "unknown" } as const } : {}),
  };
}

/** What the new mode means for the file itself, and for the secrets below it that were closed so far. */
function readModes(
  call: Call,
  world: World,
  path: string,
  mode: ModeChange | undefined,
  recursive: boolean,
): readonly FileEffect[] {
  const plain = change(call, path, recursive);
  if (mode === undefined) return [plain];
  const real = world.realpath(path);
  const opened = recursive ? secretsBelow(real, world).filter((one) => opensSecret(one, mode, world)) : [];
  return [
    { ...plain, ...meaningOf(real, mode, recursive, world) },
    ...opened.map((one) => ({ ...change(call, one, false), ...readable })),
  ];
}

type Meaning = Pick<FileEffect, "action" | "because"> & Partial<Pick<FileEffect, "recovery">>;

const readable: Meaning = { action: "grant", because: "every account could read it" };

function meaningOf(path: string, mode: ModeChange, recursive: boolean, world: World): Meaning | undefined {
  const stat = world.lstat(path);
  const isFolder = stat.exists && stat.kind === "directory";
  const held = stat.exists ? stat.mode & 0o7777 : 0o644;
  // What root may enter without the bit, its owner will want to enter, too.
  const before = isFolder ? held | 0o700 : held;
  const after = mode(before, isFolder);
  // What lies below has the usual modes, as far as is known here.
  const pairs = [
    { before, after, isFolder },
    ...(recursive && isFolder ? [{ before: 0o644, after: mode(0o644, false), isFolder: false }] : []),
  ];
  // `cp /bin/bash /tmp/x; chmod u+s /tmp/x`: no place makes that harmless.
  if (pairs.some((one) => !one.isFolder && (one.after & bits.special & ~one.before) > 0))
    return { action: "grant", because: "whoever starts it gets its owner's rights", recovery: "none" };
  if (pairs.some((one) => isLocked(one, path, world)))
    return { action: "delete", because: "not even its owner could use it any longer" };
  const isOpened = pairs.some((one) => (one.after & bits.othersWrite & ~one.before) > 0);
  if (isOpened && (after & bits.sticky) === 0 && (recursive || isReachable(path, world)))
    return { action: "grant", because: "every account could write to it" };
  return opensSecret(path, mode, world) ? readable : undefined;
}

interface Change {
  readonly before: number;
  readonly after: number;
  readonly isFolder: boolean;
}

function isLocked({ before, after, isFolder }: Change, path: string, world: World): boolean {
  const taken = before & ~after;
  if ((taken & bits.ownerRead) > 0) return true;
  // A script that does not run is an edit in the workspace; a program of the system is missed by all.
  const isOwn = isWithin(path, world.session.workspace) || isWithin(path, world.user.home);
  return (taken & bits.ownerSearch) > 0 && (isFolder || !isOwn);
}

/** A file of the workspace that no other account gets to, behind a closed home, is not open for a loose mode of its own. */
function isReachable(path: string, world: World): boolean {
  if (!isWithin(path, world.session.workspace) || isSecretFile(path, world)) return true;
  for (let folder = parentOf(path); folder !== "/"; folder = parentOf(folder)) {
    const stat = world.lstat(folder);
    if (stat.exists && (stat.mode & bits.othersSearch) === 0) return false;
  }
  return true;
}

function opensSecret(path: string, mode: ModeChange, world: World): boolean {
  const stat = world.lstat(path);
  if (!stat.exists || !isSecretFile(path, world)) return false;
  return (mode(stat.mode & 0o7777, stat.kind === "directory") & bits.othersRead & ~stat.mode) > 0;
}

/** Taking a folder over with all that is in it. Giving it to oneself gives nothing away. */
function readOwnership(
  call: Call,
  world: World,
  path: string,
  owner: Arg | undefined,
  recursive: boolean,
): FileEffect {
  const plain = change(call, path, recursive);
  const isGroup = toolName(call).endsWith("chgrp");
  const real = world.realpath(path);
  const { workspace } = world.session;
  const isHere = isWithin(real, workspace) || (isWithin(real, world.user.home) && real !== world.user.home);
  const name = owner === undefined ? undefined : readOwner(owner);
  if (!isGroup && name !== undefined && isOwnName(name, real, call, world))
    return isHere ? { ...plain, recovery: "needless", because: "its owner's again" } : plain;
  const isRoot = name === "root" || name === "0" || name === "";
  const isRepository = recursive && (isWithin(workspace, real) || /\/\.git(\/|$)/.test(real));
  const isSystem = /^\/(etc|usr\/(s?bin|lib\w*)|s?bin|lib\w*|boot|root)(\/|$)/.test(real);
  if (isGroup || isRoot || !(isRepository || isSystem || isSecretFile(real, world))) return plain;
  const who = name ?? (owner === undefined ? "the owner of another file" : showArg(owner));
  return { ...plain, action: "grant", because: `gives it to ${who}` };
}

const maxEntries = 2_000;

/** Where the links below a folder lead, if not into it again: `-L` goes there. */
function linksOut(folder: string, world: World): readonly string[] {
  return entriesBelow(folder, world).flatMap((path) => {
    const stat = world.lstat(path);
    if (!stat.exists || stat.kind !== "symlink") return [];
    const target = world.realpath(path);
    return isWithin(target, world.realpath(folder)) ? [] : [target];
  });
}

function secretsBelow(folder: string, world: World): readonly string[] {
  return entriesBelow(folder, world).filter((path) => isSecretFile(path, world));
}

function entriesBelow(folder: string, world: World): readonly string[] {
  const found: string[] = [];
  const todo = [folder];
  for (let next = todo.pop(); next !== undefined && found.length < maxEntries; next = todo.pop()) {
    const listing = world.readdir(next, maxEntries - found.length);
    if (!listing.ok) continue;
    for (const name of listing.names) {
      const path = joinPath(next, name);
      found.push(path);
      const stat = world.lstat(path);
      if (stat.exists && stat.kind === "directory" && !/^(node_modules|\.git)$/.test(name)) todo.push(path);
    }
  }
  return found;
}
