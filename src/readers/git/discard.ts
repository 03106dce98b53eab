import { isKnown } from "../../model/arg.js";
import { joinPath, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import {
  askGit,
  type GitCall,
  type GitLoss,
  gitEffect,
  isRepository,
  linesOf,
  lossless,
  topOf,
} from "./call.js";
import { type Change, changesOf, lossOf, untracked } from "./changes.js";
import { heldBy, withoutKept } from "./kept.js";
import { stagedOnly } from "./staged.js";

/** Which files a command writes anew, and with what. */
export interface Discard {
  readonly operation: string;
  /** Pathspecs; none stands for all. */
  readonly paths: readonly string[];
  /** Where the new content comes from; undefined: the index. */
  readonly tree: string | undefined;
  /** Whether a change goes; left out: all of them. */
  readonly takes?: (change: Change) => boolean;
  /** The index is written anew as well, so that what is staged alone goes. */
  readonly alsoIndex?: boolean;
  /** Tracked files that the tree does not have are left alone. */
  readonly isOverlay?: boolean;
  /** The whole folder goes, untracked files with it. */
  readonly alsoUntracked?: boolean;
}

/** Changes of tracked files go, and untracked files that stand where the tree has one. */
export function discard(git: GitCall, form: Discard): Reading {
  if (!isRepository(git)) return nothing;
  const { operation, paths } = form;
  const named = paths.length === 1 ? resolvePath(git, git.world, paths[0] ?? "") : undefined;
  const target = named !== undefined && isKnown(named) ? named : topOf(git);
  return effects(gitEffect("delete", operation, target, weighChanges(git, form)));
}

export function weighChanges(git: GitCall, form: Discard): GitLoss {
  const found = changesOf(git, form.paths);
  if (found === undefined) return lossOf(undefined);
  const chosen = found.filter((change) => (form.takes ?? isAny)(change));
  const doomed = chosen.map(({ path }) => path);
  const taken = form.isOverlay === true ? heldBy(git, doomed, form.tree) : doomed;
  const others = form.alsoUntracked === true ? untracked(git) : [];
  const onDisk = [...new Set([...taken, ...others, ...inTheWay(git, form)])].filter((path) =>
    isThere(git, path),
  );
  const changed = onDisk.filter((path) => !isOwnChange(git, path, found));
  const lost = withoutKept(git, changed, form);
  const isTaken = new Set(taken);
  const staged =
    form.alsoIndex === true
      ? stagedOnly(
          git,
          chosen.filter(({ path }) => isTaken.has(path)),
          form.tree,
        )
      : [];
  return lost.length + staged.length === 0 ? lossless : lossOf([...lost, ...staged]);
}

function isAny(): boolean {
  return true;
}

/** Files on disk that the tree has and the index has not: untracked, ignored, or taken out of the index. */
export function inTheWay(git: GitCall, { tree, paths }: Pick<Discard, "tree" | "paths">): readonly string[] {
  if (tree === undefined || tree.startsWith("-")) return [];
  const args = ["--diff-filter=D", "--name-only", "--no-renames", "-z", tree, "--", ...paths];
  return linesOf(askGit(git, "diff-index", ...args) ?? "", "\0").filter((path) => isThere(git, path));
}

function isThere(git: GitCall, path: string): boolean {
  return git.world.lstat(joinPath(topOf(git), path)).exists;
}

/** Undoing what the session itself wrote costs nobody's work. */
function isOwnChange(git: GitCall, path: string, found: readonly Change[]): boolean {
  const { world } = git;
  const top = topOf(git);
  const change = found.find((one) => one.path === path);
  if (change !== undefined && change.staged !== "A") return world.git.isOwnChange?.(top, path) === true;
  const stat = world.lstat(joinPath(top, path));
  return stat.exists && stat.kind === "file" && stat.born > 0 && stat.born >= world.session.startedAt;
}
