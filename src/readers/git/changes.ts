import { askGit, type GitCall, type GitLoss, linesOf, lossless } from "./call.js";

/** A tracked file that differs from the last commit. */
export interface Change {
  /** Relative to the top. */
  readonly path: string;
  /** Index against HEAD, and work tree against index: the two letters of `git status --porcelain`. */
  readonly staged: string;
  readonly unstaged: string;
}

/** What differs from the last commit, below some pathspecs; untracked files left out. */
export function changesOf(git: GitCall, pathspecs: readonly string[]): readonly Change[] | undefined {
  const options = ["--porcelain", "-z", "--no-renames", "--untracked-files=no"];
  const out = askGit(git, "status", ...options, "--", ...pathspecs);
  return out
    ?.split("\0")
    .filter((line) => line.length > 3)
    .map((line) => ({ staged: line.charAt(0), unstaged: line.charAt(1), path: line.slice(3) }));
}

export function isUnmerged({ staged, unstaged }: Change): boolean {
  const both = staged + unstaged;
  return both.includes("U") || both === "AA" || both === "DD";
}

/** What `reset --merge`, and so each `--abort` of a merge, gives up; what is not staged stays. */
export function isStaged(change: Change): boolean {
  return isUnmerged(change) || (change.staged !== " " && change.unstaged === " ");
}

export function untracked(git: GitCall): readonly string[] {
  return linesOf(askGit(git, "ls-files", "--others", "--exclude-standard", "--full-name", "-z") ?? "", "\0");
}

/** What it means to lose these files. */
export function lossOf(files: readonly string[] | undefined): GitLoss {
  if (files === undefined) return { recovery: "unknown", because: "git did not say what would be lost" };
  if (files.length === 0) return lossless;
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  return {
    recovery: "none",
    because: `uncommitted work in ${files.slice(0, 3).join(", ")}${more}`,
    extent: { kind: "exact", count: files.length, unit: "files" },
    whole: { files },
  };
}
