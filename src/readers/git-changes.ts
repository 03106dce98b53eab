import { isKnown } from "../model/arg.js";
import { blobsOf, isBlob } from "./git-blobs.js";
import {
  askGit,
  askStore,
  type GitCall,
  type GitLoss,
  gitEffect,
  gitPath,
  isRepository,
  linesOf,
  lossless,
  topOf,
} from "./git-call.js";
import { joinPath, resolvePath } from "./path.js";
import { effects, nothing, type Reading } from "./reader.js";

/** A tracked file that differs from the last commit. */
export interface Change {
  /** Relative to the top. */
  readonly path: string;
  /** Index against HEAD, and work tree against index: the two letters of `git status --porcelain`. */
  readonly staged: string;
  readonly unstaged: string;
}

/** Which files a command writes anew, and with what. */
export interface Discard {
  readonly operation: string;
  /** Pathspecs; none stands for all. */
  readonly paths: readonly string[];
  /** Where the new content comes from; undefined: the index. */
  readonly tree: string | undefined;
  /** Whether a change goes; left out: all of them. */
  readonly takes?: (change: Change) => boolean;
  /** Tracked files that the tree does not have are left alone. */
  readonly isOverlay?: boolean;
  /** The whole folder goes, untracked files with it. */
  readonly alsoUntracked?: boolean;
}

/** Changes of tracked files go, and untracked files that stand where the tree has one. */
export function discard(git: GitCall, form: Discard): Reading {
  if (!isRepository(git)) return nothing;
  const { operation, paths } = form;
  const named = paths.length === 1 ? resolvePath(git, git.world, paths[0] ?? "") : undefined;
  const target = named !== undefined && isKnown(named) ? named : topOf(git);
  return effects(gitEffect("delete", operation, target, weighChanges(git, form)));
}

export function weighChanges(git: GitCall, form: Discard): GitLoss {
  const found = changesOf(git, form.paths);
  if (found === undefined) return lossOf(undefined);
  const doomed = found.filter((change) => (form.takes ?? isAny)(change)).map(({ path }) => path);
  const taken = form.isOverlay === true ? heldBy(git, doomed, form.tree) : doomed;
  const others = form.alsoUntracked === true ? untracked(git) : [];
  const onDisk = [...new Set([...taken, ...others, ...inTheWay(git, form)])].filter((path) =>
    isThere(git, path),
  );
  const changed = onDisk.filter((path) => !isOwnChange(git, path, found));
  return lossOf(withoutKept(git, changed, form));
}

function untracked(git: GitCall): readonly string[] {
  return linesOf(askGit(git, "ls-files", "--others", "--exclude-standard", "--full-name", "-z") ?? "", "\0");
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

/** What it means to lose these files. */
export function lossOf(files: readonly string[] | undefined): GitLoss {
  if (files === undefined) return { recovery: "unknown", because: "git did not say what would be lost" };
  if (files.length === 0) return lossless;
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  return {
    recovery: "none",
    because: `uncommitted work in ${files.slice(0, 3).join(", ")}${more}`,
    extent: { kind: "exact", count: files.length, unit: "files" },
  };
}

export function isUnmerged({ staged, unstaged }: Change): boolean {
  const both = staged + unstaged;
  return both.includes("U") || both === "AA" || both === "DD";
}

function isAny(): boolean {
  return true;
}

/** Files on disk that the tree has and the index has not: untracked, ignored, or taken out of the index. */
export function inTheWay(git: GitCall, { tree, paths }: Pick<Discard, "tree" | "paths">): readonly string[] {
  if (tree === undefined || tree.startsWith("-")) return [];
  const args = ["--diff-filter=D", "--name-only", "--no-renames", "-z", tree, "--", ...paths];
  return linesOf(askGit(git, "diff-index", ...args) ?? "", "\0").filter((path) => isThere(git, path));
}

function isThere(git: GitCall, path: string): boolean {
  return git.world.lstat(joinPath(topOf(git), path)).exists;
}

/** Undoing what the session itself wrote costs nobody's work. */
function isOwnChange(git: GitCall, path: string, found: readonly Change[]): boolean {
  const { world } = git;
  const top = topOf(git);
  const change = found.find((one) => one.path === path);
  if (change !== undefined && change.staged !== "A") return world.git.isOwnChange?.(top, path) === true;
  const stat = world.lstat(joinPath(top, path));
  return stat.exists && stat.kind === "file" && stat.born > 0 && stat.born >= world.session.startedAt;
}

/** More files than this are not looked for one by one: what is asked about is plain enough. */
const maxFiles = 50;

/**
 * Files whose very content lies in no commit. Looked at are what a merge that stopped has put there (`AUTO_MERGE`, conflict
 * marks included), the tree that is taken, and the branches that moved last. Without a way into the store, all of them.
 */
export function withoutKept(
  git: GitCall,
  files: readonly string[],
  form: Pick<Discard, "tree">,
): readonly string[] {
  if (files.length === 0 || files.length > maxFiles) return files;
  const merge = gitPath(git, "AUTO_MERGE");
  const isMerging = merge !== undefined && git.world.lstat(merge).exists;
  let left = files;
  const tries = [
    ...(isMerging ? ["AUTO_MERGE"] : []),
    ...(form.tree === undefined ? [] : [form.tree]),
    "HEAD",
  ];
  for (const tree of tries) left = withoutHeld(git, left, tree);
  if (left.length === 0) return left;
  const refs = ["refs/heads", "refs/remotes", "refs/stash"];
  const options = ["--count=6", "--sort=-committerdate", "--format=%(objectname)"];
  const tips = linesOf(askStore(git, "for-each-ref", ...options, ...refs) ?? "");
  for (const tip of new Set(tips)) left = withoutHeld(git, left, tip);
  return left;
}

/** Of these files, the ones that a tree has. */
function heldBy(git: GitCall, files: readonly string[], tree: string | undefined): readonly string[] {
  if (tree === undefined || files.length > maxFiles) return files;
  const ids = blobsOf(git, files, tree);
  return ids === undefined ? files : files.filter((path) => ids.has(path));
}

function withoutHeld(git: GitCall, files: readonly string[], tree: string): readonly string[] {
  const ids = blobsOf(git, files, tree);
  return ids === undefined ? files : files.filter((path) => !isBlob(git, path, ids.get(path)));
}
