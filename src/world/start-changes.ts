import { execFile } from "node:child_process";
import { dirname } from "node:path/posix";
import { decodeBytes } from "../model/bytes.js";
import { lstat } from "./file-system.js";
import { findRepository } from "./repository.js";

export interface StartOptions {
  readonly program: string | undefined;
  readonly home: string;
  readonly workspace: string;
}

/** Tracked files of the workspace that had no changes when git was asked: before a session's first call is answered. */
export interface StartChanges {
  /**
   * Whether all that this file holds beyond what git holds came since: it was clean then, and is the same file still or
   * one that the session made in its place. Undefined while git has not answered.
   */
  isOwnChange(top: string, relative: string, startedAt: number): boolean | undefined;
  /** Asks git, unless that was done. Settles when the answer is there, or failed for good. */
  look(): Promise<void>;
}

/** Looks at the index's notes about each file (time, size, inode), never at content: no filter of the repository runs. */
export function openStartChanges({ program, home, workspace }: StartOptions): StartChanges {
  let clean: ReadonlyMap<string, number> | undefined;
  let looking: Promise<void> | undefined;
  const repository = findRepository(workspace);
  return {
    isOwnChange(top, relative, startedAt) {
      if (repository === undefined || top !== repository.top) return false;
      if (clean === undefined) return undefined;
      const inode = clean.get(relative);
      const stat = lstat(`${top}/${relative}`);
      if (inode === undefined || !stat.exists || stat.kind !== "file") return false;
      // `mv thesis.txt clean.ts` puts old work in a clean file's place: another inode, and older than the session.
      return low(stat.inode) === inode || stat.born >= startedAt;
    },
    look() {
      looking ??= list(program, home, repository).then((found) => {
        clean = found;
      });
      return looking;
    },
  };
}

async function list(
  program: string | undefined,
  home: string,
  repository: ReturnType<typeof findRepository>,
): Promise<ReadonlyMap<string, number>> {
  if (program === undefined || repository === undefined) return new Map();
  const { top, gitDir } = repository;
  const written = lstat(`${gitDir}/index`);
  const [out, staged] = await Promise.all([
    ask(program, home, top, ["ls-files", "--debug", "-z"]),
    // What was staged by then is in no commit, though the work tree is like the index.
    ask(program, home, top, ["diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD"]),
  ]);
  if (out === undefined || staged === undefined || !written.exists) return new Map();
  const uncommitted = new Set(staged.toString("latin1").split("\0"));
  const clean = new Map<string, number>();
  let seen = 0;
  for (const entry of readEntries(out)) {
    seen += 1;
    // So that a large tree does not hold up the calls of the session.
    if (seen % 1000 === 0) await new Promise(setImmediate);
    if (uncommitted.has(entry.name)) continue;
    const stat = lstat(`${top}/${entry.path}`);
    if (!stat.exists || stat.kind !== "file" || stat.size !== entry.size || low(stat.inode) !== entry.inode)
      continue;
    if (!isAt(stat.modified, entry.modified) || !isAt(stat.changed, entry.changed)) continue;
    // As young as the index itself: it may have been written once more in the same tick.
    if (entry.modified < written.modified) clean.set(entry.path, entry.inode);
  }
  return clean;
}

interface Entry {
  readonly path: string;
  /** The same, a character a byte. */
  readonly name: string;
  /** Milliseconds. */
  readonly changed: number;
  readonly modified: number;
  readonly inode: number;
  readonly size: number;
}

/** `git ls-files --debug -z`: a path, NUL, and five lines about it. */
function* readEntries(out: Buffer): Generator<Entry> {
  const expression =
    /([^\0]+)\0 {2}ctime: (\d+):(\d+)\n {2}mtime: (\d+):(\d+)\n {2}dev: \d+\tino: (\d+)\n {2}uid: \d+\tgid: \d+\n {2}size: (\d+)\tflags: ([0-9a-f]+)\n/g;
  for (const found of out.toString("latin1").matchAll(expression)) {
    // Anything but 0: told to pass by changes, or not to be there at all.
    if (found[8] !== "0") continue;
    const [changed = 0, changedNano = 0, modified = 0, modifiedNano = 0, inode = 0, size = 0] = found
      .slice(2, 8)
      .map(Number);
    yield {
      path: decodeBytes(Buffer.from(found[1] ?? "", "latin1")),
      name: found[1] ?? "",
      changed: changed * 1000 + changedNano / 1e6,
      modified: modified * 1000 + modifiedNano / 1e6,
      inode,
      size,
    };
  }
}

/** Milliseconds as floating point lose the last nanoseconds. */
function isAt(found: number, noted: number): boolean {
  return Math.abs(found - noted) < 0.01;
}

/** The index keeps 32 bits. */
function low(inode: number): number {
  return inode % 4_294_967_296;
}

function ask(
  program: string,
  home: string,
  top: string,
  question: readonly string[],
): Promise<Buffer | undefined> {
  const args = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...question];
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      {
        cwd: top,
        env: {
          HOME: home,
          PATH: `${dirname(program)}:/usr/bin:/bin`,
          LC_ALL: "C",
          GIT_WORK_TREE: top,
          GIT_OPTIONAL_LOCKS: "0",
          GIT_TRACE2: "0",
          GIT_TRACE2_EVENT: "0",
          GIT_TRACE2_PERF: "0",
        },
        encoding: "buffer",
        timeout: 5000,
        maxBuffer: 512 << 20,
      },
      (error, stdout) => resolve(error === null ? stdout : undefined),
    );
    child.unref();
  });
}
