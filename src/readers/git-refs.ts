import { isKnown } from "../model/arg.js";
import {
  askGit,
  changesOf,
  type GitCall,
  type GitLoss,
  gitEffect,
  lossless,
  lossOf,
  topOf,
} from "./git-call.js";
import { declareOptions, hasOption, optionValue, readOptions } from "./options.js";
import { effects, nothing, type Reading } from "./reader.js";

const branchOptions = declareOptions("anywhere", [
  "-d --delete",
  "-D",
  "-f --force",
  "-r --remotes",
  "-m --move",
  "-M",
  "-c --copy",
  "-C",
  "-a --all",
  "-v --verbose",
  "-q --quiet",
  "-l --list",
  "-u --set-upstream-to:",
  "-t",
  "--track::",
  "--no-track",
  "--unset-upstream",
  "--show-current",
  "--edit-description",
  "--contains::",
  "--no-contains::",
  "--merged::",
  "--no-merged::",
  "--points-at:",
  "--format:",
  "--sort:",
  "--color::",
  "--column::",
  "-i --ignore-case",
]);

/** Without force, git refuses to delete what is not merged. Branches of remotes come back with the next fetch. */
export function readBranch(git: GitCall): Reading {
  const given = readOptions(git.words, branchOptions);
  const isForced = hasOption(given, "D") || (hasOption(given, "delete") && hasOption(given, "force"));
  if (!isForced || hasOption(given, "remotes")) return nothing;
  return deleteRefs(git, "branch -D", given.operands.filter(isKnown), "refs/heads/");
}

const tagOptions = declareOptions("anywhere", [
  "-d --delete",
  "-f --force",
  "-m --message:",
  "-F --file:",
  "-a",
  "-l",
]);

export function readTag(git: GitCall): Reading {
  const given = readOptions(git.words, tagOptions);
  return hasOption(given, "delete")
    ? deleteRefs(git, "tag -d", given.operands.filter(isKnown), "refs/tags/")
    : nothing;
}

const updateOptions = declareOptions("anywhere", [
  "-d",
  "-m:",
  "--no-deref",
  "--create-reflog",
  "--stdin",
  "-z",
]);

export function readUpdateRef(git: GitCall): Reading {
  const given = readOptions(git.words, updateOptions);
  if (hasOption(given, "stdin")) {
    const because = "the refs that it deletes or moves come on its stdin";
    return effects(gitEffect("modify", "update-ref --stdin", topOf(git), { recovery: "unknown", because }));
  }
  return hasOption(given, "d")
    ? deleteRefs(git, "update-ref -d", given.operands.filter(isKnown).slice(0, 1), "")
    : nothing;
}

function deleteRefs(git: GitCall, operation: string, names: readonly string[], prefix: string): Reading {
  const refs = names.map((name) => (name.startsWith("refs/") ? name : prefix + name));
  return effects(
    ...names.map((name, at) => gitEffect("delete", operation, name, weighRef(git, refs[at] ?? name, refs))),
  );
}

/** A ref is a name; lost are the commits that no other one reaches. */
function weighRef(git: GitCall, ref: string, doomed: readonly string[]): GitLoss {
  if (!git.asks)
    return { recovery: "unknown", because: "git cannot be asked about the repository that is meant" };
  const id = findRef(git, ref);
  if (id === undefined) return { recovery: "unknown", because: "git did not say where it points" };
  if (id === "") return lossless;
  const found = askGit(git, "for-each-ref", `--contains=${id}`, "--format=%(refname)");
  if (found === undefined)
    return { recovery: "unknown", because: "git did not say which other refs reach its commits" };
  const keeper = found.split("\n").find((name) => name !== "" && !doomed.includes(name));
  if (keeper !== undefined) return { recovery: "needless", because: `${keeper} has its commits too` };
  return { recovery: "none", because: "no other branch or tag reaches its commits" };
}

/** Empty when there is no such ref. A revision (`HEAD~1`) is none: git refuses to delete it. */
function findRef(git: GitCall, ref: string): string | undefined {
  const lines = askGit(git, "for-each-ref", "--format=%(objectname) %(refname)", ref)?.split("\n");
  return (
    lines?.find((line) => line.endsWith(` ${ref}`))?.split(" ")[0] ?? (lines === undefined ? undefined : "")
  );
}

export function readStash(git: GitCall): Reading {
  const [verb, which] = git.words;
  if (verb !== "drop" && verb !== "clear") return nothing;
  const isEmpty = findRef(git, "refs/stash") === "";
  const loss = isEmpty ? lossless : ({ recovery: "none", because: "stashed work is in no branch" } as const);
  return effects(gitEffect("delete", `stash ${verb}`, which ?? "stash", loss));
}

/** The way back after a reset, a rebase or a deleted branch. */
export function readReflog(git: GitCall): Reading {
  const [verb] = git.words;
  if ((verb !== "expire" && verb !== "delete") || git.words.some((word) => /^(-n|--dry-run)$/.test(word)))
    return nothing;
  const because = "the reflog is the way back to commits that no branch reaches";
  return effects(gitEffect("delete", `reflog ${verb}`, topOf(git), { recovery: "none", because }));
}

const gcOptions = declareOptions("anywhere", [
  "--prune::",
  "--aggressive",
  "--auto",
  "--force",
  "-q --quiet",
  "--no-prune",
]);

export function readGc(git: GitCall): Reading {
  const when = optionValue(readOptions(git.words, gcOptions), "prune");
  const isNow =
    git.name === "prune"
      ? !git.words.some((word) => /^(-n|--dry-run|--expire.*)$/.test(word))
      : when === "now" || when === "all";
  if (!isNow) return nothing;
  const because = "objects that no ref reaches are deleted at once";
  return effects(gitEffect("delete", `${git.name} --prune=now`, topOf(git), { recovery: "none", because }));
}

export function readFilter(git: GitCall): Reading {
  if (git.words.some((word) => word === "--analyze" || word === "--dry-run" || word === "--help"))
    return nothing;
  const because = "every commit is written anew, and the old ones are dropped";
  return effects(gitEffect("modify", git.name, topOf(git), { recovery: "none", because }));
}

const deinitOptions = declareOptions("anywhere", ["-f --force", "--all", "-q --quiet"]);

export function readSubmodule(git: GitCall): Reading {
  const [verb, ...words] = git.words.filter((word) => word !== "-q" && word !== "--quiet");
  const given = readOptions(words, deinitOptions);
  if (verb !== "deinit" || !hasOption(given, "force")) return nothing;
  const paths = given.operands.filter(isKnown);
  // Changes inside are not seen from here: git is asked about the outer repository only.
  const changes = changesOf(git, paths);
  const loss = changes?.length === 0 ? lossOf(undefined) : lossOf(changes);
  return effects(gitEffect("delete", "submodule deinit --force", paths.join(" ") || topOf(git), loss));
}
