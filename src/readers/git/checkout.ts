import { isKnown } from "../../model/arg.js";
import { hasOption, type Options, optionValue } from "../options.js";
import { join, nothing, type Reading } from "../reader.js";
import { askStore, type GitCall, hasAnswers, headRef, isOn, isRevision, readGitOptions } from "./call.js";
import { isUnmerged } from "./changes.js";
import { discard } from "./discard.js";
import { dropCommits } from "./heads.js";
import { overwriteIgnored } from "./ignored.js";
import { declareGit, pathspecOptions, switchingOptions } from "./options.js";
import { moveRef } from "./refs.js";
import { recurse } from "./submodule.js";
import { isSilent } from "./worktree.js";

const checkoutOptions = declareGit([
  ...pathspecOptions,
  ...switchingOptions,
  "-b:",
  "-B:",
  "--orphan:",
  "-f --force",
  "-2 --ours",
  "-3 --theirs",
  "-t",
  "--track::",
  "-l",
  "-d --detach",
  "--guess",
  "--ignore-other-worktrees",
  "--overwrite-ignore",
]);

export function readCheckout(git: GitCall): Reading {
  const marker = git.words.indexOf("--");
  const given = readGitOptions(git, checkoutOptions, marker < 0 ? git.words : git.words.slice(0, marker));
  if (given === undefined) return nothing;
  const operands = given.operands.filter(isKnown);
  const [first] = operands;
  // `git checkout NAME` is a branch when there is one of that name, else a path.
  const isTree = first !== undefined && (marker >= 0 || first === "-" || isRevision(git, first));
  const named = isTree ? operands.slice(1) : operands;
  const paths = marker < 0 ? named : [...named, ...git.words.slice(marker + 1)];
  const tree = isTree ? revisionOf(first) : undefined;
  const isNew = hasOption(given, "b", "B", "orphan");
  if (!isNew && (paths.length > 0 || hasOption(given, "pathspec-from-file") || isOn(given, "patch")))
    return readPaths(git, given, paths, tree);
  // Paths beside a new branch are refused.
  if (paths.length > 0 && marker < 0) return nothing;
  return switchTo(git, given, "checkout", tree, optionValue(given, "B"));
}

function readPaths(
  git: GitCall,
  given: Options,
  paths: readonly string[],
  tree: string | undefined,
): Reading {
  if (isOn(given, "patch") && isSilent(git)) return nothing;
  const isTheirs = isOn(given, "ours", "theirs", "merge");
  const files = discard(git, {
    operation: "checkout",
    paths,
    tree,
    takes: (change) =>
      isUnmerged(change)
        ? isTheirs || tree !== undefined || isOn(given, "force")
        : tree !== undefined || change.unstaged !== " ",
    alsoIndex: tree !== undefined,
    isOverlay: !hasOption(given, "no-overlay"),
  });
  if (isOn(given, "patch")) return files;
  return join(files, recurse(git, given, "submodule update --force", tree, true, paths));
}

const switchOptions = declareGit([
  ...switchingOptions,
  "-c --create:",
  "-C --force-create:",
  "--orphan:",
  "-d --detach",
  "-f --discard-changes --force",
  "-q --quiet",
  "-t",
  "--track::",
  "--guess",
  "--ignore-other-worktrees",
  "--overwrite-ignore",
]);

export function readSwitch(git: GitCall): Reading {
  const given = readGitOptions(git, switchOptions);
  if (given === undefined) return nothing;
  const [name] = given.operands.filter(isKnown);
  const tree = name === undefined ? undefined : revisionOf(name);
  return switchTo(git, given, "switch", tree, optionValue(given, "force-create"));
}

function revisionOf(name: string): string {
  return name === "-" ? "@{-1}" : name;
}

/** To another branch or commit. Without force git refuses to overwrite changes, though not files that it ignores. */
function switchTo(
  git: GitCall,
  given: Options,
  verb: string,
  tree: string | undefined,
  reset: Options["operands"][number] | undefined,
): Reading {
  const isForced = isOn(given, "force");
  if (isForced && tree !== undefined && isNowhere(git, tree)) return nothing;
  const operation = `${verb} --${verb === "switch" ? "discard-changes" : "force"}`;
  const name = reset === undefined || !isKnown(reset) ? undefined : `refs/heads/${reset}`;
  const start = tree ?? "HEAD";
  const isCurrent = name !== undefined && name === headRef(git);
  return join(
    isForced
      ? join(
          discard(git, { operation, paths: [], tree: start, alsoIndex: true }),
          recurse(git, given, operation, start),
        )
      : join(
          overwriteIgnored(git, tree),
          tree === undefined ? nothing : recurse(git, given, verb, tree, isOn(given, "merge")),
        ),
    name === undefined
      ? nothing
      : isCurrent
        ? tree === undefined
          ? nothing
          : dropCommits(git, `${verb} -B`, tree)
        : moveKnown(git, `${verb} -B`, name, start),
    (tree !== undefined || hasOption(given, "orphan")) &&
      headRef(git) === "HEAD" &&
      (tree === undefined || !isNowhere(git, tree))
      ? dropCommits(git, verb, tree)
      : nothing,
  );
}

/** Neither here nor, to be made into a branch, at a remote: git refuses. */
function isNowhere(git: GitCall, name: string): boolean {
  if (isRevision(git, name)) return false;
  const found = askStore(git, "for-each-ref", "--count=1", "--format=%(refname)", `refs/remotes/*/${name}`);
  return found?.trim() === "" && hasAnswers(git);
}

/** A name that is new, as far as git says, takes nothing away. */
function moveKnown(git: GitCall, operation: string, ref: string, start: string): Reading {
  return isRevision(git, ref) ? moveRef(git, operation, ref, start) : nothing;
}
