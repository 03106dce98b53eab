import { isKnown } from "../model/arg.js";
import type { GitEffect } from "../model/effect.js";
import { askGit, type GitCall, gitEffect, lossless } from "./git-call.js";
import { declareOptions, hasOption, optionValue, readOptions } from "./options.js";
import { effects, nothing, type Reading } from "./reader.js";

const options = declareOptions("anywhere", [
  "--all --branches",
  "--prune",
  "--mirror",
  "-n --dry-run",
  "--porcelain",
  "-d --delete",
  "--tags",
  "--follow-tags",
  "--signed::",
  "-f --force",
  "--force-with-lease::",
  "--force-if-includes",
  "--repo:",
  "-u --set-upstream",
  "--thin",
  "--no-thin",
  "-q --quiet",
  "-v --verbose",
  "--verify",
  "--no-verify",
  "--receive-pack:",
  "--exec:",
  "-o --push-option:",
  "--atomic",
  "--recurse-submodules:",
  "-4 --ipv4",
  "-6 --ipv6",
  "--progress",
  "--no-progress",
]);

const gone = { recovery: "none", because: "what the remote has there and nobody else is gone" } as const;
const rewritten = {
  recovery: "none",
  because: "commits that the remote has and this branch has not are dropped there",
} as const;

export function readPush(git: GitCall): Reading {
  const given = readOptions(git.words, options);
  if (hasOption(given, "dry-run")) return nothing;
  const operands = given.operands.filter(isKnown);
  const repo = optionValue(given, "repo");
  const remote = operands[0] ?? (repo !== undefined && isKnown(repo) ? repo : "origin");
  const refspecs = operands.slice(1);
  if (hasOption(given, "mirror", "prune")) {
    const operation = hasOption(given, "mirror") ? "push --mirror" : "push --prune";
    return effects(gitEffect("delete", operation, remote, gone, true));
  }
  const isForced = hasOption(given, "force");
  const isLeased = hasOption(given, "force-with-lease");
  const specs = refspecs.length > 0 ? refspecs : [currentBranch(git)];
  return effects(
    ...specs.map((spec): GitEffect => {
      const plain = spec.replace(/^\+/, "");
      const [source = "", named] = plain.split(":");
      const name = (named ?? source).replace(/^refs\/heads\//, "");
      const target = `${remote}/${name || "*"}`;
      const deletes = hasOption(given, "delete") || (source === "" && named !== undefined && named !== "");
      if (deletes) return gitEffect("delete", "push --delete", target, gone, true);
      const forces =
        isForced || spec.startsWith("+") || (isLeased && !isFastForward(git, remote, source, name));
      return forces
        ? gitEffect("modify", "push --force", target, rewritten, true)
        : gitEffect("send", "push", target, lossless, true);
    }),
  );
}

function currentBranch(git: GitCall): string {
  return askGit(git, "rev-parse", "--abbrev-ref", "HEAD")?.trim() ?? "HEAD";
}

/** With a lease, the remote is as last seen; if the push only adds to that, nothing is dropped. */
function isFastForward(git: GitCall, remote: string, source: string, name: string): boolean {
  return (
    askGit(git, "merge-base", "--is-ancestor", `refs/remotes/${remote}/${name}`, source || "HEAD") !==
    undefined
  );
}
