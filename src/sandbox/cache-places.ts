import { isWithin } from "../scope/globs.js";
import type { PlanInput } from "./input.js";
import { type Cache, caches } from "./known-caches.js";
import { isFolder, joinPath, kindOf, parentOf } from "./look.js";

export interface CachePlaces {
  /** Real paths of folders, there or made before the start. */
  readonly paths: readonly string[];
  /** Those that are missing, made empty outside. */
  readonly make: readonly string[];
  /** Variables of tools whose cache is missing: they get one in the private temporary folder. */
  readonly set: Readonly<Record<string, string>>;
}

/** Where the tools of this home keep their caches, by what moves them. */
export function findCaches(input: PlanInput): CachePlaces {
  const { home, look, setting } = input;
  const real = look.realpath(home);
  const paths: string[] = [];
  const make: string[] = [];
  const set: Record<string, string> = {};
  for (const cache of caches) {
    const path = placeOfCache(cache, real, input);
    if (!isSafe(path, real)) continue;
    const kind = kindOf(path, look);
    if (kind === "folder") paths.push(path);
    if (kind !== undefined) continue;
    if (isUsed(cache, real, input)) make.push(path);
    // Where everybody may write, a name that anybody can foresee may be somebody else's.
    else if (canMove(cache) && setting.tmp === "private")
      set[cache.variable] = `/var/tmp/caches/${cache.path.replace(/^\./, "")}`;
  }
  const makeable = make.filter((path) => isFolder(parentOf(path), look));
  return { paths: [...paths, ...makeable], make: makeable, set };
}

/** A tool that is there, but has kept nothing yet: its own folder is, or a variable says where it is to be. */
function isUsed({ path, variable, within }: Cache, home: string, { env, look }: PlanInput): boolean {
  if (path === ".cache" || (variable !== undefined && env[variable]?.startsWith("/") === true)) return true;
  return within !== undefined && isFolder(joinPath(home, within), look);
}

/** Whether the variable means this very folder, and nothing else hangs on it. */
function canMove(cache: Cache): cache is Cache & { readonly variable: string } {
  const { path, variable, below, within } = cache;
  return variable !== undefined && below === undefined && within === undefined && !path.startsWith(".cache");
}

function placeOfCache({ path, variable, below }: Cache, home: string, { env, look }: PlanInput): string {
  const moved = variable === undefined ? undefined : env[variable];
  if (moved?.startsWith("/") !== true) return look.realpath(joinPath(home, path));
  return look.realpath(below === undefined ? moved : joinPath(moved, below));
}

/** `npm_config_cache=/` or the home would open all of it. */
function isSafe(path: string, home: string): boolean {
  return !isWithin(home, path) && !/^\/(?:[^/]+|usr\/.*|etc\/.*|bin\/.*)?$/.test(path);
}
