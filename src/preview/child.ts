import { dirname } from "node:path/posix";
import { type Ended, runChild } from "../world/child.js";
import type { KnownPrograms } from "./known-programs.js";

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
  readonly programs: KnownPrograms;
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
    const ended = runChild({
      ...{ program: program.path, args, cwd: options.cwd ?? cwd, env: childEnv(program.path, env, options) },
      ...{ input: options.input ?? "", out: most, err: most, endsWhenCut: true, signal },
    });
    return ended.then(ranOf);
  };
}

const most = 256 * 1024;

function ranOf(ended: Ended): Ran {
  const { kind, out, err, isCut } = ended;
  if (kind === "failed") return { kind, reason: `cannot be started: ${ended.reason}` };
  return kind === "ended" ? { kind, status: ended.status, out, err, isCut } : { kind: "late", out, err };
}

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
