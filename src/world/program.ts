import { accessSync, constants, type Stats, statSync } from "node:fs";
import { basename } from "node:path/posix";
import { encodeBytes } from "../model/bytes.js";

export interface Programs {
  /** The program that a name would run on this PATH, shims left out. */
  findProgram(name: string, path: string): string | undefined;
  /** Whether the first program of that name on this PATH is the session's shim. */
  isShimmed(name: string, path: string): boolean;
}

/** `shimmed`: the names that have a shim in `shimDirectory`. */
export function openPrograms(
  shimDirectory: string | undefined,
  shimmed: (name: string) => boolean,
): Programs {
  const isShim = (name: string, stats: Stats): boolean => {
    if (shimDirectory === undefined) return false;
    // All shims of a session are hard links of one file, wherever else somebody linked it to.
    const shim = statOf(`${shimDirectory}/${basename(name)}`) ?? statOf(`${shimDirectory}/holdpoint-ask`);
    return shim !== undefined && shim.dev === stats.dev && shim.ino === stats.ino;
  };
  return {
    findProgram(name, path) {
      for (const candidate of candidates(name, path)) {
        const stats = statOf(candidate);
        if (stats === undefined || !isExecutable(candidate, stats) || isShim(name, stats)) continue;
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
        const candidate = `${directory}/${name}`;
        const stats = statOf(candidate);
        if (stats !== undefined && isExecutable(candidate, stats)) return isShim(name, stats);
      }
      return false;
    },
  };
}

function candidates(name: string, path: string): readonly string[] {
  if (name === "") return [];
  if (name.includes("/")) return [name];
  return path
    .split(":")
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => `${directory}/${name}`);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(encodeBytes(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(path: string, stats: Stats): boolean {
  if (!stats.isFile() || (stats.mode & 0o111) === 0) return false;
  try {
    accessSync(encodeBytes(path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
