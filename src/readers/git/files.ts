import { isKnown } from "../../model/arg.js";
import type { Effect } from "../../model/effect.js";
import { deletion, overwriting } from "../file-effects.js";
import { hasOption, optionValues } from "../options.js";
import { isDirectory, joinPath, lastName, resolvePath } from "../path.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import {
  askGit,
  type GitCall,
  gitEffect,
  isOn,
  isRepository,
  linesOf,
  readGitOptions,
  settingOf,
  topOf,
} from "./call.js";
import { changesOf, lossOf } from "./changes.js";
import { discard } from "./discard.js";
import { declareGit } from "./options.js";
import { isSilent } from "./worktree.js";

const cleanOptions = declareGit([
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
  const given = readGitOptions(git, cleanOptions);
  if (given === undefined || isOn(given, "dry-run") || !isRepository(git)) return nothing;
  const asks = isOn(given, "interactive");
  if (asks ? isSilent(git) : !isOn(given, "force") && !needsNoForce(git)) return nothing;
  const excluded = optionValues(given, "exclude").filter(isKnown);
  const options = [
    ...["--others", "--directory", "--full-name", "-z"],
    ...(hasOption(given, "X") ? ["--ignored"] : []),
    ...(hasOption(given, "x") ? [] : ["--exclude-standard"]),
    ...excluded.map((pattern) => `--exclude=${pattern}`),
  ];
  const out = askGit(git, "ls-files", ...options, "--", ...given.operands.filter(isKnown));
  if (out === undefined) return effects(gitEffect("delete", "clean", topOf(git), lossOf(undefined)));
  const forces = given.given.filter(({ name }) => name === "force").length;
  const doomed = linesOf(out, "\0").filter(
    (path) => !path.endsWith("/") || (hasOption(given, "d") && (forces > 1 || !isNested(git, path))),
  );
  return effects(...deletePaths(git, "clean", doomed));
}

function needsNoForce(git: GitCall): boolean {
  const set =
    settingOf(git, "clean.requireforce") ?? askGit(git, "config", "--get", "clean.requireForce")?.trim();
  return set !== undefined && /^(false|no|off|0)$/i.test(set);
}

/** A repository of its own, which only a second `-f` deletes. */
function isNested(git: GitCall, folder: string): boolean {
  return git.world.lstat(joinPath(topOf(git), `${folder}.git`)).exists;
}

const maxDeletions = 200;

/** Relative to the top; folders end in a slash. */
export function deletePaths(git: GitCall, operation: string, doomed: readonly string[]): readonly Effect[] {
  const top = topOf(git);
  if (doomed.length > maxDeletions) return [gitEffect("delete", operation, top, lossOf(doomed))];
  return doomed.map((path) => deletion("git", joinPath(top, path.replace(/\/$/, "")), path.endsWith("/")));
}

const mvOptions = declareGit(["-f --force", "-k", "-n --dry-run", "-v --verbose", "--sparse"]);

export function readMove(git: GitCall): Reading {
  const given = readGitOptions(git, mvOptions);
  const destination = given?.operands.at(-1);
  if (given === undefined || destination === undefined) return nothing;
  if (!isOn(given, "force") || isOn(given, "dry-run")) return nothing;
  const path = resolvePath(git, git.world, destination);
  if (path === undefined || !isKnown(path)) return nothing;
  const isInto = isDirectory(path, git.world);
  const targets = given.operands.slice(0, -1).flatMap((source) => {
    const name = isInto && isKnown(source) ? lastName(source) : undefined;
    return isInto ? (name === undefined ? [] : [joinPath(path, name)]) : [path];
  });
  const lost = targets.filter((target) => git.world.lstat(target).exists && !isDirectory(target, git.world));
  return join(...lost.map((target) => readOverwritten(git, target)));
}

/** Of a tracked file what is staged goes as well. */
function readOverwritten(git: GitCall, target: string): Reading {
  const paths = [`:(top,literal)${target.slice(topOf(git).length + 1)}`];
  return changesOf(git, paths)?.length === 0
    ? effects(...overwriting("git", target, git.world))
    : discard(git, { operation: "mv --force", paths, tree: undefined, alsoIndex: true });
}
