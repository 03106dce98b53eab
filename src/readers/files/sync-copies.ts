import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, creation, modification } from "../file-effects.js";
import { isDirectory, joinPath, lastName, resolvePath } from "../path.js";

/**
 * What rsync makes and renews in a place of this machine. Nothing is lost, for newer copies of the same files are what it is for;
 * but one may be a scope manifest, a hook, or the guard's own: `rsync -a d/ ~/.config/`.
 */
export function copiedInto(
  sources: readonly Arg[],
  target: string,
  isWhole: boolean,
  call: Call,
  world: World,
): readonly Effect[] {
  return sources.flatMap((source): readonly Effect[] => {
    const isFar = /^[^/]*:/.test(isKnown(source) ? source : source.prefix);
    const from = isFar ? undefined : resolvePath(call, world, source);
    if (from === undefined || !isKnown(from) || !isKnown(source)) return [unknownInto(target, world)];
    // `src` makes `target/src`, `src/` fills `target`.
    const isFilled = /(^|\/)\.{0,2}$/.test(source);
    const name = lastName(from) ?? "";
    if (isDirectory(from, world))
      return isWhole ? copyTree(from, isFilled ? target : joinPath(target, name), world) : [];
    if (!world.lstat(from).exists) return [];
    if (isDirectory(target, world) || target.endsWith("/"))
      return appending("rsync", joinPath(target, name), world);
    return lastName(target) === name ? appending("rsync", target, world) : [];
  });
}

/** What another machine has. */
function unknownInto(target: string, world: World): Effect {
  const isFile = world.lstat(target).exists && !isDirectory(target, world);
  const effect = isFile ? modification("rsync", target) : creation("rsync", joinPath(target, "…"));
  return { ...effect, recovery: "needless", certainty: "possible" };
}

const maxEntries = 2_000;

function copyTree(source: string, destination: string, world: World): readonly Effect[] {
  const found: Effect[] = [];
  const todo = [{ from: source, to: destination }];
  let left = maxEntries;
  for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
    const { from, to } = pair;
    if (!world.lstat(to).exists) {
      found.push(creation("rsync", to));
      continue;
    }
    if (!isDirectory(from, world)) {
      found.push(...appending("rsync", to, world));
      continue;
    }
    const listing = world.readdir(from, left);
    if (!listing.ok) continue;
    left -= listing.names.length;
    if (!listing.complete || left <= 0)
      return [
        {
          ...modification("rsync", destination),
          recursive: true,
          recovery: "needless",
          extent: { kind: "unknown" },
          certainty: "possible",
        },
      ];
    todo.push(...listing.names.map((name) => ({ from: joinPath(from, name), to: joinPath(to, name) })));
  }
  return found;
}
