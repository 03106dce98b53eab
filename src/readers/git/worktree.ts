import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import { hasOption, optionValue } from "../options.js";
import { join, nothing, type Reading } from "../reader.js";
import { type GitCall, gitPath, hasAnswers, isMissing, isOn, isRevision, readGitOptions } from "./call.js";
import { type Change, isStaged, isUnmerged } from "./changes.js";
import { discard } from "./discard.js";
import { dropCommits } from "./heads.js";
import { overwriteIgnored } from "./ignored.js";
import { declareGit, pathspecOptions, switchingOptions } from "./options.js";
import { discardIndex } from "./staged.js";
import { discardSubmodules, findSubmodules, recurse } from "./submodule.js";

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
  if (given === undefined || isOn(given, "soft")) return nothing;
  const operands = given.operands.filter(isKnown);
  if (!isOn(given, "hard", "merge", "keep"))
    return isOn(given, "patch") && isSilent(git)
      ? nothing
      : discardIndex(git, "reset", () => pathsBehind(git, operands));
  const [tree] = operands;
  // Git refuses where the name says nothing to it.
  if (tree !== undefined && !isRevision(git, tree) && hasAnswers(git)) return nothing;
  const operation = `reset --${isOn(given, "keep") ? "keep" : isOn(given, "hard") ? "hard" : "merge"}`;
  const commits = tree === undefined ? nothing : dropCommits(git, operation, tree);
  if (operation === "reset --keep")
    return join(commits, overwriteIgnored(git, tree), discardIndex(git, "reset"));
  const files = discard(git, {
    operation: "reset --hard",
    paths: [],
    tree: tree ?? "HEAD",
    ...(operation === "reset --merge" ? { takes: isStaged } : { alsoIndex: true }),
  });
  // Where git says nothing at all, one question is enough.
  const isMute = [files, commits].every(({ effects: [effect] }) => effect?.recovery === "unknown");
  return join(
    files,
    isMute ? nothing : commits,
    recurse(git, given, "reset --hard", tree ?? "HEAD", isOn(given, "hard")),
  );
}

/** `reset [TREE] [PATH …]`. */
function pathsBehind(git: GitCall, operands: readonly string[]): readonly string[] {
  const [first] = operands;
  const isTree =
    first !== undefined &&
    (git.words.includes("--") ? first !== git.words.at(git.words.indexOf("--") + 1) : isRevision(git, first));
  return isTree ? operands.slice(1) : operands;
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
  const paths = given.operands.filter(isKnown);
  const isPatch = isOn(given, "patch");
  if (isPatch ? isSilent(git) : paths.length === 0 && !hasOption(given, "pathspec-from-file")) return nothing;
  const isSaid = hasOption(given, "staged", "no-staged", "worktree", "no-worktree");
  if (isSaid && !isOn(given, "worktree"))
    return isOn(given, "staged") ? discardIndex(git, "restore --staged", () => paths) : nothing;
  const source = optionValue(given, "source");
  const named =
    source !== undefined && isKnown(source) && !hasOption(given, "no-source") ? source : undefined;
  if (named !== undefined && isMissing(git, named)) return nothing;
  const tree = named ?? (isOn(given, "staged") ? "HEAD" : undefined);
  const isTheirs = isOn(given, "ours", "theirs", "merge");
  const files = discard(git, {
    operation: "restore",
    paths,
    tree,
    // What is staged stays so, unless that is put back as well.
    takes: (change) =>
      isUnmerged(change) ? isTheirs || tree !== undefined : isOn(given, "staged") || change.unstaged !== " ",
    alsoIndex: isOn(given, "staged"),
    isOverlay: isOn(given, "overlay"),
  });
  return isPatch ? files : join(files, recurse(git, given, "submodule update --force", tree, true, paths));
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
  "--recurse-submodules",
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
  if (git.name === "read-tree") {
    if (isOn(given, "dry-run") || hasOption(given, "prefix", "index-output")) return nothing;
    const tree = operands[0] ?? "HEAD";
    return isOn(given, "reset") && isOn(given, "u")
      ? join(
          discard(git, { operation: git.name, paths: [], tree, alsoIndex: true }),
          recurse(git, given, "submodule update --force", tree),
        )
      : isOn(given, "m")
        ? overwriteIgnored(git, isOn(given, "u") ? operands.at(-1) : undefined)
        : discardIndex(git, git.name);
  }
  const isAll = isOn(given, "all") || isOn(given, "stdin");
  if (!isOn(given, "force") || isOn(given, "temp") || (!isAll && operands.length === 0)) return nothing;
  const takes = (change: Change) => change.unstaged !== " " && !isUnmerged(change);
  return discard(git, { operation: git.name, paths: isAll ? [] : operands, tree: undefined, takes });
}

const updateOptions = declareGit([
  "--add",
  "--remove",
  "--force-remove",
  "--refresh",
  "--really-refresh",
  "--cacheinfo",
  "--chmod:",
  "--assume-unchanged",
  "--skip-worktree",
  "--again",
  "--index-info",
  "--stdin",
  "-z",
  "-q",
]);

/** `--remove` takes out what is gone from the work tree, `--force-remove` anything. */
export function readUpdateIndex(git: GitCall): Reading {
  const given = readGitOptions(git, updateOptions);
  if (given === undefined || !isOn(given, "remove", "force-remove")) return nothing;
  const isForced = isOn(given, "force-remove");
  const paths = given.operands.filter(isKnown);
  if (paths.length === 0) return nothing;
  return discardIndex(
    git,
    "update-index",
    () => paths,
    ({ unstaged }) => !isForced && unstaged !== "D",
  );
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

/** Without `-f`, git refuses to remove what it does not hold; not so what is in conflict, or gone from the work tree. */
export function readRemove(git: GitCall): Reading {
  const given = readGitOptions(git, rmOptions);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const paths = given.operands.filter(isKnown);
  if (paths.length === 0 && !hasOption(given, "pathspec-from-file")) return nothing;
  const isForced = isOn(given, "force");
  if (isOn(given, "cached") || !isForced)
    return join(
      hasConflict(git) && !isOn(given, "cached")
        ? discard(git, { operation: "rm --force", paths, tree: undefined, takes: isUnmerged })
        : nothing,
      // What was deleted from the work tree git does not compare.
      discardIndex(
        git,
        "rm",
        () => paths,
        ({ unstaged }) => !isForced && unstaged !== "D",
      ),
    );
  const hasSubmodules = (findSubmodules(git) ?? []).length > 0;
  return join(
    discard(git, { operation: "rm --force", paths, tree: undefined, alsoIndex: true }),
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
