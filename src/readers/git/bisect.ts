import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import { effects, nothing, type Reading } from "../reader.js";
import { askStore, type GitCall, gitEffect, gitPath, headRef, linesOf } from "./call.js";
import { weighCommits } from "./commits.js";
import { dropCommits } from "./heads.js";

/** Goes from commit to commit with a detached HEAD: what was committed on the way is left behind. */
export function readBisect(git: GitCall): Reading {
  const [verb = "", target] = git.words;
  if (headRef(git) !== "HEAD") return nothing;
  if (/^(start|replay|next|run)$/.test(verb)) return dropCommits(git, `bisect ${verb}`, undefined);
  if (verb !== "reset") return nothing;
  const path = gitPath(git, "BISECT_START");
  const file = path === undefined ? undefined : git.world.readFile(path, 4096);
  if (file?.ok !== true) return nothing;
  const refs = linesOf(askStore(git, "for-each-ref", "--format=%(refname)", "refs/bisect") ?? "");
  const kept = [target ?? decodeBytes(file.bytes).trim()];
  const loss = weighCommits(git, { tips: ["HEAD", ...refs], doomed: ["HEAD", "refs/bisect/*"], kept });
  return loss.recovery === "needless" ? nothing : effects(gitEffect("modify", "bisect reset", "HEAD", loss));
}

/** `symbolic-ref HEAD refs/heads/NAME`: another branch, files left as they are. */
export function readSymbolicRef(git: GitCall): Reading {
  const [name, target, ...rest] = git.words.filter((word) => !word.startsWith("-"));
  if (name !== "HEAD" || target === undefined || rest.length > 1 || !isKnown(git.cwd)) return nothing;
  return headRef(git) === "HEAD" ? dropCommits(git, "symbolic-ref", target) : nothing;
}
