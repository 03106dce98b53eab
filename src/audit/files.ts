import { readdirSync, statSync, watch } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** One session's log on disk. */
export interface LogFile {
  readonly path: string;
  readonly session: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** `2026-01-31T09-30-00-123-abc123.jsonl`: sorts by time, names the session. */
export function logFileName(session: string, started: Date): string {
  return `${started.toISOString().slice(0, 23).replaceAll(/[:.]/g, "-")}-${session}.jsonl`;
}

/** All logs in the state directory, newest last. A directory that does not exist holds none. */
export function listLogs(directory: string): readonly LogFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const session = /^[0-9T-]{23}-(.+)\.jsonl$/.exec(name)?.[1];
      const path = join(directory, name);
      // Gone by now: somebody clears up.
      const found = session === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
      return session === undefined || found === undefined
        ? []
        : [{ path, session, modified: found.mtimeMs, name }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ path, session, modified }) => ({ path, session, modified }));
}

/**
 * The lines of a log, one at a time; with `follow`, those that come later too, until aborted. A record that is just being
 * written is a line once its end is there.
 */
export async function* readLines(path: string, follow: AbortSignal | undefined): AsyncGenerator<string> {
  const file = await open(path);
  try {
    const chunk = Buffer.alloc(1 << 18);
    /** The beginning of a line whose end has not been read: in parts, for a line may be as long as the file. */
    let rest: Buffer[] = [];
    let kept = 0;
    for (let offset = 0; follow?.aborted !== true; ) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
      offset += bytesRead;
      const bytes = chunk.subarray(0, bytesRead);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield rest.length === 0
          ? bytes.toString("utf8", start, end)
          : Buffer.concat([...rest, bytes.subarray(start, end)]).toString("utf8");
        rest = [];
        kept = 0;
        start = end + 1;
      }
      kept += bytesRead - start;
      // Nothing that holdpoint wrote: what it begins with is enough to say so.
      if (start < bytesRead && kept <= longestLine) rest.push(Buffer.from(bytes.subarray(start)));
      if (bytesRead > 0) continue;
      if (follow !== undefined && !follow.aborted) await changed(path, offset, follow);
      if (follow === undefined || follow.aborted) break;
      // Half a record that was cut off again: the disk was full.
      const { size } = await file.stat();
      if (size >= offset) continue;
      offset = size;
      rest = [];
      kept = 0;
    }
    if (kept > 0) yield Buffer.concat(rest).toString("utf8");
  } finally {
    await file.close();
  }
}

/** Bytes; a call's record is of its 16 MiB at most, read and told in a few ways. */
const longestLine = 128 << 20;

/** Resolves once the file is longer than `size`. Watching misses writes on some file systems, so it looks as well. */
function changed(path: string, size: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearInterval(timer);
      watcher.close();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const look = (): void => {
      if (statSync(path, { throwIfNoEntry: false })?.size !== size) done();
    };
    const watcher = watch(path, look);
    const timer = setInterval(look, 500);
    signal.addEventListener("abort", done);
    look();
  });
}
