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
export function walk(query: FindQuery, start: Start, world: World): Walk {
  const { path: root, written, follows, followsRoots, maxEntries } = start;
  const hits: Hit[] = [];
  const now = world.now?.();
  const todo: Pending[] = [{ path: root, name: posix.basename(written), depth: 0, stat: undefined }];
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
      const visit = new Visit(next, stat, now, start, world, hits);
      visit.evaluate(query.expression, true);
      pruned = visit.pruned;
    }
    if (!isDirectory || depth >= query.maxDepth || (pruned && !query.depthFirst)) continue;
    const inside = entriesOf(path, maxEntries, world);
    if (inside === undefined) continue;
    if (!inside.complete || seen + todo.length + inside.entries.length > maxEntries) {
      complete = false;
      break;
    }
    for (const { path: below, name, stat: known } of inside.entries)
      todo.push({ path: below, name, depth: depth + 1, stat: known });
  }
  return { hits, seen, complete };
}

interface Pending {
  readonly path: string;
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

/** One file that is asked. A walk makes hundreds of thousands: what few tests want to know is made when they do. */
class Visit implements Entry {
  pruned = false;

  constructor(
    private readonly pending: Pending,
    readonly stat: Entry["stat"],
    readonly now: number | undefined,
    private readonly start: Start,
    private readonly world: World,
    private readonly hits: Hit[],
  ) {}

  get name(): string {
    return this.pending.name;
  }

  get path(): string {
    const { written, path: root } = this.start;
    const { depth, path } = this.pending;
    return depth === 0
      ? written
      : joinPath(written, path.slice(root.endsWith("/") ? root.length : root.length + 1));
  }

  isEmpty(): boolean {
    const { kind, size } = this.stat;
    if (kind !== "directory") return kind === "file" && size === 0;
    const listing = this.world.readdir(this.pending.path, 1);
    return listing.ok && listing.names.length === 0;
  }

  modifiedOf(file: string): number | undefined {
    const other = resolvePath({ cwd: "/" }, this.world, file);
    const found = typeof other === "string" && file.startsWith("/") ? this.world.lstat(other) : undefined;
    return found?.exists === true ? found.modified : undefined;
  }

  evaluate(expression: Expression, certain: boolean): Truth {
    switch (expression.kind) {
      case "test":
        return expression.test(this);
      case "prune":
        this.pruned ||= certain;
        return "yes";
      case "act": {
        const { action } = expression;
        const { path } = this.pending;
        this.hits.push({ action, path, isDirectory: this.stat.kind === "directory", certain });
        // A command that was run may have failed; what -delete returns does not matter to us.
        return action.kind === "exec" && !action.gathers ? "maybe" : "yes";
      }
      case "not": {
        const truth = this.evaluate(expression.part, certain);
        return truth === "yes" ? "no" : truth === "no" ? "yes" : "maybe";
      }
      case "list":
      case "and":
      case "or":
        return this.evaluateParts(expression, certain);
      default:
        return assertNever(expression);
    }
  }

  private evaluateParts(
    { kind, parts }: Extract<Expression, { readonly parts: unknown }>,
    certain: boolean,
  ): Truth {
    const last = kind === "and" ? "no" : kind === "or" ? "yes" : undefined;
    let truth: Truth = kind === "or" ? "no" : "yes";
    let isCertain = certain;
    for (const part of parts) {
      const found = this.evaluate(part, isCertain);
      if (last === undefined) truth = found;
      else if (found === last) return last;
      else if (found === "maybe") {
        truth = "maybe";
        isCertain = false;
      }
    }
    return truth;
  }
}
