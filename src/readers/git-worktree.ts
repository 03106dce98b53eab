import { isKnown } from "../model/arg.js";
import {
  askGit,
  type Change,
  changesOf,
  type GitCall,
  gitEffect,
  isRepository,
  lossless,
  lossOf,
  topOf,
} from "./git-call.js";
import { declareOptions, hasOption, optionValue, readOptions } from "./options.js";
import { joinPath, resolvePath } from "./path.js";
import { effects, nothing, type Reading } from "./reader.js";

const pathspecOptions = ["--pathspec-from-file:", "--pathspec-file-nul", "-q --quiet", "-p --patch"];

const resetOptions = declareOptions("anywhere", [
  ...pathspecOptions,
  "--hard",
  "--soft",
  "--mixed",
  "--merge",
  "--keep",
  "-N --intent-to-add",
  "--refresh",
  "--no-refresh",
  "--recurse-submodules::",
]);

export function readReset(git: GitCall): Reading {
  const given = readOptions(git.words, resetOptions);
  if (!hasOption(given, "hard", "merge")) return nothing;
  const [tree] = given.operands.filter(isKnown);
  return discard(git, "reset --hard", [], tree);
}

const checkoutOptions = declareOptions("anywhere", [
  ...pathspecOptions,
  "-b:",
  "-B:",
  "--orphan:",
  "-f --force",
  "-m --merge",
  "-2 --ours",
  "-3 --theirs",
  "--conflict:",
  "-t",
  "--track::",
  "--no-track",
  "-l",
  "-d --detach",
  "--guess",
  "--no-guess",
  "--progress",
  "--no-progress",
  "--ignore-other-worktrees",
  "--overlay",
  "--no-overlay",
  "--recurse-submodules::",
  "--no-recurse-submodules",
  "--ignore-skip-worktree-bits",
  "--overwrite-ignore",
]);

export function readCheckout(git: GitCall): Reading {
  const marker = git.words.indexOf("--");
  const given = readOptions(marker < 0 ? git.words : git.words.slice(0, marker), checkoutOptions);
  if (hasOption(given, "patch")) return nothing;
  const operands = given.operands.filter(isKnown);
  const [first] = operands;
  // `git checkout NAME` is a branch when there is one of that name, else a path.
  const isTree = first !== undefined && (marker >= 0 || isRevision(git, first));
  const named = isTree ? operands.slice(1) : operands;
  const paths = marker < 0 ? named : [...named, ...git.words.slice(marker + 1)];
  if (paths.length > 0 || hasOption(given, "pathspec-from-file"))
    return discard(git, "checkout", paths, isTree ? first : undefined);
  return hasOption(given, "force")
    ? discard(git, "checkout --force", [], isTree ? first : undefined)
    : nothing;
}

const switchOptions = declareOptions("anywhere", [
  "-c --create:",
  "-C --force-create:",
  "--orphan:",
  "-d --detach",
  "-f --discard-changes --force",
  "-m --merge",
  "--conflict:",
  "-q --quiet",
  "-t",
  "--track::",
  "--no-track",
  "--guess",
  "--no-guess",
  "--progress",
  "--ignore-other-worktrees",
  "--recurse-submodules::",
]);

export function readSwitch(git: GitCall): Reading {
  const given = readOptions(git.words, switchOptions);
  if (!hasOption(given, "force")) return nothing;
  return discard(git, "switch --discard-changes", [], given.operands.find(isKnown));
}

const restoreOptions = declareOptions("anywhere", [
  ...pathspecOptions,
  "-s --source:",
  "-S --staged",
  "-W --worktree",
  "--ours",
  "--theirs",
  "-m --merge",
  "--conflict:",
  "--progress",
  "--ignore-unmerged",
  "--overlay",
  "--no-overlay",
  "--recurse-submodules::",
  "--ignore-skip-worktree-bits",
]);

export function readRestore(git: GitCall): Reading {
  const given = readOptions(git.words, restoreOptions);
  // What is unstaged stays in the work tree, and its blob in the store.
  if (hasOption(given, "patch") || (hasOption(given, "staged") && !hasOption(given, "worktree")))
    return nothing;
  const tree = optionValue(given, "source");
  return discard(
    git,
    "restore",
    given.operands.filter(isKnown),
    tree !== undefined && isKnown(tree) ? tree : undefined,
  );
}

/** `git checkout-index -f` and `git read-tree --reset -u`: the plumbing of the same. */
export function readPlumbing(git: GitCall): Reading {
  const writes = git.words.some((word) =>
    git.name === "read-tree" ? word === "--reset" : /^-\w*f|^--force$/.test(word),
  );
  return writes ? discard(git, git.name, [], undefined) : nothing;
}

const rmOptions = declareOptions("anywhere", [
  "-f --force",
  "-r",
  "-n --dry-run",
  "-q --quiet",
  "--cached",
  "--ignore-unmatch",
  "--sparse",
  "--pathspec-from-file:",
  "--pathspec-file-nul",
]);

/** Without `-f`, git refuses to remove what it does not hold. */
export function readRemove(git: GitCall): Reading {
  const given = readOptions(git.words, rmOptions);
  if (hasOption(given, "cached", "dry-run") || !hasOption(given, "force")) return nothing;
  return discard(git, "rm --force", given.operands.filter(isKnown), undefined);
}

/** Changes of tracked files below some paths go, for the index's content or that of `tree`. */
function discard(
  git: GitCall,
  operation: string,
  paths: readonly string[],
  tree: string | undefined,
): Reading {
  if (!isRepository(git)) return nothing;
  const untracked = tree === undefined ? [] : ["--untracked-files=all"];
  const found = changesOf(git, paths, ...untracked);
  const lost = found?.filter((change) => isLost(git, change, operation, tree));
  const named = paths.length === 1 ? resolvePath(git, git.world, paths[0] ?? "") : undefined;
  const target = named !== undefined && isKnown(named) ? named : topOf(git);
  const loss = git.call.sight === "never" && !git.asks ? lossOf(undefined) : lossOf(lost);
  return effects(gitEffect("delete", operation, target, loss.recovery === "needless" ? lossless : loss));
}

/** Untracked files are overwritten only where the tree that is taken has one of that name. */
function isLost(git: GitCall, change: Change, operation: string, tree: string | undefined): boolean {
  if (change.staged === "?") return tree !== undefined && isRevision(git, `${tree}:${change.path}`);
  if (isOwnChange(git, change)) return false;
  // A deletion is taken back: that brings a file, and costs none.
  if (change.staged + change.unstaged === " D" || change.staged + change.unstaged === "D ") return false;
  // `git checkout -- file` takes the index's content: what is staged stays.
  const isFromIndex = tree === undefined && (operation === "checkout" || operation === "restore");
  return !isFromIndex || change.unstaged !== " ";
}

/** Undoing what the session itself wrote costs nobody's work. */
function isOwnChange(git: GitCall, { path, staged }: Change): boolean {
  const { world } = git;
  const top = topOf(git);
  if (staged !== "A") return world.git.isOwnChange?.(top, path) === true;
  const stat = world.lstat(joinPath(top, path));
  return stat.exists && stat.kind === "file" && stat.born > 0 && stat.born >= world.session.startedAt;
}

function isRevision(git: GitCall, name: string): boolean {
  return !name.startsWith("-") && askGit(git, "rev-parse", "--verify", "--quiet", name) !== undefined;
}
