import { spawn } from "node:child_process";
import { dirname } from "node:path/posix";
import type { Programs } from "./programs.js";

export interface RunOptions {
  /** Absolute; the call's own folder unless said. */
  readonly cwd?: string;
  /** Variables of the call that the program is given besides the few that say who and where the user is. */
  readonly keeps?: RegExp;
  /** Stronger than the call's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input, which is else empty. */
  readonly input?: string;
}

export type Ran =
  | {
      readonly kind: "ended";
      /** Undefined when a signal ended it. */
      readonly status: number | undefined;
      readonly out: string;
      readonly err: string;
      /** It said more than is kept. */
      readonly isCut: boolean;
    }
  /** Its time was over: what it had said by then. */
  | { readonly kind: "late"; readonly out: string; readonly err: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Starts one of the programs that the session knew when it began, and waits for its end. Never rejects. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

export interface ChildOptions {
  readonly programs: Programs;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/**
 * What runs here is no part of the session: nothing of what the agent may write must make it run other code. So the program
 * is the real one by its absolute path, its environment is made from empty, it has no terminal, no shim and no input, and
 * with its whole group it is gone when its time is over.
 */
export function openRun({ programs, env, cwd, signal }: ChildOptions): Run {
  return (name, args, options = {}) => {
    const program = programs.find(name);
    if ("reason" in program) return Promise.resolve({ kind: "failed", reason: program.reason });
    if (signal.aborted) return Promise.resolve({ kind: "late", out: "", err: "" });
    return start(program.path, args, { cwd, ...options, env: childEnv(program.path, env, options) }, signal);
  };
}

interface Start {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

function start(path: string, args: readonly string[], { cwd, env, input }: Start, signal: AbortSignal) {
  return new Promise<Ran>((resolve) => {
    // A group and a session of its own: no controlling terminal, and one signal ends all of it.
    const child = spawn(path, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    const texts = { out: new Text(), err: new Text() };
    const said = () => ({ out: texts.out.text, err: texts.err.text });
    const kill = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It is gone already.
      }
    };
    const end = (ran: Ran) => {
      signal.removeEventListener("abort", abort);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ran);
    };
    const abort = () => {
      kill();
      end({ kind: "late", ...said() });
    };
    const take = (text: Text) => (chunk: Buffer) => {
      text.add(chunk);
      // Whoever says that much is not going to say less: half an answer is told as one.
      if (text.isCut) kill();
    };
    signal.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", take(texts.out));
    child.stderr.on("data", take(texts.err));
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
    child.on("error", (error) => end({ kind: "failed", reason: `cannot be started: ${error.message}` }));
    child.on("close", (status) => {
      // What it started and left must not outlive it.
      kill();
      end({
        kind: "ended",
        status: status ?? undefined,
        ...said(),
        isCut: texts.out.isCut || texts.err.isCut,
      });
    });
  });
}

/** At most `most` bytes. */
class Text {
  isCut = false;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, most - this.size);
    this.chunks.push(kept);
    this.size += kept.length;
    this.isCut ||= kept.length < chunk.length;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}

const most = 256 * 1024;

function childEnv(
  path: string,
  env: ReadonlyMap<string, string>,
  { keeps, env: own }: RunOptions,
): Record<string, string> {
  const kept = [...env].filter(([name]) => (usual.test(name) || keeps?.test(name)) && !loading.test(name));
  // The folder of the program last: what else lies there, as in ~/bin, answers for no system name.
  return { ...Object.fromEntries(kept), PATH: `${systemPath}:${dirname(path)}`, ...quiet, ...own };
}

const usual = /^(HOME|USER|LOGNAME|LANG|LC_\w+|TZ)$/;
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const quiet = { PAGER: "cat", TERM: "dumb", NO_COLOR: "1" } as const;

/** Variables that name code to load or run, whoever asks for them: `LD_PRELOAD=./own.so psql …` is judged, and only then runs. */
const loading =
  /^(LD_|DYLD_|GCONV_PATH$|LOCPATH$|NLSPATH$|MALLOC_|GLIBC_|OPENSSL_|SSLKEYLOGFILE$|KRB5_CONFIG$|KRB5_TRACE$|LDAP|HOLDPOINT_|BASH|ENV$|ZDOTDIR$|SHELLOPTS$|PS4$|IFS$|PATH$|PYTHON|PERL|RUBY|NODE_|JAVA_|JDK_|EDITOR$|VISUAL$|.*(PAGER|EDITOR|ASKPASS)$)/;
