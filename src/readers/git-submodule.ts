import { isKnown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import { type GitCall, gitEffect, isOn, readGitOptions, topOf } from "./git-call.js";
import { lossOf, weighChanges } from "./git-changes.js";
import { declareGit } from "./git-options.js";
import { hasOption } from "./options.js";
import { joinPath, resolvePath } from "./path.js";
import { effects, nothing, type Reading } from "./reader.js";

const submoduleOptions = declareGit([
  "-f --force",
  "--all",
  "-q --quiet",
  "--init",
  "--remote",
  "--recursive",
  "-N --no-fetch",
  "--checkout",
  "--merge",
  "--rebase",
  "--reference:",
  "--depth:",
  "-j --jobs:",
  "--progress",
  "--filter:",
  "--single-branch",
  "--recommend-shallow",
]);

/** The commits of a submodule stay in the outer repository's store; the changes in its work tree do not. */
export function readSubmodule(git: GitCall): Reading {
  const [verb, ...words] = git.words.filter((word) => word !== "-q" && word !== "--quiet");
  if (verb !== "deinit" && verb !== "update") return nothing;
  const given = readGitOptions(git, submoduleOptions, words);
  if (given === undefined || !isOn(given, "force")) return nothing;
  const named = given.operands.filter(isKnown);
  if (verb === "deinit" && named.length === 0 && !hasOption(given, "all")) return nothing;
  return discardSubmodules(git, `submodule ${verb} --force`, named);
}

/** Changes in the work trees of submodules go. */
export function discardSubmodules(git: GitCall, operation: string, named: readonly string[] = []): Reading {
  const chosen = named.map((word) => resolvePath(git, git.world, word));
  const all = findSubmodules(git);
  // A path that names no submodule of this tree: git will refuse, or this does not see it.
  if (all === undefined)
    return effects(gitEffect("delete", operation, named.join(" ") || topOf(git), lossOf(undefined)));
  const doomed = all.filter(
    (path) => chosen.length === 0 || chosen.some((word) => word === path || isAbove(word, path)),
  );
  return effects(
    ...doomed.map((path) => {
      const inside: GitCall = { ...git, cwd: path, store: path, asks: true };
      const form = {
        operation,
        paths: [],
        tree: "HEAD",
        alsoUntracked: !/update|reset|checkout|switch/.test(operation),
      };
      return gitEffect("delete", operation, path, weighChanges(inside, form));
    }),
  );
}

function isAbove(word: unknown, path: string): boolean {
  return typeof word === "string" && path.startsWith(`${word}/`);
}

/** Absolute paths of the submodules that are checked out; undefined when that cannot be read. */
export function findSubmodules(git: GitCall): readonly string[] | undefined {
  if (!git.asks || !isKnown(git.cwd)) return undefined;
  const top = git.world.git.repository(git.cwd)?.top;
  if (top === undefined) return undefined;
  const path = joinPath(top, ".gitmodules");
  if (!git.world.lstat(path).exists) return [];
  const file = git.world.readFile(path, 1 << 20);
  if (!file.ok || !file.complete) return undefined;
  const text = decodeBytes(file.bytes);
  if (!text.includes("[submodule")) return undefined;
  return text
    .split("\n")
    .flatMap((line) => /^\s*path\s*=\s*(.+?)\s*$/.exec(line)?.[1] ?? [])
    .map((name) => joinPath(top, name))
    .filter((folder) => git.world.lstat(joinPath(folder, ".git")).exists);
}
