import { effects, nothing, type Reading } from "../reader.js";
import { isBlob } from "./blobs.js";
import { askGit, type GitCall, gitEffect, linesOf, storePath, topOf } from "./call.js";
import { type Change, changesOf, isUnmerged, lossOf } from "./changes.js";
import { maxFiles, withoutKept } from "./kept.js";

/**
 * The index alone is written anew (`reset`, `restore --staged`, `rm --cached`): what was staged goes where the work tree
 * has another content by now, or none. A single file at which git refuses saves all of them. Where git does not say, nothing is asked: these are daily work.
 */
export function discardIndex(
  git: GitCall,
  operation: string,
  paths: () => readonly string[] = () => [],
  refuses: (change: Change) => boolean = () => false,
): Reading {
  const found = suspects(git, paths);
  if (found.length === 0 || found.some(refuses)) return nothing;
  const lost = stagedOnly(git, found);
  return lost.length === 0 ? nothing : effects(gitEffect("delete", operation, topOf(git), lossOf(lost)));
}

/** Staged, and not in the work tree as staged. One cheap question first, for mostly there is no such file. */
function suspects(git: GitCall, paths: () => readonly string[]): readonly Change[] {
  const args = ["--diff-filter=d", "--name-only", "--no-renames", "-z", "HEAD", "--"];
  const out = askGit(git, "diff-index", ...args);
  const staged = out === undefined ? undefined : linesOf(out, "\0");
  if (staged?.length === 0) return [];
  const named = paths();
  if (named.length > 0 || staged === undefined || staged.length > maxFiles)
    return changesOf(git, named) ?? [];
  const ids = indexIds(git, staged);
  const doubtful = staged.filter((path) => !isBlob(git, path, ids.get(path)));
  // Line ends and filters make other bytes of the same content: only git tells.
  return doubtful.length === 0 ? [] : (changesOf(git, doubtful.map(literally)) ?? []);
}

/**
 * Contents that the index has and neither the work tree nor a commit: staged, then changed or deleted. What the session
 * staged itself is its own.
 */
export function stagedOnly(
  git: GitCall,
  found: readonly Change[],
  tree?: string | undefined,
): readonly string[] {
  const paths = found
    .filter((change) => /[MARCT]/.test(change.staged) && change.unstaged !== " " && !isUnmerged(change))
    .map(({ path }) => path);
  if (paths.length === 0) return [];
  if (paths.length > maxFiles) return paths.map(asStaged);
  const ids = indexIds(git, paths);
  const old = paths.filter((path) => {
    const id = ids.get(path);
    return id !== undefined && !isEmpty(id) && !isOwnBlob(git, id);
  });
  return withoutKept(git, old, { tree, ids }).map(asStaged);
}

function asStaged(path: string): string {
  return `${path} (staged)`;
}

/** Blob ids in the index; entries in conflict and submodules are left out. */
function indexIds(git: GitCall, paths: readonly string[]): ReadonlyMap<string, string> {
  const out = askGit(git, "ls-files", "--stage", "--full-name", "-z", "--", ...paths.map(literally)) ?? "";
  return new Map(
    linesOf(out, "\0").flatMap((line): readonly (readonly [string, string])[] => {
      const [, mode, id = "", stage, path = ""] = /^(\d+) (\w+) (\d)\t(.*)$/s.exec(line) ?? [];
      return mode === "160000" || stage !== "0" ? [] : [[path, id]];
    }),
  );
}

function literally(path: string): string {
  return `:(top,literal)${path}`;
}

/** The empty file: SHA-1's and SHA-256's. */
function isEmpty(id: string): boolean {
  return id.startsWith("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391") || id.startsWith("473a0f4c3be8a936");
}

/** `git add` writes a file for each new content. */
export function isOwnBlob(git: GitCall, id: string): boolean {
  const { world } = git;
  const path = storePath(git, `objects/${id.slice(0, 2)}/${id.slice(2)}`);
  const stat = path === undefined ? undefined : world.lstat(path);
  return stat?.exists === true && stat.born > 0 && stat.born >= world.session.startedAt;
}
