import { isKnown } from "../model/arg.js";
import {
  askGit,
  type GitCall,
  gitEffect,
  headRef,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
} from "./git-call.js";
import { lossOf, withoutKept } from "./git-changes.js";
import { weighCommits } from "./git-commits.js";
import { declareGit } from "./git-options.js";
import { joinPath, resolvePath } from "./path.js";
import { effects, nothing, type Reading } from "./reader.js";

const options = declareGit(["-f --force", "-v --verbose"]);

/** Linked work trees. Without `--force`, git refuses to remove one that has changes or untracked files. */
export function readWorktree(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  const given = verb === "remove" ? readGitOptions(git, options, words) : undefined;
  const folder = given?.operands.find(isKnown);
  if (given === undefined || folder === undefined) return nothing;
  const path = resolvePath(git, git.world, folder);
  if (path === undefined || !isKnown(path)) return nothing;
  const { world } = git;
  const pointer = world.lstat(joinPath(path, ".git"));
  // No work tree: git refuses, and clears away what is known of one that is gone.
  if (!pointer.exists) return nothing;
  const tree: GitCall = { ...git, cwd: path, store: path, asks: true };
  const isNew = pointer.born > 0 && pointer.born >= world.session.startedAt;
  const operation = isForced(git, isOn(given, "force")) ? "worktree remove --force" : "worktree remove";
  const files = operation === "worktree remove" || isNew ? lossless : weighFiles(tree);
  const commits =
    headRef(tree) === "HEAD" ? weighCommits(tree, { tips: ["HEAD"], doomed: ["HEAD"], kept: [] }) : lossless;
  return effects(
    ...(operation === "worktree remove" ? [] : [gitEffect("delete", operation, path, files)]),
    ...(commits.recovery === "needless" ? [] : [gitEffect("modify", operation, path, commits)]),
  );
}

function isForced({ words }: GitCall, isSaid: boolean): boolean {
  // A cluster of letters that this git does not know may be known to another.
  const end = words.indexOf("--");
  return isSaid || words.slice(0, end < 0 ? undefined : end).some((word) => /^-\w*f\w*$/.test(word));
}

function weighFiles(tree: GitCall) {
  const out = askGit(tree, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all");
  if (out === undefined) return lossOf(undefined);
  const entries = linesOf(out, "\0").map((line) => ({ state: line.slice(0, 2), path: line.slice(3) }));
  const untracked = entries.filter(({ state }) => state === "??").map(({ path }) => path);
  const changed = entries
    .filter(({ state, path }) => state !== "??" && tree.world.lstat(joinPath(String(tree.cwd), path)).exists)
    .map(({ path }) => path);
  return lossOf([...withoutKept(tree, changed, { tree: undefined }), ...untracked]);
}
