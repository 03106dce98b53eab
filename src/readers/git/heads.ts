import { effects, nothing, type Reading } from "../reader.js";
import { askStore, type GitCall, gitEffect, hasAnswers, headRef, isRevision } from "./call.js";
import { lostCommits, readCommits, weighCommits } from "./commits.js";

/** The branch that is checked out, or a detached HEAD, moves to another commit. */
export function dropCommits(git: GitCall, operation: string, target: string | undefined): Reading {
  const ref = headRef(git) ?? "HEAD";
  const kept = target === undefined || !isRevision(git, target) ? [] : [target];
  const loss = weighCommits(git, { tips: ["HEAD"], doomed: [ref, "HEAD"], kept });
  // No commit yet: none to leave.
  const isUnborn = loss.recovery === "unknown" && !isRevision(git, "HEAD") && hasAnswers(git);
  if (loss.recovery === "needless" || isUnborn) return nothing;
  return effects(gitEffect("modify", operation, ref.replace(/^refs\/heads\//, ""), loss));
}

/**
 * `rebase --abort` goes back to where the branch was. What the rebase itself had picked is there still, as other commits of
 * the same patches; what was committed by hand is not.
 */
export function dropPicked(git: GitCall, operation: string, origin: string): Reading {
  const loss = weighCommits(git, { tips: ["HEAD"], doomed: ["HEAD"], kept: [origin] });
  if (loss.recovery !== "none") return nothing;
  const list = (...range: readonly string[]) =>
    readCommits(askStore(git, "rev-list", "--timestamp", "--oneline", "--max-count=1000", ...range) ?? "");
  const others = list("HEAD", "--not", "--exclude=HEAD", "--all", origin);
  const own = new Set(list("--cherry-pick", "--right-only", `${origin}...HEAD`).map(({ id }) => id));
  const lost = others.filter(({ id }) => own.has(id));
  if (lost.length === 0) return nothing;
  return effects(gitEffect("modify", operation, "HEAD", lostCommits(lost, "no other branch or tag reaches")));
}
