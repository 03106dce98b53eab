import { blobsOf, isBlob } from "./blobs.js";
import { askStore, type GitCall, gitPath, linesOf } from "./call.js";

/** More files than this are not looked for one by one: what is asked about is plain enough. */
export const maxFiles = 50;

/**
 * Files whose very content lies in no commit. Looked at are what a merge that stopped has put there (`AUTO_MERGE`, conflict
 * marks included), the tree that is taken, and the branches that moved last. Without a way into the store, all of them.
 * `ids`: contents to look for in place of what lies in the work tree.
 */
export function withoutKept(
  git: GitCall,
  files: readonly string[],
  { tree, ids }: { readonly tree?: string | undefined; readonly ids?: ReadonlyMap<string, string> },
): readonly string[] {
  if (files.length === 0 || files.length > maxFiles) return files;
  const merge = gitPath(git, "AUTO_MERGE");
  const isMerging = merge !== undefined && git.world.lstat(merge).exists;
  let left = files;
  const tries = [...(isMerging ? ["AUTO_MERGE"] : []), ...(tree === undefined ? [] : [tree]), "HEAD"];
  for (const one of tries) left = withoutHeld(git, left, one, ids);
  if (left.length === 0) return left;
  const refs = ["refs/heads", "refs/remotes", "refs/stash"];
  const options = ["--count=6", "--sort=-committerdate", "--format=%(objectname)"];
  const tips = linesOf(askStore(git, "for-each-ref", ...options, ...refs) ?? "");
  for (const tip of new Set(tips)) left = withoutHeld(git, left, tip, ids);
  return left;
}

/** Of these files, the ones that a tree has. */
export function heldBy(git: GitCall, files: readonly string[], tree: string | undefined): readonly string[] {
  if (tree === undefined || files.length > maxFiles) return files;
  const ids = blobsOf(git, files, tree);
  return ids === undefined ? files : files.filter((path) => ids.has(path));
}

function withoutHeld(
  git: GitCall,
  files: readonly string[],
  tree: string,
  wanted: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  const ids = blobsOf(git, files, tree);
  if (ids === undefined) return files;
  return files.filter((path) => {
    const id = ids.get(path);
    return wanted === undefined ? !isBlob(git, path, id) : id === undefined || wanted.get(path) !== id;
  });
}
