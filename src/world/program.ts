import { accessSync, constants, type Stats, statSync } from "node:fs";
import { basename } from "node:path/posix";
import { systemName } from "./file-system.js";

export interface Programs {
  /** The program that a name would run on this PATH, shims left out. */
  findProgram(name: string, path: string): string | undefined;
  /** Whether the first program of that name on this PATH is the session's shim. */
  isShimmed(name: string, path: string): boolean;
}

/** `shimmed`: the names that have a shim in `shimDirectory`. `outside`: as `Sight` has it. */
export function openPrograms(
  shimDirectory: string | undefined,
  shimmed: (name: string) => boolean,
  outside = (path: string): string => path,
): Programs {
  let shim: Stats | undefined;
  const isShim = (name: string, stats: Stats): boolean => {
    if (shimDirectory === undefined) return false;
    // All shims of a session are hard links of one file, wherever else somebody linked it to.
    shim ??= statOf(`${shimDirectory}/${basename(name)}`) ?? statOf(`${shimDirectory}/holdpoint-ask`);
    return shim !== undefined && shim.dev === stats.dev && shim.ino === stats.ino;
  };
  return {
    findProgram(name, path) {
      for (const candidate of candidates(name, path, shimDirectory)) {
        const place = outside(candidate);
        const stats = statOf(place);
        if (stats === undefined || !isExecutable(place, stats) || isShim(name, stats)) continue;
        return candidate;
      }
      return undefined;
    },
    isShimmed(name, path) {
      if (shimDirectory === undefined || !shimmed(name)) return false;
      for (const directory of path.split(":")) {
        if (directory === shimDirectory) return true;
        // Relative to a directory that is not known here: something else might answer first.
        if (!directory.startsWith("/")) return false;
        const candidate = outside(`${directory}/${name}`);
        const stats = statOf(candidate);
        if (stats !== undefined && isExecutable(candidate, stats)) return isShim(name, stats);
      }
      return false;
    },
  };
}

function* candidates(name: string, path: string, without: string | undefined): Iterable<string> {
  if (name === "") return;
  if (name.includes("/")) yield name;
  else
    for (const directory of path.split(":"))
      if (directory.startsWith("/") && directory !== without) yield `${directory}/${name}`;
}

/** Whether a path is a file that this user may run. */
export function isProgram(path: string): boolean {
  const stats = statOf(path);
  return stats !== undefined && isExecutable(path, stats);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(systemName(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(path: string, stats: Stats): boolean {
  if (!stats.isFile() || (stats.mode & 0o111) === 0) return false;
  try {
    accessSync(systemName(path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
