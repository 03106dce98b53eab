import { isKnown } from "../../model/arg.js";
import { effects, nothing, type Reading } from "../reader.js";
import { blobsOf, isBlob } from "./blobs.js";
import {
  askStore,
  type GitCall,
  type GitLoss,
  gitEffect,
  hasAnswers,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
} from "./call.js";
import { lossOf } from "./changes.js";
import { readCommits } from "./commits.js";
import { declareGit } from "./options.js";
import { findRef } from "./refs.js";
import { isOwnBlob } from "./staged.js";

const options = declareGit(["-q --quiet", "--index"]);

/** `pop` deletes as well, but only what it has put back. */
export function readStash(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  if (verb !== "drop" && verb !== "clear" && verb !== "pop") return nothing;
  const given = readGitOptions(git, options, words);
  if (given === undefined) return nothing;
  const [name = "0"] = given.operands.filter(isKnown);
  const which = /^\d+$/.test(name) ? `stash@{${name}}` : name;
  if (verb === "pop") return isOn(given, "index") ? nothing : readPop(git, which);
  const target = verb === "clear" ? "stash" : given.operands.length > 0 ? which : "stash";
  return effects(
    gitEffect("delete", `stash ${verb}`, target, weighStash(git, verb === "clear" ? undefined : which)),
  );
}

/** Without `--index` what was staged and then changed is not put back, and gone with the stash. */
function readPop(git: GitCall, which: string): Reading {
  const staged = stagedIn(git, which);
  if (staged.length === 0) return nothing;
  const ids = blobsOf(git, staged, `${which}^2`);
  const old = staged.filter((path) => !isOwnBlob(git, ids?.get(path) ?? ""));
  const lost = notKept(git, `${which}^2`, old);
  if (lost.length === 0) return nothing;
  const because = `what was staged is not put back without --index: ${lost.slice(0, 3).join(", ")}`;
  return effects(gitEffect("delete", "stash pop", which, { ...lossOf(lost), because }));
}

/** Files that were staged with another content than they had in the work tree. */
function stagedIn(git: GitCall, id: string): readonly string[] {
  const staged = diffFiles(git, `${id}^1`, `${id}^2`) ?? [];
  if (staged.length === 0) return [];
  const other = new Set(diffFiles(git, id, `${id}^2`));
  return staged.filter((path) => other.has(path));
}

/** Named: one of them; else all. */
function weighStash(git: GitCall, which: string | undefined): GitLoss {
  if (findRef(git, "refs/stash") === "") return lossless;
  const selected = which === undefined ? ["-g", "refs/stash"] : ["--no-walk", which];
  const found = askStore(git, "rev-list", "--timestamp", "--oneline", "--max-count=100", ...selected);
  if (found === undefined)
    return which !== undefined && hasAnswers(git)
      ? lossless
      : { recovery: "none", because: "stashed work is in no branch" };
  const stashes = readCommits(found);
  const lost = stashes.map(({ id, subject }) => ({ id, subject, files: onlyIn(git, id) }));
  const left = lost.filter(({ files }) => files === undefined || files.length > 0);
  if (left.length === 0)
    return { recovery: "git", because: "what was stashed is in the work tree or in a commit" };
  const named = left.slice(0, 3).map(({ id, subject, files = [] }) => `${id} ${subject}${nameFiles(files)}`);
  const more = left.length > 3 ? ` and ${left.length - 3} more` : "";
  return {
    recovery: "none",
    because: `stashed work is in no branch: ${named.join(", ")}${more}`,
    extent: { kind: "exact", count: left.length, unit: "commits" },
    whole: { commits: stashes.filter(({ id }) => left.some((one) => one.id === id)) },
  };
}

function nameFiles(files: readonly string[]): string {
  if (files.length === 0) return "";
  return ` (${files.slice(0, 3).join(", ")}${files.length > 3 ? ` and ${files.length - 3} more` : ""})`;
}

const maxFiles = 50;

/** Files of a stash whose stashed content is neither in the work tree nor in HEAD; undefined when that is not known. */
function onlyIn(git: GitCall, id: string): readonly string[] | undefined {
  const changed = diffFiles(git, `${id}^1`, id);
  if (changed === undefined) return undefined;
  // Untracked files lie in a third parent, a commit without parents of its own.
  const untracked = `${id}^3`;
  const staged = notKept(git, `${id}^2`, stagedIn(git, id));
  const own = [...new Set([...notKept(git, id, changed), ...staged])];
  if (askStore(git, "rev-parse", "--verify", "--quiet", untracked) === undefined) return own;
  const out = askStore(git, "ls-tree", "-r", "-z", "--name-only", "--full-tree", untracked);
  if (out === undefined) return undefined;
  return [...own, ...notKept(git, untracked, linesOf(out, "\0"))];
}

function diffFiles(git: GitCall, from: string, to: string): readonly string[] | undefined {
  const out = askStore(
    git,
    "diff-tree",
    "-r",
    "-z",
    "--name-only",
    "--no-renames",
    "--diff-filter=d",
    from,
    to,
  );
  return out === undefined ? undefined : linesOf(out, "\0");
}

function notKept(git: GitCall, tree: string, files: readonly string[]): readonly string[] {
  const stashed = files.length > maxFiles ? undefined : blobsOf(git, files, tree);
  if (stashed === undefined) return files;
  const committed = blobsOf(git, files, "HEAD");
  return files.filter((path) => {
    const id = stashed.get(path);
    return id === undefined || (committed?.get(path) !== id && !isBlob(git, path, id));
  });
}
