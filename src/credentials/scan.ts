import { setImmediate } from "node:timers/promises";
import type { Detected } from "./detect.js";
import { lookAt } from "./look-at.js";
import type { Second } from "./second-thread.js";
import { type WalkedFile, walkFiles } from "./walk.js";

/** A credential in a file. Holds the value: it never leaves the process that scans, but for the place that it is used at. */
export interface Found extends Detected {
  /** Absolute real path. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface ScanOptions {
  /** Absolute folders and files. */
  readonly roots: readonly string[];
  /** Milliseconds; what is not looked at by then is left out. */
  readonly budget: number;
  /** Milliseconds since the epoch: only files changed since. */
  readonly since?: number;
  /** Files and folders that are passed over: what the scope never lets anybody read. */
  readonly skips?: (path: string) => boolean;
  /** Also folders that nobody writes credentials into: installed packages, build output, caches. */
  readonly all?: boolean;
  /** Opens a thread that looks at files, too, once there are many. Left out: all is done here. */
  readonly second?: () => Second;
}

export interface Scan {
  /** In the order of the walk. */
  readonly found: readonly Found[];
  /** How many were looked at. */
  readonly files: number;
  /** False: the time ran out. */
  readonly complete: boolean;
}

/** What came of some of the files. */
export interface Looked {
  readonly found: readonly Found[];
  readonly files: number;
}

/** Looks through files for credentials; the likeliest (`.env`, known stores) first. What cannot be read is passed over. */
export async function scanFiles(options: ScanOptions): Promise<Scan> {
  const { roots, since, budget, skips = () => false, all = false } = options;
  const end = performance.now() + budget;
  const parts: Promise<Looked>[] = [];
  const lanes = openLanes(since, options.second);
  let complete = true;
  try {
    for (const part of partsOf(walkFiles({ roots, skips, all }))) {
      complete = performance.now() < end;
      if (!complete) break;
      parts.push(lanes.look(part));
      await setImmediate();
    }
    const looked = await Promise.all(parts);
    const files = looked.reduce((sum, one) => sum + one.files, 0);
    return { found: looked.flatMap(({ found }) => found), files, complete };
  } finally {
    lanes.close();
  }
}

/** Here, and once there are many files on the other thread as well, whoever has time. */
function openLanes(
  since: number | undefined,
  open: (() => Second) | undefined,
): { look(part: readonly WalkedFile[]): Promise<Looked>; close(): void } {
  let second: Second | undefined;
  let [walked, waiting] = [0, 0];
  const lookElsewhere = async (thread: Second, part: readonly WalkedFile[]): Promise<Looked> => {
    waiting++;
    try {
      return await thread.look(part, since);
    } catch {
      // It ended for whatever reason: nothing of its part may be left out.
      return lookThrough(part, since);
    } finally {
      waiting--;
    }
  };
  return {
    async look(part) {
      walked += part.length;
      if (walked > few) second ??= open?.();
      if (second !== undefined && waiting < mostWaiting) return lookElsewhere(second, part);
      return lookThrough(part, since);
    },
    close: () => second?.close(),
  };
}

/** From here on another thread is worth its start, some 60 ms. */
const few = 2000;
/** Parts that lie with the other thread, so that it need not wait for the next. */
const mostWaiting = 3;

/** Files at a time, some 10 ms: others may have something to do in the meantime. */
const size = 64;

function* partsOf(walk: Iterable<readonly WalkedFile[]>): Generator<readonly WalkedFile[]> {
  let part: WalkedFile[] = [];
  for (const some of walk)
    for (const one of some) {
      part.push(one);
      if (part.length < size) continue;
      yield part;
      part = [];
    }
  if (part.length > 0) yield part;
}

export function lookThrough(files: readonly WalkedFile[], since: number | undefined): Looked {
  const looked = files.flatMap((one) => {
    const found = lookAt(one, since);
    return found === undefined ? [] : [found];
  });
  return { found: looked.flat(), files: looked.length };
}
