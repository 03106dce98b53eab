import { createHash } from "node:crypto";
import { join } from "node:path/posix";
import { decodeBytes } from "../model/bytes.js";
import { lstat, readFile } from "./file-system.js";
import type { Git } from "./git-process.js";

/** Larger files count as changed: they cannot be compared here. */
const largest = 64 << 20;

/**
 * Paths (from the top) of changed files that `git status` passes by, since it was told to: assume-unchanged and
 * skip-worktree. `git checkout` and `git reset` overwrite them all the same. Undefined when git does not say.
 */
export function findHiddenChanges(
  git: Git,
  cwd: string,
  pathspecs: readonly string[],
): readonly string[] | undefined {
  const top = git({ cwd, args: ["rev-parse", "--show-toplevel"] });
  const args = [
    "ls-files",
    "-v",
    "--stage",
    "--full-name",
    "-z",
    "--",
    ...(pathspecs.length > 0 ? pathspecs : [":/"]),
  ];
  const listed = git({ cwd, args });
  if (!top.ok || !listed.ok) return undefined;
  const root = decodeBytes(top.out).replace(/\n$/, "");
  return listed.out
    .toString("latin1")
    .split("\0")
    .filter((entry) => /^[a-zS] /.test(entry))
    .flatMap((entry) => {
      const [, mode = "", id = "", name = ""] = /^. (\d+) (\w+) \d\t(.*)$/s.exec(entry) ?? [];
      const path = decodeBytes(Buffer.from(name, "latin1"));
      return mode !== "160000" && isChanged(join(root, path), id) ? [path] : [];
    });
}

/** Missing is no change here: nothing of it is left to lose (and a sparse checkout is missing most of its files). */
function isChanged(path: string, id: string): boolean {
  const stat = lstat(path);
  if (!stat.exists || stat.kind !== "file")
    return stat.exists ? stat.kind !== "symlink" : stat.reason !== "missing";
  const file = readFile(path, largest);
  if (!file.ok || !file.complete) return true;
  const hash = createHash(id.length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${file.bytes.length}\0`).update(file.bytes).digest("hex") !== id;
}
