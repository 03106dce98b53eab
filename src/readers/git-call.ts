import { type Arg, isKnown, type Unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Action, type GitEffect, plainEffect } from "../model/effect.js";
import type { World } from "../model/world.js";

/** One git command, its global options taken off. */
export interface GitCall {
  readonly call: Call;
  readonly world: World;
  /** Where it would work: the call's directory, or what `-C` made of it. */
  readonly cwd: string | Unknown;
  /** False when `--git-dir` and the like point elsewhere: then no question to git is about the right repository. */
  readonly asks: boolean;
  readonly name: string;
  /** What stands behind the subcommand's name; all known, or the call is left to its shim. */
  readonly words: readonly string[];
}

export type GitLoss = Pick<GitEffect, "recovery" | "because"> & Partial<Pick<GitEffect, "extent">>;

export const lossless: GitLoss = { recovery: "needless", because: "" };

export function gitEffect(
  action: Action,
  operation: string,
  target: string,
  loss: GitLoss,
  remote = false,
): GitEffect {
  return { ...plainEffect("git", action, target), resource: "git", operation, remote, ...loss };
}

/** Git's answer; undefined when there is none, or it would be about another repository. */
export function askGit(git: GitCall, ...args: readonly string[]): string | undefined {
  if (!git.asks || !isKnown(git.cwd)) return undefined;
  const answer = git.world.git.query(git.cwd, args);
  return answer.ok ? answer.out : undefined;
}

/** Top of the work tree, or the directory where one should be. */
export function topOf(git: GitCall): string {
  if (!isKnown(git.cwd)) return git.cwd.source;
  return git.world.git.repository(git.cwd)?.top ?? git.cwd;
}

export interface Change {
  /** Relative to the top; a folder of untracked files ends in a slash. */
  readonly path: string;
  /** Index against HEAD, and work tree against index: the two letters of `git status --porcelain`. */
  readonly staged: string;
  readonly unstaged: string;
}

/** What differs from the last commit, below some pathspecs (all of it when there are none). */
export function changesOf(
  git: GitCall,
  pathspecs: readonly string[],
  ...options: readonly string[]
): readonly Change[] | undefined {
  const chosen = options.length > 0 ? options : ["--untracked-files=no"];
  const out = askGit(git, "status", "--porcelain", "-z", "--no-renames", ...chosen, "--", ...pathspecs);
  return out
    ?.split("\0")
    .filter((line) => line.length > 3)
    .map((line) => ({ staged: line.charAt(0), unstaged: line.charAt(1), path: line.slice(3) }));
}

/** What it means to lose these changes. */
export function lossOf(changes: readonly Change[] | undefined): GitLoss {
  if (changes === undefined) return { recovery: "unknown", because: "git did not say what would be lost" };
  if (changes.length === 0) return lossless;
  const named = changes.slice(0, 3).map(({ path }) => path);
  const more = changes.length > 3 ? ` and ${changes.length - 3} more` : "";
  return {
    recovery: "none",
    because: `uncommitted work in ${named.join(", ")}${more}`,
    extent: { kind: "exact", count: changes.length, unit: "files" },
  };
}

export function knownWords(words: readonly Arg[]): readonly string[] {
  return words.filter(isKnown);
}

/** Where there is no repository git fails; where one may be made by then, a shim looks again. */
export function isRepository(git: GitCall): boolean {
  if (!git.asks || !isKnown(git.cwd) || git.call.sight === "never") return true;
  return git.world.git.repository(git.cwd) !== undefined;
}
