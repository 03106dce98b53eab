import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { TrustedFile } from "../model/backup.js";

/**
 * The files that an evidence command names, as they are now: what a person trusts along with the manifest. Whoever can change
 * `./scripts/last-dump-age` would else have holdpoint run it, outside of the session.
 */
export function evidenceFiles(evidence: string, folder: string): readonly TrustedFile[] {
  const words = evidence.split(/[\s;&|<>()]+/).map((word) => word.replace(/^['"]|['"]$/g, ""));
  return [...new Set(words.filter((word) => word !== ""))].flatMap((word) => {
    const path = resolve(folder, word);
    const sha256 = hashOf(path);
    return sha256 === undefined ? [] : [{ path, sha256 }];
  });
}

/** The first of them that is not what it was. */
export function changedFile(files: readonly TrustedFile[]): string | undefined {
  return files.find(({ path, sha256 }) => hashOf(path) !== sha256)?.path;
}

/** Undefined: no file, or none that could be read. */
function hashOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return undefined;
  }
}
