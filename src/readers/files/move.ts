import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { creation, deletion, isDevice, readUnknown, renaming } from "../file-effects.js";
import { declareOptions, hasOption, type Options, readOptions } from "../options.js";
import { isDirectory, isWithin, parentOf } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { overwrittenPath, readTransfers } from "../remote/transfers.js";

const options = declareOptions("anywhere", [
  "-b",
  "--backup::",
  "-f --force",
  "-i --interactive",
  "-n --no-clobber",
  "-S --suffix:",
  "-t --target-directory:",
  "-T --no-target-directory",
  "-u",
  "--update::",
  "-v --verbose",
  "-Z --context",
  "--debug",
  "--exchange",
  "--no-copy",
  "--strip-trailing-slashes",
  "--help",
  "--version",
]);

export const mv: Reader = {
  names: ["mv", "gmv"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "help", "version")) return nothing;
    return effects(
      ...readTransfers(call, world, given).flatMap(({ source, destination }) => {
        if (!isKnown(source)) return readUnknown(call, source, "move");
        if (!isKnown(destination)) return readUnknown(call, destination, "overwrite");
        return source === destination ? [] : readMove(call, world, given, source, destination);
      }),
    );
  },
};

function readMove(
  call: Call,
  world: World,
  given: Options,
  source: string,
  destination: string,
): readonly Effect[] {
  const tool = isKnown(call.tool) ? call.tool : "mv";
  const doom = findDoom(source, destination, world);
  const isFolder = isDirectory(source, world);
  const moved =
    doom === undefined
      ? { ...renaming(tool, source), to: destination }
      : { ...deletion(tool, source, isFolder), because: doom };
  const lost = hasOption(given, "exchange") ? undefined : overwrittenPath(given, destination);
  const stat = lost === undefined ? undefined : world.lstat(lost);
  // A directory is never replaced unless it is empty.
  const isLost = stat?.exists === true && stat.kind !== "directory";
  if (lost !== undefined && isLost) return [moved, deletion(tool, lost)];
  return isPlainPlace(destination, world) || world.lstat(destination).exists
    ? [moved]
    : [moved, creation(tool, destination)];
}

/** Where a new name matters to nobody. Elsewhere it may be one that a shell, git, a login or the guard itself (a session lies in /tmp) runs or trusts. */
function isPlainPlace(destination: string, world: World): boolean {
  const real = world.realpath(parentOf(destination));
  const { workspace, temporary, guardPaths } = world.session;
  if (guardPaths.some((guard) => isWithin(real, guard)) || /\/\.git(\/|$)/.test(real)) return false;
  return [workspace, ...temporary].some((folder) => isWithin(real, folder));
}

/**
 * Why the source would be as good as deleted: it goes where nothing guards it any longer. `mv notes /tmp/x; rm -r /tmp/x`
 * is `rm -r notes` in two steps, and the second one is not asked about.
 */
function findDoom(source: string, destination: string, world: World): string | undefined {
  if (isDevice(destination, world) || isWithin(destination, "/dev")) return "moved onto a device";
  const real = world.realpath(parentOf(destination));
  const from = world.realpath(parentOf(source));
  if (world.session.temporary.some((folder) => isWithin(real, folder) && !isWithin(from, folder)))
    return "moved into a temporary directory";
  if (isBuildOutput(real, world) && !isBuildOutput(from, world)) return "moved into build output";
  return undefined;
}

const outputNames = /^(node_modules|dist|build|target|out|coverage|__pycache__|\.cache|\.next|\.venv|venv)$/;

/** Ignored folders of the usual names, which may be deleted without a question. */
function isBuildOutput(folder: string, world: World): boolean {
  const top = world.git.repository(folder)?.top;
  if (top === undefined || !isWithin(folder, top)) return false;
  const parts = folder.slice(top.length + 1).split("/");
  const at = parts.findIndex((part) => outputNames.test(part));
  return at >= 0 && world.git.ignoredSinceStart(top, parts.slice(0, at + 1).join("/"), true);
}
