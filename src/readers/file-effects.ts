import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, type Extent, type FileEffect, opaqueEffect, plainEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { isWithin, resolvePath } from "./path.js";

const oneFile = { kind: "exact", count: 1, unit: "files" } as const;

/** The loss of a file, or of a folder with all below it. */
export function deletion(tool: string, target: string, recursive = false): FileEffect {
  const extent = recursive ? ({ kind: "unknown" } as const) : oneFile;
  return unsettled(tool, "delete", target, recursive, extent);
}

/**
 * Settle fills in later where the path lies, and whether its content could be had again. Field by field: two spreads cost
 * more than the rest of reading an `rm`.
 */
function unsettled(
  tool: string,
  action: "create" | "modify" | "delete",
  target: string,
  recursive: boolean,
  extent: Extent,
): FileEffect {
  const { recovery, environment, credentials, certainty, because, span } = plainEffect(tool, action, target);
  return {
    tool,
    action,
    target,
    extent,
    recovery,
    environment,
    credentials,
    certainty,
    because,
    span,
    resource: "file",
    place: "unknown",
    recursive,
    aspect: "content",
  };
}

/** Content put in place of what was there: a creation, a change without loss, or the loss of the old content. */
export function overwriting(tool: string, target: string, world: World): readonly FileEffect[] {
  if (isHarmlessDevice(target)) return [];
  const stat = world.lstat(target);
  // A disk that is not plugged in now may be when the program opens it.
  if (!stat.exists && stat.reason === "missing" && !isDiskName(target)) return [creation(tool, target)];
  const change = modification(tool, target);
  const isEmpty =
    stat.exists && stat.kind === "file" && stat.size === 0 && !/^\/(proc|sys|dev)\//.test(target);
  const isChannel = stat.exists && (stat.kind === "fifo" || stat.kind === "socket");
  return [isEmpty || isChannel ? { ...change, recovery: "needless" } : change];
}

/** Content added behind what is there; onto a device it overwrites all the same. */
export function appending(tool: string, target: string, world: World): readonly FileEffect[] {
  return overwriting(tool, target, world).map((effect) =>
    isDevice(target, world) ? effect : { ...effect, recovery: "needless" },
  );
}

/**
 * A program writes a file anew as an edit does. That is daily work inside the workspace, where an agent's own editor is not
 * asked about either; elsewhere it is a loss like any other.
 */
export function editing(tool: string, target: string, world: World): readonly FileEffect[] {
  const real = world.realpath(target);
  const isOwn = isWithin(real, world.session.workspace) && !/\/\.git\//.test(real);
  return (isOwn ? appending : overwriting)(tool, target, world);
}

/** A file comes to be where none is. */
export function creation(tool: string, target: string): FileEffect {
  return unsettled(tool, "create", target, false, oneFile);
}

/** The content of a file changes; what is lost by that, `recovery` says later. */
export function modification(tool: string, target: string): FileEffect {
  return unsettled(tool, "modify", target, false, oneFile);
}

/** The file stays, under another name. */
export function renaming(tool: string, target: string): FileEffect {
  return { ...modification(tool, target), aspect: "name", recovery: "needless" };
}

/**
 * One or more effects for each word that is a path. A word that cannot be foreseen is left to the shim where one will
 * see it; where none will, it is an opaque effect.
 */
export function readPaths(
  call: Call,
  world: World,
  words: readonly Arg[],
  verb: string,
  read: (path: string) => readonly Effect[],
): readonly Effect[] {
  return words.flatMap((word) => {
    const path = resolvePath(call, world, word);
    if (path === undefined) return [];
    return isKnown(path) ? read(path) : readUnknown(call, path, verb);
  });
}

/** What to make of a path that cannot be foreseen: nothing where a shim will see it, else an opaque effect. */
export function readUnknown(call: Call, word: Arg, verb: string): readonly Effect[] {
  if (isKnown(word) || call.sight === "later") return [];
  // What mktemp has just made is nobody's loss, nor what comes to lie in it.
  if (word.shape === "fresh" && !(verb === "delete" && word.ending)) return [];
  return [opaqueEffect(toolName(call), word.source, `cannot tell what it would ${verb}: ${word.reason}`)];
}

/** The name that effects of a call carry. */
export function toolName(call: Call): string {
  // A redirection that stands alone (`> file`) is the shell's own.
  return (isKnown(call.tool) ? call.tool : call.tool.source) || "shell";
}

/** Devices that take any write and keep nothing. */
function isHarmlessDevice(path: string): boolean {
  return /^\/dev\/(null|zero|full|tty|stdin|stdout|stderr|u?random|ptmx|(fd|pts)\/\d+)$|^\/proc\/self\/fd\/\d+$/.test(
    path,
  );
}

/** What only a device has as its name: `/dev/sda`, `/dev/disk/by-id/…`. */
export function isDiskName(path: string): boolean {
  return /^\/dev\/(?!(shm|mqueue|pts|fd|net|tcp|udp)\b)/.test(path) && !isHarmlessDevice(path);
}

/** Whether a device lies there now: what is not plugged in has only its name (`isDiskName`). */
export function isDevice(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "device";
}
