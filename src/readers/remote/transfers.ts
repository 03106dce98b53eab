import { type Arg, isKnown, showArg, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { hasOption, type Options, optionValue } from "../options.js";
import { isDirectory, joinPath, lastName, resolvePath } from "../path.js";

/** One file and where it goes: what mv, cp, install and ln share. */
export interface Transfer {
  readonly source: string | Unknown;
  readonly destination: string | Unknown;
}

/** The option names are GNU's: `target-directory`, `no-target-directory`, `no-dereference` (of the destination, in ln). */
export function readTransfers(
  call: Call,
  world: World,
  options: Options,
  isLink = false,
): readonly Transfer[] {
  const folder = optionValue(options, "target-directory");
  if (folder !== undefined) return intoFolder(call, world, options.operands, folder);
  const last = options.operands.at(-1);
  if (last === undefined) return [];
  const sources = options.operands.slice(0, -1);
  if (sources.length === 0) return isLink ? intoFolder(call, world, [last], ".") : [];
  if (sources.length > 1) return intoFolder(call, world, sources, last);
  const destination = resolvePath(call, world, last);
  if (destination === undefined) return [];
  const isNamed =
    hasOption(options, "no-target-directory") ||
    !isKnown(destination) ||
    (isLink && hasOption(options, "no-dereference") && isSymlink(destination, world)) ||
    !isDirectory(destination, world);
  if (!isNamed) return intoFolder(call, world, sources, last);
  return sources.flatMap((word) => {
    const source = resolvePath(call, world, word);
    return source === undefined ? [] : [{ source, destination }];
  });
}

/**
 * What is lost where a destination exists: its content, or with a backup the older backup that this one replaces.
 * Undefined when nothing is, for the tool would not overwrite.
 */
export function overwrittenPath(options: Options, destination: string): string | undefined {
  const last = options.given.findLast(({ name }) => ["force", "interactive", "no-clobber"].includes(name));
  const update = optionValue(options, "update");
  if (last?.name === "no-clobber" || update === "none" || update === "none-fail") return undefined;
  const control = optionValue(options, "backup");
  const backs = hasOption(options, "b", "backup", "suffix") && control !== "none" && control !== "off";
  if (!backs) return destination;
  if (control === "numbered" || control === "t") return undefined;
  return destination + showArg(optionValue(options, "suffix") ?? "~");
}

function intoFolder(call: Call, world: World, words: readonly Arg[], folder: Arg): readonly Transfer[] {
  const into = resolvePath(call, world, folder);
  if (into === undefined) return [];
  return words.flatMap((word): readonly Transfer[] => {
    const source = resolvePath(call, world, word);
    if (source === undefined) return [];
    if (!isKnown(into)) return [{ source, destination: into }];
    // `cp -r from/. to` copies into `to` itself. The name is the written one: a link keeps its own.
    const name = isKnown(word) ? lastName(word) : undefined;
    if (isKnown(word)) return [{ source, destination: name === undefined ? into : joinPath(into, name) }];
    return [{ source, destination: unknown(`${into}/${word.source}`, word.reason, `${into}/`) }];
  });
}

function isSymlink(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "symlink";
}
