import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, type FileEffect, opaqueEffect, plainEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { resolvePath } from "./path.js";

/** What settle fills in later: where the path lies, and whether its content could be had again. */
const unsettled = { resource: "file", place: "unknown", recursive: false, aspect: "content" } as const;
const oneFile = { kind: "exact", count: 1, unit: "files" } as const;

export function deletion(tool: string, target: string, recursive = false): FileEffect {
  const extent = recursive ? ({ kind: "unknown" } as const) : oneFile;
  return { ...plainEffect(tool, "delete", target), ...unsettled, recursive, extent };
}

/** Content put in place of what was there: a creation, a change without loss, or the loss of the old content. */
export function overwriting(tool: string, target: string, world: World): readonly FileEffect[] {
  if (isHarmlessDevice(target)) return [];
  const stat = world.lstat(target);
  if (!stat.exists && stat.reason === "missing") return [creation(tool, target)];
  const change = modification(tool, target);
  const isEmpty =
    stat.exists && stat.kind === "file" && stat.size === 0 && !/^\/(proc|sys|dev)\//.test(target);
  const isChannel = stat.exists && (stat.kind === "fifo" || stat.kind === "socket");
  return [isEmpty || isChannel ? { ...change, recovery: "needless" } : change];
}

export function appending(tool: string, target: string, world: World): readonly FileEffect[] {
  return overwriting(tool, target, world).map((effect) =>
    isDevice(target, world) ? effect : { ...effect, recovery: "needless" },
  );
}

export function creation(tool: string, target: string): FileEffect {
  return { ...plainEffect(tool, "create", target), ...unsettled, extent: oneFile };
}

export function modification(tool: string, target: string): FileEffect {
  return { ...plainEffect(tool, "modify", target), ...unsettled, extent: oneFile };
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

export function readUnknown(call: Call, word: Arg, verb: string): readonly Effect[] {
  if (isKnown(word) || call.sight === "later") return [];
  return [opaqueEffect(toolName(call), word.source, `cannot tell what it would ${verb}: ${word.reason}`)];
}

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

export function isDevice(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "device";
}
