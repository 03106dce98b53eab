import { isKnown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import {
  askStore,
  type GitCall,
  gitEffect,
  gitPath,
  headRef,
  isOn,
  isRevision,
  readGitOptions,
  settingOf,
} from "./git-call.js";
import { type Change, discard, isUnmerged } from "./git-changes.js";
import { weighCommits } from "./git-commits.js";
import { declareGit, pathspecOptions, switchingOptions } from "./git-options.js";
import { discardSubmodules, findSubmodules } from "./git-submodule.js";
import { hasOption, type Options, optionValue } from "./options.js";
import { effects, join, nothing, type Reading } from "./reader.js";

const resetOptions = declareGit([
  ...pathspecOptions,
  "--hard",
  "--soft",
  "--mixed",
  "--merge",
  "--keep",
  "-N --intent-to-add",
  "--refresh",
  "--recurse-submodules::",
]);

export function readReset(git: GitCall): Reading {
  const given = readGitOptions(git, resetOptions);
  if (given === undefined || !isOn(given, "hard", "merge", "keep")) return nothing;
  const [tree] = given.operands.filter(isKnown);
  // Git refuses where the name says nothing to it.
  if (tree !== undefined && !isRevision(git, tree) && hasAnswers(git)) return nothing;
  const operation = `reset --${isOn(given, "keep") ? "keep" : isOn(given, "hard") ? "hard" : "merge"}`;
  const commits = tree === undefined ? nothing : dropCommits(git, operation, tree);
  if (operation === "reset --keep") return commits;
  const files = discard(git, {
    operation: "reset --hard",
    paths: [],
    tree: tree ?? "HEAD",
    ...(operation === "reset --merge" ? { takes: isStaged } : {}),
  });
  // Where git says nothing at all, one question is enough.
  const isMute = [files, commits].every(({ effects: [effect] }) => effect?.recovery === "unknown");
  return join(files, isMute ? nothing : commits, recurse(git, given, "reset --hard"));
}

/** Tells "there is no such thing" from "git does not say". */
export function hasAnswers(git: GitCall): boolean {
  return askStore(git, "rev-parse", "--git-dir") !== undefined;
}

/** What `reset --merge`, and so each `--abort` of a merge, gives up; what is not staged stays. */
export function isStaged(change: Change): boolean {
  return isUnmerged(change) || (change.staged !== " " && change.unstaged === " ");
}

/** The branch that is checked out, or a detached HEAD, moves to another commit. */
export function dropCommits(git: GitCall, operation: string, target: string | undefined): Reading {
  const ref = headRef(git) ?? "HEAD";
  const kept = target === undefined ? [] : [target];
  const loss = weighCommits(git, { tips: ["HEAD"], doomed: [ref, "HEAD"], kept });
  // No commit yet: none to leave.
  const isUnborn = loss.recovery === "unknown" && !isRevision(git, "HEAD") && hasAnswers(git);
  if (loss.recovery === "needless" || isUnborn) return nothing;
  return effects(gitEffect("modify", operation, ref.replace(/^refs\/heads\//, ""), loss));
}

export function recurse(git: GitCall, given: Options, operation: string): Reading {
  const isSaid = hasOption(given, "recurse-submodules", "no-recurse-submodules");
  const isSet = /^(true|yes|on|1)$/i.test(settingOf(git, "submodule.recurse") ?? "");
  return isOn(given, "recurse-submodules") || (!isSaid && isSet)
    ? discardSubmodules(git, operation)
    : nothing;
}

const restoreOptions = declareGit([
  ...pathspecOptions,
  ...switchingOptions,
  "-s --source:",
  "-S --staged",
  "-W --worktree",
  "--ours",
  "--theirs",
  "--ignore-unmerged",
]);

export function readRestore(git: GitCall): Reading {
  const given = readGitOptions(git, restoreOptions);
  if (given === undefined) return nothing;
  // What is unstaged stays in the work tree, and its blob in the store.
  const isSaid = hasOption(given, "staged", "no-staged", "worktree", "no-worktree");
  if (isSaid && !isOn(given, "worktree")) return nothing;
  const paths = given.operands.filter(isKnown);
  const isPatch = isOn(given, "patch");
  if (isPatch ? isSilent(git) : paths.length === 0 && !hasOption(given, "pathspec-from-file")) return nothing;
  const source = optionValue(given, "source");
  const named =
    source !== undefined && isKnown(source) && !hasOption(given, "no-source") ? source : undefined;
  const tree = named ?? (isOn(given, "staged") ? "HEAD" : undefined);
  const isTheirs = isOn(given, "ours", "theirs", "merge");
  return discard(git, {
    operation: "restore",
    paths,
    tree,
    // What is staged stays so, unless that is put back as well.
    takes: (change) =>
      isUnmerged(change) ? isTheirs || tree !== undefined : isOn(given, "staged") || change.unstaged !== " ",
    isOverlay: isOn(given, "overlay"),
  });
}

const treeOptions = declareGit([
  "--reset",
  "-u",
  "-m",
  "-i",
  "-n --dry-run",
  "--prefix:",
  "--index-output:",
  "--empty",
  "-v",
]);
const indexOptions = declareGit([
  "-a --all",
  "-f --force",
  "-u --index",
  "-q --quiet",
  "-n --no-create",
  "--prefix:",
  "--stage:",
  "--stdin",
  "-z",
  "--temp",
]);

/** `git checkout-index -f` and `git read-tree --reset -u`: the plumbing of the same. */
export function readPlumbing(git: GitCall): Reading {
  const given = readGitOptions(git, git.name === "read-tree" ? treeOptions : indexOptions);
  if (given === undefined) return nothing;
  const operands = given.operands.filter(isKnown);
  if (git.name === "read-tree")
    return isOn(given, "reset") && isOn(given, "u") && !isOn(given, "dry-run")
      ? discard(git, { operation: git.name, paths: [], tree: operands[0] ?? "HEAD" })
      : nothing;
  const isAll = isOn(given, "all") || isOn(given, "stdin");
  if (!isOn(given, "force") || isOn(given, "temp") || (!isAll && operands.length === 0)) return nothing;
  const takes = (change: Change) => change.unstaged !== " " && !isUnmerged(change);
  return discard(git, { operation: git.name, paths: isAll ? [] : operands, tree: undefined, takes });
}

const rmOptions = declareGit([
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

/** Without `-f`, git refuses to remove what it does not hold; not so what is in conflict. */
export function readRemove(git: GitCall): Reading {
  const given = readGitOptions(git, rmOptions);
  if (given === undefined || isOn(given, "cached", "dry-run")) return nothing;
  const paths = given.operands.filter(isKnown);
  if (!isOn(given, "force"))
    return hasConflict(git)
      ? discard(git, { operation: "rm --force", paths, tree: undefined, takes: isUnmerged })
      : nothing;
  const hasSubmodules = (findSubmodules(git) ?? []).length > 0;
  return join(
    discard(git, { operation: "rm --force", paths, tree: undefined }),
    hasSubmodules ? discardSubmodules(git, "rm --force", paths) : nothing,
  );
}

/** A merge has stopped, and left its result beside the index. */
function hasConflict(git: GitCall): boolean {
  const path = gitPath(git, "AUTO_MERGE");
  const file = path === undefined ? undefined : git.world.readFile(path, 100);
  return file?.ok === true && /^[0-9a-f]{40,64}\s*$/.test(decodeBytes(file.bytes));
}

/** Nobody and nothing answers the questions of `--patch` and `--interactive`. */
export function isSilent({ call: { stdin } }: GitCall): boolean {
  return stdin.kind === "none" || (stdin.kind === "file" && stdin.path === "/dev/null");
}
