import { isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { creation, overwriting, toolName } from "../file-effects.js";
import { isWithin, joinPath, resolvePath } from "../path.js";

/**
 * What writing to a file does whose name is not known, but where it lies and how it ends: of what is there now it may
 * overwrite only that. Undefined where it could be anything.
 */
export function overwritingUnknown(call: Call, world: World, word: Unknown): readonly Effect[] | undefined {
  if (word.shape === "fresh") return [];
  const reach = findReach(call, world, word);
  if (reach === undefined) return undefined;
  const doomed = listDoomed(reach, world);
  if (doomed === undefined) return undefined;
  const tool = toolName(call);
  const made = {
    ...creation(tool, joinPath(reach.folder, `${reach.stem}…${reach.ending}`)),
    because: word.reason,
  };
  return [made, ...doomed.flatMap((path) => overwriting(tool, path, world))].map((effect) => ({
    ...effect,
    certainty: "possible",
  }));
}

interface Reach {
  /** Absolute and real, inside the workspace or a temporary directory. */
  readonly folder: string;
  /** How the name in the folder begins. */
  readonly stem: string;
  readonly ending: string;
  /** Only in the folder itself, not below. */
  readonly isFlat: boolean;
}

function findReach(call: Call, world: World, { shape, prefix, ending = "" }: Unknown): Reach | undefined {
  if (shape === undefined || shape === "climbing" || (shape === "path" && prefix === "")) return undefined;
  const at = prefix.lastIndexOf("/") + 1;
  const written = resolvePath(call, world, prefix.slice(0, at) || ".");
  if (written === undefined || !isKnown(written)) return undefined;
  const folder = world.realpath(written);
  const { workspace, temporary } = world.session;
  const isHarmless = [workspace, ...temporary].some((one) => isWithin(folder, one));
  if (!isHarmless || /\/\.git(\/|$)/.test(folder)) return undefined;
  const isFlat = shape === "name" && !ending.includes("/");
  // `for f in $(git ls-files); do : > $f`: that is every file there.
  const isNarrow = isFlat ? prefix.length > at || ending !== "" : /[^/]/.test(ending);
  return isNarrow ? { folder, stem: prefix.slice(at), ending, isFlat } : undefined;
}

const maxEntries = 5_000;
const maxDoomed = 50;

function listDoomed({ folder, stem, ending, isFlat }: Reach, world: World): readonly string[] | undefined {
  const doomed: string[] = [];
  const todo = [folder];
  let seen = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const stat = world.lstat(next);
    if (!stat.exists || stat.kind !== "directory") continue;
    const listing = world.readdir(next, maxEntries - seen);
    if (!listing.ok || !listing.complete) return undefined;
    seen += listing.names.length;
    for (const name of listing.names) {
      const path = joinPath(next, name);
      const isMeant = isFlat
        ? name.startsWith(stem) && name.length >= stem.length + ending.length
        : next !== folder || name.startsWith(stem);
      if (isMeant && path.endsWith(ending) && !isFolder(path, world)) doomed.push(path);
      // Vendored files are nobody's work; without them the walk ends.
      if (!isFlat && !/^(node_modules|\.git)$/.test(name) && isFolder(path, world)) todo.push(path);
      if (doomed.length > maxDoomed) return undefined;
    }
  }
  return doomed;
}

function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}
