import { overwriting } from "../file-effects.js";
import { joinPath } from "../path.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import { blobsOf } from "./blobs.js";
import { askGit, askStore, type GitCall, linesOf, topOf } from "./call.js";
import { inTheWay } from "./discard.js";
import { withoutKept } from "./kept.js";

const maxFiles = 200;

/**
 * `.env` that is ignored here and tracked there: git overwrites it without a word. Judged like any other file that is
 * written over. Files that `base` has as well are not new there, and left alone.
 */
export function overwriteIgnored(
  git: GitCall,
  tree: string | undefined,
  base?: () => string | undefined,
): Reading {
  if (tree === undefined || git.words.includes("--no-overwrite-ignore")) return nothing;
  const found = inTheWay(git, { tree, paths: [] }).slice(0, maxFiles);
  if (found.length === 0) return nothing;
  const specs = found.map((path) => `:(top,literal)${path}`);
  const options = ["--others", "--ignored", "--exclude-standard", "--full-name", "-z"];
  const ignored = linesOf(askGit(git, "ls-files", ...options, "--", ...specs) ?? "", "\0");
  // One that is not ignored makes git stop before it touches any.
  if (ignored.length < found.length) return nothing;
  const lost = withoutKept(git, ignored, { tree });
  const common = base?.();
  const held = common === undefined || lost.length === 0 ? undefined : blobsOf(git, lost, common);
  const top = topOf(git);
  return effects(
    ...lost
      .filter((path) => held?.has(path) !== true)
      .flatMap((path) => overwriting("git", joinPath(top, path), git.world)),
  );
}

/** What `merge`, `rebase`, `cherry-pick` and `pull .` bring along. Words that name no commit have no files. */
export function overwriteIncoming(git: GitCall): Reading {
  const { name, words } = git;
  if (words.some((word) => /^--(abort|skip|quit|continue|edit-todo|show-current-patch)/.test(word)))
    return nothing;
  const operands = words.filter((word) => !word.startsWith("-") && !/\s/.test(word));
  const trees = name === "pull" ? (operands[0] === "." ? operands.slice(1) : []) : operands;
  return join(
    ...trees.slice(0, 3).map((tree) =>
      overwriteIgnored(git, tree, () => {
        if (name === "rebase") return undefined;
        if (name === "cherry-pick") return `${tree}^`;
        return askStore(git, "merge-base", "HEAD", tree)?.trim() || undefined;
      }),
    ),
  );
}
