import { isKnown } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import { deletion, overwriting } from "./file-effects.js";
import {
  askGit,
  type Change,
  changesOf,
  type GitCall,
  gitEffect,
  isRepository,
  lossOf,
  topOf,
} from "./git-call.js";
import { declareOptions, hasOption, readOptions } from "./options.js";
import { joinPath, resolvePath } from "./path.js";
import { effects, nothing, type Reading } from "./reader.js";

const cleanOptions = declareOptions("anywhere", [
  "-d",
  "-f --force",
  "-i --interactive",
  "-n --dry-run",
  "-q --quiet",
  "-e --exclude:",
  "-x",
  "-X",
]);

/** Untracked files are in no commit: each is judged like the target of an rm. */
export function readClean(git: GitCall): Reading {
  const given = readOptions(git.words, cleanOptions);
  if (hasOption(given, "dry-run", "interactive") || !isRepository(git)) return nothing;
  const isForced =
    hasOption(given, "force") || askGit(git, "config", "--get", "clean.requireForce")?.trim() === "false";
  if (!isForced) return nothing;
  const paths = given.operands.filter(isKnown);
  const scope = paths.length > 0 ? paths : ["."];
  const ignored = hasOption(given, "x", "X") ? ["--ignored=traditional"] : [];
  const found = changesOf(git, scope, "--untracked-files=normal", ...ignored);
  if (found === undefined) return effects(gitEffect("delete", "clean", topOf(git), lossOf(found)));
  const doomed = found.filter(
    ({ staged, path }) =>
      (staged === "!" || (staged === "?" && !hasOption(given, "X"))) &&
      (hasOption(given, "d") || !path.endsWith("/")),
  );
  return effects(...deletePaths(git, doomed));
}

const mvOptions = declareOptions("anywhere", [
  "-f --force",
  "-k",
  "-n --dry-run",
  "-v --verbose",
  "--sparse",
]);

export function readMove(git: GitCall): Reading {
  const given = readOptions(git.words, mvOptions);
  const destination = given.operands.at(-1);
  if (!hasOption(given, "force") || hasOption(given, "dry-run") || destination === undefined) return nothing;
  const path = resolvePath(git, git.world, destination);
  const stat = path !== undefined && isKnown(path) ? git.world.lstat(path) : undefined;
  return path !== undefined && isKnown(path) && stat?.exists === true && stat.kind !== "directory"
    ? effects(...overwriting("git", path, git.world))
    : nothing;
}

const worktreeOptions = declareOptions("anywhere", ["-f --force"]);

/** Without `--force`, git refuses where there are changes. */
export function readWorktree(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  const given = readOptions(words, worktreeOptions);
  const [folder] = given.operands;
  if (verb !== "remove" || !hasOption(given, "force") || folder === undefined) return nothing;
  const path = resolvePath(git, git.world, folder);
  return path === undefined || !isKnown(path) ? nothing : effects(deletion("git", path, true));
}

const maxDeletions = 200;

function deletePaths(git: GitCall, doomed: readonly Change[]): readonly Effect[] {
  const top = topOf(git);
  if (doomed.length > maxDeletions) {
    const count = { kind: "exact", count: doomed.length, unit: "files" } as const;
    return [gitEffect("delete", "clean", top, { ...lossOf(doomed), extent: count })];
  }
  return doomed.map(({ path }) =>
    deletion("git", joinPath(top, path.replace(/\/$/, "")), path.endsWith("/")),
  );
}
