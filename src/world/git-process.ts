import { spawnSync } from "node:child_process";
import { dirname } from "node:path/posix";

type GitOutput =
  | { readonly ok: true; readonly out: Buffer; readonly status: number }
  | { readonly ok: false; readonly reason: string };

interface GitRun {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  /** Further `name=value` settings, stronger than any file's. */
  readonly config?: readonly string[];
  /** The work tree to speak of, whatever `core.worktree` says. */
  readonly workTree?: string;
  /** Statuses that are answers; 0 unless said. */
  readonly statuses?: readonly number[];
}

export type Git = (run: GitRun) => GitOutput;

/**
 * Runs plumbing of the real git so that nothing a repository holds is executed. Its configuration and attributes are the
 * agent's to write: each setting below names a program that git would start, or makes it write or reach out.
 */
export function openGit(program: string | undefined, home: string): Git {
  if (program === undefined) return () => ({ ok: false, reason: "git is not installed" });
  return ({ cwd, args, input, config = [], workTree, statuses = [0] }) => {
    const quiet = quietGit(program, home, { args, config, workTree });
    const result = spawnSync(program, quiet.args, {
      cwd,
      env: quiet.env,
      input: input ?? new Uint8Array(),
      timeout: 2000,
      killSignal: "SIGKILL",
      maxBuffer: 256 << 20,
    });
    if (result.error !== undefined) return { ok: false, reason: `git failed: ${result.error.message}` };
    const { status } = result;
    if (status !== null && statuses.includes(status)) return { ok: true, out: result.stdout, status };
    return { ok: false, reason: gitFault(result.stderr, status) };
  };
}

/** The arguments and the environment of such a run. */
export function quietGit(
  program: string,
  home: string,
  {
    args,
    config = [],
    workTree,
  }: {
    readonly args: readonly string[];
    readonly config?: readonly string[];
    readonly workTree: string | undefined;
  },
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const settings = [...silenced, ...config].flatMap((setting) => ["-c", setting]);
  return {
    args: ["--no-pager", ...settings, ...args],
    // From empty: GIT_DIR, GIT_INDEX_FILE, GIT_CONFIG_*, GIT_EXEC_PATH, GIT_EXTERNAL_DIFF… are the caller's to set.
    env: {
      ...quietEnv,
      HOME: home,
      PATH: `${dirname(program)}:/usr/bin:/bin`,
      ...(workTree === undefined ? {} : { GIT_WORK_TREE: workTree }),
    },
  };
}

export function gitFault(stderr: Buffer, status: number | null): string {
  const said = stderr.toString("utf8").split("\n")[0];
  return said ? `git: ${said}` : `git ended with status ${status ?? "of a signal"}`;
}

const silenced: readonly string[] = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.untrackedCache=false",
  "core.alternateRefsCommand=false",
  "core.editor=false",
  "core.askPass=false",
  "core.sshCommand=false",
  "core.gitProxy=false",
  "credential.helper=",
  "gpg.program=false",
  "gpg.ssh.program=false",
  "gpg.x509.program=false",
  "protocol.allow=never",
  "submodule.recurse=false",
  "status.submoduleSummary=false",
  "diff.autoRefreshIndex=false",
  // Less to compare would be less to notice.
  "core.checkStat=default",
  "core.trustctime=true",
  "gc.auto=0",
  "maintenance.auto=false",
];

const quietEnv: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  // Also what a missing object of a partial clone would start: fetch, with any program as its transport.
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "false",
  GIT_SSH_COMMAND: "false",
  GIT_EDITOR: "false",
  GIT_PAGER: "cat",
  GIT_ATTR_NOSYSTEM: "1",
  // A trace target in the user's configuration is a file to append to, or a socket.
  GIT_TRACE2: "0",
  GIT_TRACE2_EVENT: "0",
  GIT_TRACE2_PERF: "0",
};
