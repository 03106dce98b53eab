import { findGlob, isWithin, type PathGlob } from "../scope/globs.js";
import type { CompiledScope, PlanInput } from "./input.js";
import { isFolder, kindOf, type Look, parentOf } from "./look.js";
import type { Walk } from "./walk.js";

export interface Writable {
  readonly paths: readonly string[];
  /** Folders that are named and missing: made outside before the start, for nobody inside could. */
  readonly make: readonly string[];
  readonly notes: readonly string[];
}

/**
 * What the manifests let be written: the whole workspace where none speaks of it; else what every one of them agrees to. What lies outside
 * the workspace is opened by a manifest that a human trusted, and by no other: it may be the work of whoever is to be held.
 */
export function findWritable(input: PlanInput, scopes: readonly CompiledScope[], walk: Walk): Writable {
  const { workspace, look } = input;
  const wide = whyTooWide(input);
  const ground = wide === undefined ? workspace : undefined;
  const notes =
    wide === undefined
      ? []
      : [`${workspace} is ${wide}: it is not writable as a whole; begin in a folder of the work`];
  const speaking = scopes.filter(({ write }) => write !== undefined);
  if (speaking.length === 0) return { paths: ground === undefined ? [] : [ground], make: [], notes };
  const found = new Set<string>(ground === undefined ? [] : [ground]);
  const make: string[] = [];
  const agreed = (path: string) =>
    speaking.every(({ write = [] }) => opens(write, path, look)) &&
    ((ground !== undefined && isWithin(path, ground)) ||
      speaking.some(({ manifest, write = [] }) => manifest.isTrusted && opens(write, path, look)));
  for (const { write = [] } of speaking)
    for (const glob of write)
      for (const path of placesOf(glob, walk)) {
        if (!agreed(path)) continue;
        const kind = kindOf(path, look);
        if (kind === "folder" || kind === "file") found.add(path);
        else if (kind === undefined && !glob.isPlain && isFolder(parentOf(path), look)) make.push(path);
        else if (kind === undefined)
          notes.push(
            `"${glob.shown}" is not there: it cannot be made inside, unless a folder is named: "${glob.shown}/**"`,
          );
      }
  const paths = [...found].filter(agreed);
  for (const { write = [] } of speaking)
    for (const glob of write)
      if (!glob.isPlain && !isWholeFolder(glob))
        notes.push(
          `"${glob.shown}" opens the files that are there now: new ones that fit cannot be made inside`,
        );
  return { paths: [...paths, ...make], make, notes: [...new Set(notes)] };
}

function placesOf(glob: PathGlob, walk: Walk): readonly string[] {
  return glob.isPlain || isWholeFolder(glob) ? [glob.base] : walk.find(glob.base, [glob]).paths;
}

/** Whether all that may come to lie there is meant. */
function opens(globs: readonly PathGlob[], path: string, look: Look): boolean {
  return (
    findGlob(globs, path) !== undefined ||
    globs.some((glob) => glob.base === path && kindOf(path, look) !== "file" && isWholeFolder(glob))
  );
}

/** `src/**`, and `src/*`, which only leaves the folder itself out: any name in it fits, these as well, which nobody gives. */
function isWholeFolder(glob: PathGlob): boolean {
  return ["\u{f8ff}holdpoint\u{f8ff}", ".\u{f8ff}holdpoint\u{f8ff}"].every((name) =>
    glob.fits(`${glob.base}/${name}`),
  );
}

/** Work that begins in the home, or above it, is not about all that lies there: start-up files and programs would be writable. */
export function whyTooWide({ workspace, home, look }: PlanInput): string | undefined {
  const own = look.realpath(home);
  if (workspace === "/") return "the root of all files";
  if (workspace === own) return "the home";
  if (isWithin(own, workspace)) return "a folder around the home";
  return systemFolder.test(workspace) ? "a folder of the system" : undefined;
}

const systemFolder =
  /^\/(?:(?:bin|sbin|lib\w*|boot|dev|proc|sys|nix)(?:\/.*)?|etc|usr(?:\/(?!src\/|local\/src\/).*)?|opt|srv|mnt|media|run|tmp|var(?:\/(?:tmp|lib|log|cache|run))?|dev\/shm|Library|System|Applications|Users|private(?:\/(?:tmp|var|etc))?)$/s;
