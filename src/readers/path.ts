import { posix } from "node:path";
import { isClean } from "../expand/path.js";
import { type Arg, belowUnknown, isKnown, type Unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { World } from "../model/world.js";

/**
 * The absolute path that a word of this call names; unknown when the word is, or when it is relative to an unknown
 * directory. Undefined for the empty word, which names nothing.
 */
export function resolvePath(call: Pick<Call, "cwd">, world: World, word: Arg): string | Unknown | undefined {
  if (!isKnown(word)) return word;
  if (word === "") return undefined;
  if (word.startsWith("/")) return cleanPath(word, world);
  const { cwd } = call;
  if (!isKnown(cwd))
    return belowUnknown(cwd, word, `the directory that it is relative to is not known: ${cwd.reason}`);
  return cleanPath(`${cwd}/${word}`, world);
}

/** `name` in `directory`, as it is written: neither is made clean. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** The name that a tool gives a copy of `path` in a directory; undefined for `dir/.` and `..`, which name no entry. */
export function lastName(path: string): string | undefined {
  const name = posix.basename(path);
  return name === "" || name === "." || name === ".." ? undefined : name;
}

/** Whether a folder lies there, or a link that leads to one. */
export function isDirectory(path: string, world: World): boolean {
  const stat = world.lstat(path);
  if (!stat.exists) return false;
  if (stat.kind !== "symlink") return stat.kind === "directory";
  const real = world.lstat(world.realpath(path));
  return real.exists && real.kind === "directory";
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** The folder that the path stands in, by its text alone. */
export function parentOf(path: string): string {
  return posix.dirname(path);
}

/**
 * Without `.`, `..` and doubled slashes. A `..` behind a symbolic link leads to the parent of where the link points, not
 * to where its name stands: `rm -rf link/../notes` must not be judged as `rm -rf notes`.
 */
function cleanPath(path: string, world: World): string {
  if (isClean(path)) return path;
  let clean = "";
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") clean = posix.dirname(followLink(clean || "/", world)).replace(/^\/$/, "");
    else clean += `/${part}`;
  }
  // `link/` and `link/.` are the directory itself.
  if (/\/\.?$/.test(path)) clean = followLink(clean || "/", world);
  return clean || "/";
}

function followLink(path: string, world: World): string {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "symlink" ? world.realpath(path) : path;
}
