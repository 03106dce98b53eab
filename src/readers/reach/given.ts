import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { globMatcher } from "../../model/glob.js";
import type { World } from "../../model/world.js";
import { isDirectory, resolvePath } from "../path.js";
import { textsAmong } from "./texts.js";

/** A folder that a call reads with all that lies in it, but for what the tool itself is told to leave out. */
export interface Whole {
  /** Absolute. */
  readonly folder: string;
  readonly skips: (path: string) => boolean;
}

/** A call, and its words as texts: one that is not known is `hidden`. */
export interface Given {
  readonly call: Call;
  readonly world: World;
  readonly name: string;
  readonly words: readonly string[];
}

export type WholeReader = (given: Given) => readonly Whole[];

/** No word can hold it, and no folder is called so. */
export const hidden = "\0";

export function has(words: readonly string[], pattern: RegExp): boolean {
  return words.some((word, at) => at > 0 && pattern.test(word));
}

/** `--exclude=x`, `--exclude x`, `-g x`. */
export function valuesOf(words: readonly string[], option: RegExp): readonly string[] {
  return words.flatMap((word, at) => {
    const cut = word.indexOf("=");
    if (cut > 0 && option.test(word.slice(0, cut))) return [word.slice(cut + 1)];
    return option.test(word) ? [words[at + 1] ?? ""] : [];
  });
}

/** Words that are neither options nor texts; one that is not known is among them, and names no folder here. */
export function operands({ call, name, words }: Given): readonly string[] {
  const texts = textsAmong(name, call.argv);
  return words.filter((word, at) => at > 0 && !texts.has(at) && !word.startsWith("-"));
}

/** Of these words the folders, absolute; where nothing is named and that means so, the current one. */
export function foldersNamed(
  call: Pick<Call, "cwd">,
  world: World,
  words: readonly string[],
  orHere: boolean,
): readonly string[] {
  const named = words.length === 0 && orHere ? ["."] : words;
  return named.flatMap((word) => {
    const path = resolvePath(call, world, word);
    return path !== undefined && isKnown(path) && isDirectory(path, world) ? [world.realpath(path)] : [];
  });
}

export function fitsName(globs: readonly string[], path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return globs.some((glob) => match(glob.replace(/\/$/, ""), name));
}

/** A pattern without a slash fits a name at any depth; one with a slash, the path below the folder or its end. */
export function fitsPath(globs: readonly string[], path: string, folder: string): boolean {
  const relative = path.slice(folder.length + 1);
  return globs.some((given) => {
    const glob = given.replace(/^\.?\//, "").replace(/\/(\*\*?)?$/, "");
    if (!glob.includes("/")) return fitsName([glob], path) || match(glob, relative);
    const top = folder.slice(folder.lastIndexOf("/") + 1);
    return match(glob, relative) || match(glob, `${top}/${relative}`) || match(`**/${glob}`, relative);
  });
}

/** As `.dockerignore` has it: from the context's top, with all that lies below. */
export function fitsContext(globs: readonly string[], relative: string): boolean {
  return globs.some((glob) => match(glob, relative) || match(`${glob}/**`, relative));
}

export function match(glob: string, text: string): boolean {
  return glob === text || globMatcher([glob])(text);
}

export function isHidden(path: string): boolean {
  return path.slice(path.lastIndexOf("/") + 1).startsWith(".");
}

export function isFile(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind !== "directory";
}

export function isIgnored(path: string, { git, lstat }: World): boolean {
  const top = git.repository(path.slice(0, path.lastIndexOf("/")))?.top;
  if (top === undefined) return false;
  const stat = lstat(path);
  return git.ignoredSinceStart(top, path.slice(top.length + 1), stat.exists && stat.kind === "directory");
}
