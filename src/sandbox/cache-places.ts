import { isWithin } from "../scope/globs.js";
import type { PlanInput } from "./input.js";
import { type Cache, caches } from "./known.js";
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
  const { home, env, look } = input;
  const real = look.realpath(home);
  const paths: string[] = [];
  const make: string[] = [];
  const set: Record<string, string> = {};
  for (const cache of caches) {
    const path = placeOfCache(cache, real, input);
    const isMoved = cache.variable !== undefined && env[cache.variable] !== undefined;
    if (!isSafe(path, real)) continue;
    if (isFolder(path, look)) paths.push(path);
    else if (kindOf(path, look) !== undefined) continue;
    else if (
      cache.path === ".cache" ||
      (cache.within !== undefined && isFolder(joinPath(real, cache.within), look))
    )
      make.push(path);
    else if (
      cache.variable !== undefined &&
      cache.below === undefined &&
      cache.within === undefined &&
      !isMoved
    )
      set[cache.variable] = `/var/tmp/caches/${cache.path.replace(/^\./, "")}`;
  }
  const makeable = make.filter((path) => isFolder(parentOf(path), look));
  return { paths: [...paths, ...makeable], make: makeable, set };
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
