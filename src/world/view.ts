import { realpathSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { decodeBytes } from "../model/bytes.js";
import { lstat, readdir, readFile, readLink, realpath, systemName, walkLinks } from "./file-system.js";

/** Where the session's processes have folders of their own under names that mean something else to this process. */
export interface View {
  /** Absolute real paths of those folders, and of single files that are not the machine's. */
  readonly folders: readonly string[];
  /** Paths that are the machine's own. Of several around a path the innermost counts. */
  readonly shared: readonly string[];
  /** Where this process sees the root of theirs, as `/proc/PID/root`; undefined while none of them runs. Throws when it cannot. */
  readonly root: () => string | undefined;
}

/** How a path of the session's processes is found from here. */
export interface Sight {
  readonly lstat: typeof lstat;
  readonly realpath: typeof realpath;
  readonly readdir: typeof readdir;
  readonly readFile: typeof readFile;
  /** What a link leads to, as it stands there; undefined for everything else. */
  linkAt(path: string): string | undefined;
  /** The same file by a name that this process can use; links are followed as the session's processes would. */
  outside(path: string): string;
}

/** The file system as it is. */
export const plainSight: Sight = {
  ...{ lstat, realpath, readdir, readFile, linkAt: readLink },
  outside: (path) => path,
};

/**
 * The file system as the session's processes see it. Links are followed here and not by the kernel, to which an absolute one in
 * a folder of theirs would lead into a folder of ours.
 */
export function sightOf({ folders, shared, root }: View): Sight {
  const isOwn = new Map([
    ...shared.map((path) => [path, false] as const),
    ...folders.map((path) => [path, true] as const),
  ]);
  const isTheirs = (path: string): boolean => {
    for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      const own = isOwn.get(at);
      if (own !== undefined) return own;
    }
    return false;
  };
  // Until they have a root the folders are empty; a name that nothing has stands for that.
  const place = (path: string) => (isTheirs(path) ? `${root() ?? nowhere}${path}` : path);
  const entryOf = (path: string) => join(resolve(dirname(path)), lastOf(path));

  /** Most paths have no link on their way, which the kernel tells in one call. */
  function resolve(path: string): string {
    if (!isTheirs(path)) {
      const real = realOf(path);
      if (real === path) return path;
    }
    return walkLinks(path, (at) => readLink(place(at)));
  }

  const outside = (path: string) => place(resolve(path));
  return {
    lstat: (path) => lstat(/\/\.{0,2}$/.test(path) ? outside(path) : place(entryOf(path))),
    realpath: resolve,
    readdir: (path, cap) => readdir(outside(path), cap),
    readFile: (path, cap) => readFile(outside(path), cap),
    linkAt: (path) => readLink(place(entryOf(path))),
    outside,
  };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Undefined where anything is missing on the way. */
function realOf(path: string): string | undefined {
  try {
    return decodeBytes(realpathSync.native(systemName(path), "buffer"));
  } catch {
    return undefined;
  }
}

const nowhere = "/proc/0/root";
