import { lstat, readFile, realpath } from "./file-system.js";

/** One file of ignore rules, as it was when the session began. */
export interface IgnoreSnapshot {
  readonly inode: number;
  readonly changed: number;
  readonly lines: readonly string[];
}

/** What of an ignore file's present lines stood at the session's start. `lost`: it cannot be told, or rules are gone. */
export type Standing =
  | { readonly kind: "all" }
  | { readonly kind: "some"; readonly lines: ReadonlySet<number> }
  | { readonly kind: "lost" };

const capBytes = 1 << 20;

/** Undefined for a file that cannot be read whole: only its change time speaks for it then. */
export function takeSnapshot(path: string): IgnoreSnapshot | undefined {
  const { inode, changed } = identify(path);
  const lines = readLines(path);
  return lines === undefined ? undefined : { inode, changed, lines };
}

/** Inode and change time of the file that a path leads to; zeros when there is none. */
export function identify(path: string): { readonly inode: number; readonly changed: number } {
  const own = lstat(path);
  if (!own.exists) return { inode: 0, changed: 0 };
  const end = own.kind === "symlink" ? lstat(realpath(path)) : own;
  if (!end.exists) return { inode: 0, changed: own.changed };
  return { inode: end.inode, changed: Math.max(own.changed, end.changed) };
}

/**
 * A session that adds rules takes none away: as long as the old lines still follow each other in the present file, the
 * last match among all lines is, if it is an old line, also the last match among the old ones.
 */
export function compareWithSnapshot(path: string, snapshot: IgnoreSnapshot): Standing {
  const { inode, changed } = identify(path);
  if (inode === snapshot.inode && changed === snapshot.changed) return { kind: "all" };
  const present = readLines(path);
  if (present === undefined) return { kind: "lost" };
  const standing = new Set<number>();
  let next = 0;
  for (const line of snapshot.lines) {
    const at = present.indexOf(line, next);
    if (at < 0) return { kind: "lost" };
    standing.add(at + 1);
    next = at + 1;
  }
  return { kind: "some", lines: standing };
}

function readLines(path: string): readonly string[] | undefined {
  if (!lstat(path).exists) return [];
  const file = readFile(path, capBytes);
  if (!file.ok || !file.complete) return undefined;
  const lines = Buffer.from(file.bytes).toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
