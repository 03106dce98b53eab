import { type ChildProcess, spawn } from "node:child_process";

export interface ChildOptions {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that it gets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its standard input, which is else empty. */
  readonly input?: string;
  /** Bytes that are kept of what it says on each; 0 or left out: it says that to nobody. */
  readonly out?: number;
  readonly err?: number;
  /** One that says more is ended, for it is not going to say less; else the rest is passed over. */
  readonly endsWhenCut?: boolean;
  /** What it started and left in its group may outlive it. */
  readonly leaves?: boolean;
  /** Ends it with its group. */
  readonly signal?: AbortSignal;
  /** Milliseconds, after which it is ended likewise. */
  readonly patience?: number;
}

interface Said {
  readonly out: string;
  readonly err: string;
  /** It said more than is kept. */
  readonly isCut: boolean;
}

export type Ended = Said &
  (
    | { readonly kind: "ended"; readonly status: number | undefined; readonly by: string | undefined }
    /** By its signal. */
    | { readonly kind: "stopped" }
    /** Its time was over. */
    | { readonly kind: "late" }
    /** `code`: the system's, where it has one. */
    | { readonly kind: "failed"; readonly code: string | undefined; readonly reason: string }
  );

/**
 * Runs one program for the guard itself: no shell, no terminal, a session and group of its own, which end with it. Never rejects.
 */
export function runChild(options: ChildOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const texts = { out: new Text(options.out ?? 0), err: new Text(options.err ?? 0) };
    const said = (): Said => ({
      out: texts.out.text,
      err: texts.err.text,
      isCut: texts.out.isCut || texts.err.isCut,
    });
    const { signal } = options;
    if (signal?.aborted === true) return resolve({ kind: "stopped", ...said() });
    const child = start(options);
    if (child instanceof Error) return resolve({ kind: "failed", ...faultOf(child), ...said() });
    const end = (ended: Ended) => {
      for (const each of timers) clearTimeout(each);
      signal?.removeEventListener("abort", stop);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve(ended);
    };
    let cause: "stopped" | "late" | undefined;
    const breakOff = (why: "stopped" | "late") => {
      cause ??= why;
      killGroup(child);
      // What it said by then still stands in the pipes; what has left its group may hold them open.
      timers.push(setTimeout(() => end({ kind: why, ...said() }), moment));
    };
    const stop = () => breakOff("stopped");
    const timers: NodeJS.Timeout[] = [];
    if (options.patience !== undefined) timers.push(setTimeout(() => breakOff("late"), options.patience));
    signal?.addEventListener("abort", stop, { once: true });
    for (const name of ["out", "err"] as const)
      child[`std${name}`]?.on("data", (chunk: Buffer) => {
        texts[name].add(chunk);
        if (texts[name].isCut && options.endsWhenCut === true) killGroup(child);
      });
    // One that does not read, or is gone before it read all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
    child.on("error", (error) => end({ kind: "failed", ...faultOf(error), ...said() }));
    // Where something is read, all of it; else what holds a pipe open is not waited for.
    const isRead = child.stdout !== null || child.stderr !== null;
    child.on(isRead ? "close" : "exit", (status: number | null, by: string | null) => {
      if (options.leaves !== true) killGroup(child);
      if (cause !== undefined) end({ kind: cause, ...said() });
      else end({ kind: "ended", status: status ?? undefined, by: by ?? undefined, ...said() });
    });
  });
}

/** Milliseconds. */
const moment = 100;

function start({ program, args, cwd, env, input, out = 0, err = 0 }: ChildOptions): ChildProcess | Error {
  try {
    return spawn(program, args, {
      ...{ cwd, env: { ...env }, detached: true },
      stdio: [
        input === undefined ? "ignore" : "pipe",
        out > 0 ? "pipe" : "ignore",
        err > 0 ? "pipe" : "ignore",
      ],
    });
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function faultOf(error: NodeJS.ErrnoException): {
  readonly code: string | undefined;
  readonly reason: string;
} {
  return { code: error.code, reason: error.message };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Gone by now.
  }
}

/** At most `most` bytes. */
class Text {
  isCut = false;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly most: number) {}

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, this.most - this.size);
    this.chunks.push(kept);
    this.size += kept.length;
    this.isCut ||= kept.length < chunk.length;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}
