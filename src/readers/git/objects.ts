import { isKnown } from "../../model/arg.js";
import { hasOption, optionValue, optionValues } from "../options.js";
import { effects, nothing, type Reading } from "../reader.js";
import {
  askStore,
  configText,
  type GitCall,
  type GitLoss,
  gitEffect,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
  settingOf,
  topOf,
} from "./call.js";
import { lostCommits, readCommits } from "./commits.js";
import { declareGit } from "./options.js";

const reflogOptions = declareGit([
  "-n --dry-run",
  "--expire:",
  "--expire-unreachable:",
  "--all",
  "--single-worktree",
  "--rewrite",
  "--updateref",
  "--stale-fix",
  "-v --verbose",
]);

/** The way back after a reset, a rebase or a deleted branch. */
export function readReflog(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  if (verb !== "expire" && verb !== "delete" && verb !== "drop") return nothing;
  const given = readGitOptions(git, reflogOptions, words);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const operands = given.operands.filter(isKnown);
  const dates = [...optionValues(given, "expire"), ...optionValues(given, "expire-unreachable")];
  // By itself it drops what is a month old, as each `git gc` does.
  if (verb === "expire" && !dates.some(isSoon)) return nothing;
  if (verb === "delete" && operands.length === 0) return nothing;
  const tips = verb === "delete" ? operands : ["--reflog"];
  const out = askStore(
    git,
    "rev-list",
    "--timestamp",
    "--oneline",
    "--max-count=1000",
    ...tips,
    "--not",
    "--all",
  );
  return effects(gitEffect("delete", `reflog ${verb}`, topOf(git), weighReflog(out)));
}

function weighReflog(out: string | undefined): GitLoss {
  if (out === undefined)
    return { recovery: "unknown", because: "the reflog is the way back to commits that no branch reaches" };
  const commits = readCommits(out);
  return commits.length === 0 ? lossless : lostCommits(commits, "the reflog is the only way back to");
}

const gcOptions = declareGit([
  ...["--prune::", "--aggressive", "--auto", "--force", "-q --quiet", "--cruft", "--detach"],
  ...["--keep-largest-pack", "--max-cruft-size:", "--expire-to:"],
]);

const pruneOptions = declareGit([
  ...["--expire:", "-n --dry-run", "-v --verbose", "--progress", "--exclude-promisor-objects"],
]);

/** Without `now`, git keeps for two weeks what nothing reaches. */
export function readGc(git: GitCall): Reading {
  const given = readGitOptions(git, git.name === "gc" ? gcOptions : pruneOptions);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  const expire = optionValue(given, "expire");
  const isNow =
    git.name === "prune"
      ? expire === undefined || isSoon(expire)
      : isSoon(optionValue(given, "prune") ?? expiryOf(git, "pruneExpire"));
  const isForgetful =
    git.name === "gc" &&
    ["reflogExpire", "reflogExpireUnreachable"].some((name) => isSoon(expiryOf(git, name)));
  if (isForgetful)
    return effects(gitEffect("delete", "reflog expire", topOf(git), weighReflog(reflogOnly(git))));
  return isNow
    ? effects(gitEffect("delete", `${git.name} --prune=now`, topOf(git), weighLoose(git)))
    : nothing;
}

function reflogOnly(git: GitCall): string | undefined {
  return askStore(
    git,
    "rev-list",
    "--timestamp",
    "--oneline",
    "--max-count=1000",
    "--reflog",
    "--not",
    "--all",
  );
}

/** A setting of `gc`, as the call brings it along, else as the repository has it. */
function expiryOf(git: GitCall, name: string): string | undefined {
  const set = settingOf(git, `gc.${name.toLowerCase()}`);
  if (set !== undefined || !/^\s*(prune|reflog)expire/im.test(configText(git))) return set;
  return askStore(git, "config", "--get", `gc.${name}`)?.trim();
}

/** Less than what git itself waits: two weeks. */
function isSoon(when: unknown): boolean {
  if (typeof when !== "string") return false;
  const text = when.toLowerCase();
  const [, days] = /^(\d+)[. ]days?\b/.exec(text) ?? [];
  if (days !== undefined) return Number(days) < 14;
  return !/^(never|false|)$|week|month|year|^\d{4}-\d\d-\d\d/.test(text) || /^0[. ]/.test(text);
}

const repackOptions = declareGit([
  "-a",
  "-A",
  "-d",
  "-f",
  "-F",
  "-l --local",
  "-n",
  "-q --quiet",
  "-b --write-bitmap-index",
  "-k --keep-unreachable",
  "--cruft",
  "--cruft-expiration:",
  "--unpack-unreachable:",
  "--window:",
  "--depth:",
  "--threads:",
  "--window-memory:",
  "--max-pack-size:",
  "-g --geometric:",
  "-m --write-midx",
]);

/** `-a -d` drops what nothing reaches from the packs; `-A` and `--cruft` keep it. */
export function readRepack(git: GitCall): Reading {
  const given = readGitOptions(git, repackOptions);
  if (given === undefined || !isOn(given, "d")) return nothing;
  const isLate = [optionValue(given, "cruft-expiration"), optionValue(given, "unpack-unreachable")].some(
    isSoon,
  );
  const keeps = hasOption(given, "A", "keep-unreachable", "cruft") || !isOn(given, "a");
  if (keeps && !isLate) return nothing;
  return effects(gitEffect("delete", "repack -ad", topOf(git), weighLoose(git)));
}

/** Commits that neither a ref nor the reflog reaches: dropped stashes, what a lost branch held. */
function weighLoose(git: GitCall): GitLoss {
  const found = askStore(git, "fsck", "--unreachable", "--connectivity-only", "--no-progress");
  if (found === undefined)
    return { recovery: "unknown", because: "objects that no ref reaches are deleted at once" };
  const ids = linesOf(found).flatMap((line) => /^unreachable commit (\w+)$/.exec(line)?.[1] ?? []);
  if (ids.length === 0) return lossless;
  const out = askStore(git, "rev-list", "--timestamp", "--oneline", "--no-walk", ...ids.slice(0, 1000));
  return lostCommits(readCommits(out ?? ids.join("\n")), "nothing but a search for loose objects finds");
}

/** Every commit anew: there is no part of it that could be weighed. */
export function readFilter(git: GitCall): Reading {
  const { name, words } = git;
  const [verb, second] = words;
  if (words.some((word) => /^(--analyze|--dry-run|--help|-h|--version)$/.test(word))) return nothing;
  if (name === "lfs" && (verb !== "migrate" || (second !== "import" && second !== "export"))) return nothing;
  const operation = name === "lfs" ? "lfs migrate" : name;
  const because = "every commit is written anew, and the old ones are dropped";
  return effects(gitEffect("modify", operation, topOf(git), { recovery: "none", because }));
}

/** A stream of commits for any branch; without force it refuses to drop one. */
export function readFastImport(git: GitCall): Reading {
  if (!git.words.includes("--force")) return nothing;
  const because = "branches are set to what comes on its stdin, whatever they held";
  return effects(gitEffect("modify", "fast-import --force", topOf(git), { recovery: "unknown", because }));
}
