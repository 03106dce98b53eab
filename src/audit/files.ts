import { createReadStream, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

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
      return session === undefined ? [] : [{ path, session, modified: statSync(path).mtimeMs, name }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ path, session, modified }) => ({ path, session, modified }));
}

/** The lines of a log, one at a time; with `follow`, those that come later too, until aborted. */
export async function* readLines(path: string, follow: AbortSignal | undefined): AsyncGenerator<string> {
  let offset = 0;
  while (true) {
    const input = createReadStream(path, { encoding: "utf8", start: offset });
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      offset += Buffer.byteLength(line) + 1;
      yield line;
    }
    if (follow === undefined || follow.aborted) return;
    await changed(path, offset, follow);
    if (follow.aborted) return;
  }
}

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
