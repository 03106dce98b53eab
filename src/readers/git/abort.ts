import { decodeBytes } from "../../model/bytes.js";
import { join, nothing, type Reading } from "../reader.js";
import { type GitCall, gitPath } from "./call.js";
import { isStaged } from "./changes.js";
import { type Discard, discard } from "./discard.js";
import { dropPicked } from "./heads.js";
import { overwriteIncoming } from "./ignored.js";

/** What tells that such an operation has stopped halfway, by its files in the git directory. */
const markers: ReadonlyMap<string, readonly string[]> = new Map([
  ["merge", ["MERGE_HEAD"]],
  ["rebase", ["rebase-merge", "rebase-apply"]],
  // Either of these ends the other.
  ["cherry-pick", ["CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer"]],
  ["revert", ["CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer"]],
  ["am", ["rebase-apply"]],
]);

/**
 * Gives up what was done since a merge stopped: resolutions that are in no commit yet. What the merge itself put there can
 * be had again by merging.
 */
export function readAbort(git: GitCall): Reading {
  const verb = git.words.map(verbOf).find((one) => one !== undefined);
  if (verb === undefined)
    return git.name === "am" || git.name === "revert" ? nothing : overwriteIncoming(git);
  if (!isUnderWay(git)) return nothing;
  // These clear the index and spare what was never staged; the others put back every file.
  const isMerge = git.name === "merge" || git.name === "cherry-pick" || git.name === "revert";
  const form: Discard = { operation: `${git.name} --${verb}`, paths: [], tree: undefined };
  const files = discard(git, isMerge ? { ...form, takes: isStaged } : { ...form, alsoIndex: true });
  const origin = git.name === "rebase" && verb === "abort" ? originOf(git) : undefined;
  return origin === undefined ? files : join(files, dropPicked(git, "rebase --abort", origin));
}

/** Where the branch was before the rebase. */
function originOf(git: GitCall): string | undefined {
  for (const folder of ["rebase-merge", "rebase-apply"]) {
    const path = gitPath(git, `${folder}/orig-head`);
    const file = path === undefined ? undefined : git.world.readFile(path, 100);
    if (file?.ok === true) return decodeBytes(file.bytes).trim();
  }
  return undefined;
}

/** `--quit` leaves all as it is. */
function verbOf(word: string): "abort" | "skip" | undefined {
  if (word.length >= 4 && "--abort".startsWith(word)) return "abort";
  return word.length >= 4 && "--skip".startsWith(word) ? "skip" : undefined;
}

/** Where nothing has stopped, git refuses. */
function isUnderWay(git: GitCall): boolean {
  const names = markers.get(git.name) ?? [];
  const paths = names.map((name) => gitPath(git, name));
  return paths.some((path) => path === undefined || git.world.lstat(path).exists);
}
