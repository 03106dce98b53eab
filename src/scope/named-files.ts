import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import { fileScopes } from "./file-scopes.js";
import { findGlob, isWithin, type PathGlob } from "./globs.js";

/**
 * Whether the manifest speaks of this very place: as a source of a credential that is for something, or as what the work writes.
 * A glob of stars alone names nothing.
 */
export function isNamedFile(
  { file, key }: { readonly file: string; readonly key: string | undefined },
  manifest: Manifest,
  world: World,
): boolean {
  return isSource(file, key, manifest, world) || isWritten(file, manifest, world);
}

function isSource(file: string, key: string | undefined, manifest: Manifest, world: World): boolean {
  return (manifest.credentials ?? []).some(({ from, allow }) => {
    const [, path, declared] = /^file:([^#]*)(?:#(.*))?$/s.exec(from) ?? [];
    if (path === undefined || allow.length === 0) return false;
    const isKey = declared === undefined || key === undefined || declared === key;
    return isKey && world.realpath(absolute(path, manifest, world)) === file;
  });
}

/** As the manifest writes it: below its folder, or behind `~/`. */
export function absolute(path: string, { folder }: Manifest, { user }: World): string {
  if (path.startsWith("~/")) return `${user.home}${path.slice(1)}`;
  return path.startsWith("/") ? path : `${folder}/${path.replace(/^\.\//, "")}`;
}

function isWritten(file: string, manifest: Manifest, world: World): boolean {
  const { write = [] } = fileScopes(manifest, world);
  return (
    findGlob(
      write.filter((glob) => isTelling(glob, manifest)),
      file,
    ) !== undefined
  );
}

/** Not `**`, `~/**`, or the folder of the manifest as a whole. */
function isTelling({ shown }: PathGlob, { folder }: Manifest): boolean {
  const stem = shown.replace(/[*/.]+$/, "");
  return stem !== "" && stem !== "~" && !isWithin(folder, stem);
}
