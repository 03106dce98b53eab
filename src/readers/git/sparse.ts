import { isKnown } from "../../model/arg.js";
import { isWithin, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import { askGit, type GitCall, isOn, linesOf, readGitOptions, topOf } from "./call.js";
import { deletePaths } from "./files.js";
import { declareGit } from "./options.js";

const options = declareGit(["--cone", "--sparse-index", "--stdin", "--skip-checks", "--end-of-options"]);

/**
 * Folders that leave the cone go with the files in them that git ignores. Other untracked files make git leave the folder
 * alone, as patterns do in place of folders.
 */
export function readSparse(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  const given = readGitOptions(git, options, words);
  if (given === undefined || (verb !== "set" && verb !== "init")) return nothing;
  if (isOn(given, "stdin") || given.given.some(({ name }) => name === "no-cone")) return nothing;
  const ignored = others(git, "--ignored").filter((path) => /\/./.test(path));
  if (ignored.length === 0) return nothing;
  const cone = given.operands.filter(isKnown).flatMap((folder) => relativeTo(git, folder) ?? []);
  const kept = new Set(others(git).flatMap((path) => outsideOf(path, cone) ?? []));
  const doomed = ignored.filter((path) => {
    const folder = outsideOf(path, cone);
    return folder !== undefined && !kept.has(folder) && isTracked(git, folder);
  });
  return effects(...deletePaths(git, "sparse-checkout", doomed));
}

function others(git: GitCall, ...more: readonly string[]): readonly string[] {
  const args = ["--others", ...more, "--exclude-standard", "--directory", "--full-name", "-z", "--", ":/"];
  return linesOf(askGit(git, "ls-files", ...args) ?? "", "\0");
}

function relativeTo(git: GitCall, folder: string): string | undefined {
  const path = resolvePath(git, git.world, folder);
  if (path === undefined || !isKnown(path)) return undefined;
  return isWithin(path, topOf(git)) ? path.slice(topOf(git).length + 1) : folder;
}

/** The highest folder above a path that the cone neither has nor leads through. */
function outsideOf(path: string, cone: readonly string[]): string | undefined {
  const parts = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join("/");
    if (cone.some((one) => isWithin(folder, one))) return undefined;
    if (!cone.some((one) => isWithin(one, folder))) return folder;
  }
  return undefined;
}

function isTracked(git: GitCall, folder: string): boolean {
  return askGit(git, "ls-files", "-z", "--", `:(top,literal)${folder}`) !== "";
}
