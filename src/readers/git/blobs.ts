import { joinPath } from "../path.js";
import { askStore, type GitCall, linesOf, topOf } from "./call.js";

/** The id of each of these files' content in a tree; files that it does not have are left out. Undefined: git did not say. */
export function blobsOf(
  git: GitCall,
  files: readonly string[],
  tree: string,
): ReadonlyMap<string, string> | undefined {
  if (files.length === 0 || tree.startsWith("-")) return undefined;
  const out = askStore(git, "ls-tree", "-r", "-z", "--full-tree", tree, "--", ...files);
  if (out === undefined) return undefined;
  return new Map(
    linesOf(out, "\0").map((line): [string, string] => {
      const tab = line.indexOf("\t");
      return [line.slice(tab + 1), line.slice(0, tab).split(" ")[2] ?? ""];
    }),
  );
}

/** Larger files are not compared. */
const largest = 16 << 20;

/** Whether a file of the work tree has this very content; `path` is relative to the top. */
export function isBlob(git: GitCall, path: string, id: string | undefined): boolean {
  if (id === undefined || !git.asks) return false;
  const file = git.world.readFile(joinPath(topOf(git), path), largest);
  if (!file.ok || !file.complete) return false;
  return git.world.git.blobId(file.bytes, id.length === 64 ? "sha256" : "sha1") === id;
}
