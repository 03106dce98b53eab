import { basename, dirname, join } from "node:path";
import type { World } from "../model/world.js";
import type { ShimCall } from "./protocol.js";

/** The program that a shim is to execute. `loop`: its name comes back again and again with nothing new to offer. */
export type Choice =
  /** `via`: the new value of HOLDPOINT_VIA, `undefined` when it is to be unset. */
  | { readonly kind: "found"; readonly program: string; readonly via: string | undefined }
  | { readonly kind: "missing" }
  | { readonly kind: "loop" };

/**
 * Which program a shim stands for: the first of that name on the caller's own PATH, so that virtual environments and nvm
 * stay what they are. A version manager's shim that looks itself up on PATH again comes back here: it gets the next
 * candidate, then what the session started with.
 */
export class Programs {
  private readonly seen = new Map<string, { readonly stamp: string; readonly nature: Nature }>();

  constructor(
    private readonly world: World,
    private readonly startPath: string,
    /** Whether a path leads to a shim. Left out: only names on PATH do. */
    private readonly isShim: (path: string) => boolean = () => false,
  ) {}

  choose(call: ShimCall): Choice {
    const via = call.env.get("HOLDPOINT_VIA");
    const named = this.named(call);
    if (named !== undefined) return { kind: "found", program: named, via };
    const trails = parseTrails(via);
    const before = trails.get(call.name);
    const own = call.env.get("PATH");
    const path = own === undefined ? undefined : absolutePath(own, call.cwd);
    const first = this.find(call.name, path);
    const atStart =
      path === undefined || before !== undefined ? this.find(call.name, this.startPath) : undefined;
    const plain = first ?? (path === undefined ? atStart : undefined);
    if (plain === undefined) return { kind: "missing" };
    const isLoop = before !== undefined && this.isLoop(before, call.pid);
    const fresh = isLoop ? this.findOther(call.name, path, atStart, before.given) : undefined;
    if (isLoop && fresh === undefined && before.count >= patience) return { kind: "loop" };
    const program = fresh ?? plain;
    const isFollowed = this.natureOf(program, call.name) !== "plain";
    if (isFollowed)
      trails.set(call.name, {
        pid: call.pid,
        count: (before?.count ?? 0) + 1,
        given: [...new Set([...(before?.given ?? []), program])],
      });
    else trails.delete(call.name);
    return { kind: "found", program, via: formatTrails(trails) };
  }

  /** By its path, where a shim lies over that: of two versions the one that was meant. */
  private named({ name, argv: [word = ""] }: ShimCall): string | undefined {
    if (!word.startsWith("/") || basename(word) !== name || !this.isShim(word)) return undefined;
    return this.find(name, dirname(word));
  }

  private find(name: string, path: string | undefined): string | undefined {
    return this.world.findProgram(name, path ?? defaultPath);
  }

  private isLoop(before: Trail, pid: number): boolean {
    if (before.pid === pid) return true;
    const last = before.given.at(-1);
    const isScript = last !== undefined && this.natureOf(last, basename(last)) === "script";
    return isScript && before.count >= 5;
  }

  /** The next of that name on PATH that was not given yet, then what the session started with. */
  private findOther(
    name: string,
    path: string | undefined,
    atStart: string | undefined,
    given: readonly string[],
  ): string | undefined {
    const folders = (path ?? defaultPath).split(":");
    for (const folder of folders) {
      const found = this.find(name, folder);
      if (found !== undefined && !given.includes(found)) return found;
    }
    return atStart !== undefined && !given.includes(atStart) ? atStart : undefined;
  }

  /**
   * What may look its own name up again needs a trail: a script, one program under many names, something of the user's own
   * (version managers live in homes). The plain tools of the system never do, and find no trace of us.
   */
  private natureOf(program: string, name: string): Nature {
    const stat = this.world.lstat(program);
    const stamp = stat.exists ? `${stat.inode} ${stat.modified}` : "";
    const known = this.seen.get(program);
    if (known !== undefined && known.stamp === stamp) return known.nature;
    const target = this.world.realpath(program);
    const head = this.world.readFile(target, 2);
    const isScript = head.ok && head.bytes[0] === 0x23 && head.bytes[1] === 0x21;
    const nature = isScript
      ? "script"
      : basename(target) === name && isSystem.test(target)
        ? "plain"
        : "alias";
    // Environments of tests come and go, each with programs of its own.
    if (this.seen.size >= mostSeen) this.seen.clear();
    this.seen.set(program, { stamp, nature });
    return nature;
  }
}

type Nature = "plain" | "script" | "alias";

interface Trail {
  readonly pid: number;
  readonly count: number;
  readonly given: readonly string[];
}

const mostSeen = 5000;

/** What execvp(3) and the shells search when PATH is not set. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const isSystem = /^\/(?:usr|bin|sbin|nix|opt)\//;
/** How often one name may come back with nothing new to offer. */
const patience = 20;

/** Relative and empty entries mean the caller's directory, not the broker's. */
export function absolutePath(path: string, cwd: string): string {
  const folders = path.split(":", mostFolders + 1);
  // Nobody's PATH: each call would have the broker look in all of these places.
  if (folders.length > mostFolders) throw new Error(`its PATH has more than ${mostFolders} folders`);
  if (absolute.test(path)) return path;
  return folders.map((folder) => (folder.startsWith("/") ? folder : join(cwd, folder))).join(":");
}

const mostFolders = 10_000;
const absolute = /^\/[^:]*(?::\/[^:]*)*$/;

/** One line a name: name, pid, count, paths, with tabs between. What does not read as that is no trail. */
function parseTrails(text: string | undefined): Map<string, Trail> {
  const trails = new Map<string, Trail>();
  for (const line of text?.split("\n") ?? []) {
    const [name, pid, count, ...given] = line.split("\t");
    if (name === undefined || given.length === 0) continue;
    trails.set(name, { pid: Number(pid), count: Number(count) || 0, given });
  }
  return trails;
}

function formatTrails(trails: ReadonlyMap<string, Trail>): string | undefined {
  if (trails.size === 0) return undefined;
  return [...trails]
    .map(([name, { pid, count, given }]) => [name, pid, count, ...given].join("\t"))
    .join("\n");
}
