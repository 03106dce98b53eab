import { escapeGlob, globMatcher } from "../model/glob.js";
import type { World } from "../model/world.js";
import { shownGlob } from "./shown-glob.js";

/** One glob of a manifest, ready to be asked. */
export interface PathGlob {
  /** As a person would write it: below the manifest's folder, or behind `~/`. */
  readonly shown: string;
  /** What stands in front of its first wildcard, links resolved: all that fits lies there or is it. */
  readonly base: string;
  /** It has no wildcard: `base` is the file or the folder itself. */
  readonly isPlain: boolean;
  /** Whether it names this path, or a folder around it. */
  fits(path: string): boolean;
}

/**
 * Absolute globs, compiled. Each holds for the path as it is written and for what that path leads to now, so that neither a
 * link in front nor one that is put there later leads around it.
 */
export function compileGlobs(
  globs: readonly string[],
  folder: string,
  world: Pick<World, "realpath" | "lstat" | "user">,
): readonly PathGlob[] {
  const nocase = isCaseless(folder, world);
  return globs.map((glob) => compile(glob, folder, nocase, world));
}

export function findGlob(globs: readonly PathGlob[], path: string): PathGlob | undefined {
  return globs.find((glob) => glob.fits(path));
}

function compile(
  glob: string,
  folder: string,
  nocase: boolean,
  { realpath, user }: Pick<World, "realpath" | "user">,
): PathGlob {
  const parts = glob.replace(/(?<=.)\/+$/, "").split("/");
  const end = parts.findIndex((part) => magic.test(part));
  const isPlain = end < 0;
  const written = (isPlain ? parts : parts.slice(0, end)).map(withoutEscapes).join("/") || "/";
  const rest = isPlain ? [] : parts.slice(end);
  const base = realpath(written);
  const fold = (path: string) => (nocase ? path.toLowerCase() : path);
  const tests = [...new Set([written, base])].map((start) => {
    if (isPlain) return (path: string) => isWithin(fold(path), fold(start));
    const pattern = [start === "/" ? "" : escapeGlob(start), ...rest].join("/");
    return globMatcher([pattern, `${pattern}/**`], { nocase, flags: "s" });
  });
  // A folder may be called `(auth)` or `[slug]`: as a glob that would name another.
  const literal = glob.replace(/\/\*\*$/, "");
  return {
    shown: showGlob(glob, folder, user.home),
    base,
    isPlain,
    fits: (path) => tests.some((test) => test(path)) || isWithin(path, literal),
  };
}

const magic = /(?<!\\)(?:[*?[{(]|[!+@]\()/;

function withoutEscapes(part: string): string {
  return part.replace(/\\(.)/g, "$1");
}

function showGlob(absolute: string, folder: string, home: string): string {
  const glob = shownGlob(absolute);
  if (glob.startsWith(`${folder}/`)) return glob.slice(folder.length + 1);
  return glob.startsWith(`${home}/`) ? `~/${glob.slice(home.length + 1)}` : glob;
}

/** Whether the file system takes `A` and `a` for the same name, as macOS does: then globs must not be walked around by letters. */
function isCaseless(folder: string, { lstat }: Pick<World, "lstat">): boolean {
  const at = folder.search(/[a-z](?=[^/]*$)/i);
  if (at < 0) return false;
  const letter = folder.charAt(at);
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  const [one, two] = [lstat(folder), lstat(folder.slice(0, at) + other + folder.slice(at + 1))];
  return one.exists && two.exists && one.inode === two.inode && one.device === two.device;
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
