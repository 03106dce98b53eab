import { posix } from "node:path";
import { assertNever } from "../../model/assert-never.js";
import type { Stat, World } from "../../model/world.js";
import { joinPath, resolvePath } from "../path.js";
import type { Expression, FindAction, FindQuery } from "./find-expression.js";
import type { Entry, Truth } from "./find-tests.js";

/** A file that an action reaches. */
export interface Hit {
  readonly action: FindAction;
  /** Absolute. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** False when a test that is not weighed here decides. */
  readonly certain: boolean;
}

export interface Walk {
  readonly hits: readonly Hit[];
  /** How many files were looked at; the root is one. */
  readonly seen: number;
  readonly complete: boolean;
}

export interface Start {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it. */
  readonly written: string;
  readonly follows: boolean;
  /** `-H`: the links on the line alone. */
  readonly followsRoots: boolean;
  /** The walk is given up when there are more files than this. */
  readonly maxEntries: number;
}

/** Walks as find would, and asks each file the same. */
export function walk(
  query: FindQuery,
  { path: root, written, follows, followsRoots, maxEntries }: Start,
  world: World,
): Walk {
  const hits: Hit[] = [];
  const now = world.now?.();
  const name = posix.basename(written);
  const todo: Pending[] = [{ path: root, written, name, depth: 0, stat: undefined }];
  let seen = 0;
  let complete = true;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { path, depth } = next;
    const stat = followed(next.stat ?? world.lstat(path), path, depth === 0 ? followsRoots : follows, world);
    if (!stat.exists) {
      // By sudo, or on another machine, there may be anything.
      if (stat.reason === "unreadable") complete = false;
      continue;
    }
    seen += 1;
    const isDirectory = stat.kind === "directory";
    let pruned = false;
    if (depth >= query.minDepth) {
      const entry = entryOf(next, stat, now, world);
      const reach = (action: FindAction, certain: boolean) =>
        hits.push({ action, path, isDirectory, certain });
      pruned = evaluate(query.expression, entry, true, reach).pruned;
    }
    if (!isDirectory || depth >= query.maxDepth || (pruned && !query.depthFirst)) continue;
    const inside = entriesOf(path, maxEntries, world);
    if (inside === undefined) continue;
    if (!inside.complete || seen + todo.length + inside.entries.length > maxEntries) {
      complete = false;
      break;
    }
    for (const one of inside.entries)
      todo.push({
        path: one.path,
        written: joinPath(next.written, one.name),
        name: one.name,
        depth: depth + 1,
        stat: one.stat,
      });
  }
  return { hits, seen, complete };
}

interface Pending {
  readonly path: string;
  readonly written: string;
  readonly name: string;
  readonly depth: number;
  /** Undefined where it is still to be asked. */
  readonly stat: Stat | undefined;
}

interface Inside {
  readonly entries: readonly (Pick<Pending, "path" | "name"> & Partial<Pick<Pending, "stat">>)[];
  readonly complete: boolean;
}

/** Undefined for what cannot be listed. */
function entriesOf(path: string, cap: number, world: World): Inside | undefined {
  const kept = world.entries?.(path, cap);
  if (kept !== undefined) return kept.ok ? kept : undefined;
  const listing = world.readdir(path, cap);
  if (!listing.ok) return undefined;
  const { names, complete } = listing;
  return { entries: complete ? names.map((name) => ({ name, path: joinPath(path, name) })) : [], complete };
}

function followed(stat: Stat, path: string, follows: boolean, world: World): Stat {
  return follows && stat.exists && stat.kind === "symlink" ? world.lstat(world.realpath(path)) : stat;
}

function entryOf(
  { path, written, name }: Pending,
  stat: Entry["stat"],
  now: number | undefined,
  world: World,
): Entry {
  return {
    path: written,
    name,
    stat,
    now,
    isEmpty: () => {
      if (stat.kind !== "directory") return stat.kind === "file" && stat.size === 0;
      const listing = world.readdir(path, 1);
      return listing.ok && listing.names.length === 0;
    },
    modifiedOf: (file) => {
      const other = resolvePath({ cwd: "/" }, world, file);
      const found = typeof other === "string" && file.startsWith("/") ? world.lstat(other) : undefined;
      return found?.exists === true ? found.modified : undefined;
    },
  };
}

interface Outcome {
  readonly truth: Truth;
  readonly pruned: boolean;
}

function evaluate(
  expression: Expression,
  entry: Entry,
  certain: boolean,
  reach: (action: FindAction, certain: boolean) => void,
): Outcome {
  switch (expression.kind) {
    case "test":
      return { truth: expression.test(entry), pruned: false };
    case "prune":
      return { truth: "yes", pruned: certain };
    case "act":
      reach(expression.action, certain);
      // A command that was run may have failed; what -delete returns does not matter to us.
      return {
        truth: expression.action.kind === "exec" && !expression.action.gathers ? "maybe" : "yes",
        pruned: false,
      };
    case "not": {
      const { truth, pruned } = evaluate(expression.part, entry, certain, reach);
      return { truth: truth === "yes" ? "no" : truth === "no" ? "yes" : "maybe", pruned };
    }
    case "list":
    case "and":
    case "or": {
      const last = expression.kind === "and" ? "no" : expression.kind === "or" ? "yes" : undefined;
      let truth: Truth = expression.kind === "or" ? "no" : "yes";
      let pruned = false;
      let isCertain = certain;
      for (const part of expression.parts) {
        const outcome = evaluate(part, entry, isCertain, reach);
        pruned ||= outcome.pruned;
        if (last === undefined) truth = outcome.truth;
        else if (outcome.truth === last) return { truth: last, pruned };
        else if (outcome.truth === "maybe") {
          truth = "maybe";
          isCertain = false;
        }
      }
      return { truth, pruned };
    }
    default:
      return assertNever(expression);
  }
}
