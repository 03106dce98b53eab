import type { Manifest } from "../model/scope.js";
import type { Below, FileLimits, World } from "../model/world.js";
import { findBelow } from "./below.js";
import { compileGlobs, findGlob, isWithin, type PathGlob } from "./globs.js";
import { isAlwaysReadable } from "./readable.js";

/** `files` of a manifest, compiled. */
export interface FileScopes {
  readonly never: readonly PathGlob[];
  readonly write: readonly PathGlob[] | undefined;
  readonly read: readonly PathGlob[] | undefined;
}

const compiled = new WeakMap<Manifest, FileScopes>();

/** Once for each manifest: what its globs lead to is looked up when they are first asked. */
export function fileScopes(manifest: Manifest, world: World): FileScopes {
  let scopes = compiled.get(manifest);
  if (scopes === undefined) {
    const { folder, files } = manifest;
    const all = (globs: readonly string[] | undefined) =>
      globs === undefined ? undefined : compileGlobs(globs, folder, world);
    scopes = { never: all(files.never) ?? [], write: all(files.write), read: all(files.read) };
    compiled.set(manifest, scopes);
  }
  return scopes;
}

/** What all manifests say; undefined where none speaks of files, so that nobody looks. */
export function fileLimits(manifests: readonly Manifest[], near: World): FileLimits | undefined {
  const scopes = manifests
    .filter(({ files }) => files.never.length > 0 || files.read !== undefined || files.write !== undefined)
    .map((manifest) => fileScopes(manifest, near));
  if (scopes.length === 0) return undefined;
  return {
    isHeld: (path) =>
      scopes.some(
        ({ never, read }) =>
          findGlob(never, path) !== undefined ||
          (read !== undefined && !mayRead(read, path, near) && !leadsTo(read, path)),
      ),
    isClosed: (path) =>
      scopes.some(
        ({ never, write }) =>
          findGlob(never, path) !== undefined || (write !== undefined && findGlob(write, path) === undefined),
      ),
    heldBelow(folder, world, skips) {
      const closed = scopes.some(({ read }) => read !== undefined && !mayRead(read, folder, near));
      if (closed && !skips(folder)) return { paths: [folder], complete: true };
      return join(scopes.map(({ never }) => findBelow(never, folder, world, { skips, inside: true })));
    },
  };
}

/** Whether `files.read` lets a file, or all of a folder, be read. */
export function mayRead(read: readonly PathGlob[], path: string, world: World): boolean {
  return findGlob(read, path) !== undefined || isAlwaysReadable(path, world);
}

/** Folders on the way to what may be read may be listed: `ls ..` tells no more than where one is. */
export function leadsTo(read: readonly PathGlob[], path: string): boolean {
  return read.some(({ base }) => isWithin(base, path));
}

function join(all: readonly Below[]): Below {
  return { paths: all.flatMap(({ paths }) => paths), complete: all.every(({ complete }) => complete) };
}
