import { spawn } from "node:child_process";
import { gitFault, quietGit } from "./git-process.js";

export interface GitStreamRun {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly input?: string | Uint8Array;
  /** The work tree to speak of, whatever `core.worktree` says. */
  readonly workTree: string;
  /** Statuses that are answers; 0 unless said. */
  readonly statuses?: readonly number[];
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** `take` gets what git writes, as it comes. */
export type GitStream = (
  run: GitStreamRun,
  take: (chunk: Buffer) => void,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;

/** The same git as `openGit`'s, for answers that take long: they come piece by piece, and can be ended. Never rejects. */
export function openGitStream(program: string | undefined, home: string): GitStream {
  if (program === undefined) return async () => ({ ok: false, reason: "git is not installed" });
  return ({ cwd, args, input, workTree, statuses = [0], signal }, take) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve({ ok: false, reason: "the time ran out" });
      const quiet = quietGit(program, home, { args, workTree });
      const child = spawn(program, quiet.args, { cwd, env: quiet.env, signal, killSignal: "SIGKILL" });
      const said: Buffer[] = [];
      const fail = (reason: string) =>
        resolve({ ok: false, reason: signal.aborted ? "the time ran out" : reason });
      child.stdout.on("data", (chunk: Buffer) => {
        if (!signal.aborted) take(chunk);
      });
      child.stderr.on("data", (chunk: Buffer) => {
        if (said.length < 16) said.push(chunk);
      });
      // It may end before it has read all of the questions.
      child.stdin.on("error", () => {});
      child.stdin.end(input ?? "");
      child.once("error", (error) => fail(`git failed: ${error.message}`));
      child.once("close", (status) => {
        if (!signal.aborted && status !== null && statuses.includes(status)) resolve({ ok: true });
        else fail(gitFault(Buffer.concat(said), status));
      });
    });
}
