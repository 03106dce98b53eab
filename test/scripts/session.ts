import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const cli = join(root, "bin", "holdpoint.js");

/** A place of its own for one test: a home, a git work tree, a folder outside it. Not below /tmp, which the guard lets go. */
export interface Place {
  readonly base: string;
  readonly home: string;
  readonly workspace: string;
  readonly outside: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs git in the workspace; the repository exists already, with one commit of `tracked.txt` and a `.gitignore`. */
  git(...args: string[]): Promise<Outcome>;
  run(options: RunOptions): Promise<Outcome>;
  /** The records of every session run here, oldest first. */
  records(): readonly Record<string, unknown>[];
  logs(): readonly string[];
  remove(): void;
}

export interface RunOptions {
  /** The guarded command. */
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds after which the whole is killed, and the outcome says so. */
  readonly limit?: number;
}

export interface Outcome {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The oldest sessions of `git` ask for a name; nothing of the real user's configuration may count. */
const gitIdentity = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
};

/**
 * `keepsTrash`: what rm takes from the workspace can be put back, so that it is not asked about. Else there lies a file in the
 * place of the trash: `rm notes.txt` is what most tests have asked about.
 */
export async function makePlace({ keepsTrash = false } = {}): Promise<Place> {
  const parent = process.getuid?.() === 0 ? "/var/lib" : join(homedir(), ".cache");
  mkdirSync(parent, { recursive: true });
  const base = mkdtempSync(join(parent, "holdpoint-test-"));
  const home = join(base, "home");
  const workspace = join(base, "work");
  const outside = join(base, "outside");
  for (const folder of [home, workspace, outside]) mkdirSync(folder);
  const state = join(home, ".local", "state", "holdpoint");
  if (!keepsTrash) {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(join(state, "trash"), "");
  }
  const env = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: home,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    CI: "true",
    // Without it a bash whose stdin is a socket, as Node's pipes are, takes itself for one started by rsh.
    SHLVL: "1",
    ...gitIdentity,
  };
  const git = (...args: string[]): Promise<Outcome> => execute("git", args, { cwd: workspace, env });
  writeFileSync(join(workspace, "tracked.txt"), "tracked\n");
  writeFileSync(join(workspace, ".gitignore"), "node_modules/\nbuild/\n.env\n*.sqlite\n");
  await git("init", "-q");
  await git("add", ".");
  await git("commit", "-qm", "first");
  const logs = (): readonly string[] => {
    const folder = join(home, ".local", "state", "holdpoint", "sessions");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map((name) => join(folder, name));
  };
  return {
    base,
    home,
    workspace,
    outside,
    env,
    git,
    logs,
    run: ({ command, flags = ["-q"], env: more, cwd, input, limit }) =>
      execute(process.execPath, [cli, "run", ...flags, "--", ...command], {
        cwd: cwd ?? workspace,
        env: { ...env, ...more },
        ...(input === undefined ? {} : { input }),
        ...(limit === undefined ? {} : { limit }),
      }),
    records: () =>
      logs().flatMap((path) =>
        readFileSync(path, "utf8")
          .trimEnd()
          .split("\n")
          .map((line): Record<string, unknown> => JSON.parse(line)),
      ),
    // fish goes on writing what it knows of manual pages for a while.
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

export interface ExecuteOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly limit?: number;
}

/** Runs a program to its end; `status` is a signal's name when one ended it, `time-out` past the limit. */
export function execute(program: string, args: readonly string[], options: ExecuteOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, options.limit ?? 30_000);
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({
        status: late ? "time-out" : (code ?? signal ?? "?"),
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      });
    });
  });
}
