import { isKnown } from "../../model/arg.js";
import { isWithin, resolvePath } from "../path.js";
import { askStore, type GitCall, topOf } from "./call.js";

/** A scope manifest in a work tree. */
export interface Manifest {
  /** Absolute. */
  readonly path: string;
  /** From the top. */
  readonly name: string;
}

/** A pathspec with anything special in it may cover anything. */
export function covers(git: GitCall, pathspecs: readonly string[], { path }: Manifest): boolean {
  return pathspecs.some((spec) => {
    if (/^:|[*?[]/.test(spec)) return true;
    const named = resolvePath(git, git.world, spec);
    return named !== undefined && isKnown(named) && isWithin(path, git.world.realpath(named));
  });
}

/** Whether a tree, or with "" the index, has another content than the file; what it does not know, git deletes or leaves. */
export function differs(git: GitCall, tree: string, manifest: Manifest): boolean {
  const id = idIn(git, tree, manifest);
  if (id === undefined) return tree !== "" && idIn(git, "HEAD", manifest) !== undefined;
  const file = git.world.readFile(manifest.path, 1 << 20);
  return !file.ok || git.world.git.blobId(file.bytes, id.length === 64 ? "sha256" : "sha1") !== id;
}

export function isTracked(git: GitCall, { name }: Manifest): boolean {
  const tracked = git.world.git.tracked(topOf(git), name);
  return !("reason" in tracked) && tracked.has(name);
}

export function isOther(git: GitCall, one: string, other: string, manifest: Manifest): boolean {
  return idIn(git, one, manifest) !== idIn(git, other, manifest);
}

function idIn(git: GitCall, tree: string, { name }: Manifest): string | undefined {
  return askStore(git, "rev-parse", "--verify", "--quiet", `${tree}:${name}`)?.trim() || undefined;
}
