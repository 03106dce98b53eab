import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import { hasOption, type Options } from "../options.js";
import { joinPath, resolvePath } from "../path.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import {
  askGit,
  askStore,
  type GitCall,
  gitEffect,
  gitPath,
  headRef,
  isOn,
  isRevision,
  linesOf,
  readGitOptions,
  settingOf,
  topOf,
} from "./call.js";
import { changesOf, lossOf } from "./changes.js";
import { weighCommits } from "./commits.js";
import { weighChanges } from "./discard.js";
import { declareGit } from "./options.js";

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

/** What `deinit` leaves behind keeps the commits; `update` moves a detached HEAD away from them, by force or not. */
export function readSubmodule(git: GitCall): Reading {
  const [verb, ...words] = git.words.filter((word) => word !== "-q" && word !== "--quiet");
  if (verb !== "deinit" && verb !== "update") return nothing;
  const given = readGitOptions(git, submoduleOptions, words);
  if (given === undefined) return nothing;
  const named = given.operands.filter(isKnown);
  const operation = `submodule ${verb}`;
  const commits =
    verb === "update" && !isOn(given, "merge", "rebase")
      ? leaveCommits(git, operation, named, undefined, isOn(given, "force"))
      : nothing;
  if (!isOn(given, "force")) return commits;
  if (verb === "deinit" && named.length === 0 && !hasOption(given, "all")) return nothing;
  return join(discardSubmodules(git, `${operation} --force`, named), commits);
}

/**
 * Submodules come to the commits that the tree names. By force, or when it merges, what was changed inside goes, too;
 * else only those are touched that the tree has at another commit than the index.
 */
export function recurse(
  git: GitCall,
  given: Options,
  operation: string,
  tree: string | undefined,
  isForced = true,
  paths: readonly string[] = [],
): Reading {
  if ((findSubmodules(git) ?? []).length === 0) return nothing;
  const isSaid = hasOption(given, "recurse-submodules", "no-recurse-submodules");
  if (isSaid ? !isOn(given, "recurse-submodules") : !/^(true|yes|on|1)$/i.test(recursion(git)))
    return nothing;
  // `:/` and its like are not read: all of them.
  const named = paths.some((path) => path.startsWith(":")) ? [] : paths;
  return join(
    isForced ? discardSubmodules(git, operation, named) : nothing,
    leaveCommits(git, operation.replace("update --force", "update"), named, tree, isForced),
  );
}

/** As set by the call, else by the configuration; questions are asked with a setting of their own. */
function recursion(git: GitCall): string {
  const set = settingOf(git, "submodule.recurse");
  if (set !== undefined) return set;
  const out = askStore(git, "config", "--show-scope", "--get-all", "submodule.recurse") ?? "";
  const last = linesOf(out).findLast((line) => !line.startsWith("command"));
  return last?.split("\t")[1] ?? "";
}

/** Commits in a submodule whose HEAD is detached, as it is as a rule. `tree` undefined: the index. */
function leaveCommits(
  git: GitCall,
  operation: string,
  named: readonly string[],
  tree: string | undefined,
  isForced: boolean,
): Reading {
  return effects(
    ...(chosenOf(git, named) ?? []).flatMap((path) => {
      const inside: GitCall = { ...git, cwd: path, store: path, asks: true };
      const recorded = recordedFor(git, path, tree);
      if (headRef(inside) !== "HEAD" || recorded === undefined || recorded === headId(inside)) return [];
      if (!isForced && tree !== undefined && recorded === recordedFor(git, path, undefined)) return [];
      const kept = isRevision(inside, `${recorded}^{commit}`) ? [recorded] : [];
      const loss = weighCommits(inside, { tips: ["HEAD"], doomed: ["HEAD"], kept });
      if (loss.recovery === "needless" || (!isForced && isRefused(inside, recorded))) return [];
      return [gitEffect("modify", operation, path, loss)];
    }),
  );
}

/** Git does not go to a commit that has another content of a file that is changed. */
function isRefused(inside: GitCall, target: string): boolean {
  const args = ["-r", "-z", "--name-only", "--no-renames", "HEAD", target];
  const differing = new Set(linesOf(askStore(inside, "diff-tree", ...args) ?? "", "\0"));
  return differing.size > 0 && (changesOf(inside, []) ?? []).some(({ path }) => differing.has(path));
}

/** The commit that the index or a tree has in a submodule's place. */
function recordedFor(git: GitCall, path: string, tree: string | undefined): string | undefined {
  const relative = path.slice(topOf(git).length + 1);
  const out =
    tree === undefined
      ? askGit(git, "ls-files", "--stage", "-z", "--", `:(top,literal)${relative}`)
      : askStore(git, "ls-tree", "-z", "--full-tree", tree, "--", relative);
  return /^160000 (?:commit )?(\w+)/.exec(out ?? "")?.[1];
}

function headId(git: GitCall): string | undefined {
  const path = gitPath(git, "HEAD");
  const file = path === undefined ? undefined : git.world.readFile(path, 100);
  return file?.ok === true ? decodeBytes(file.bytes).trim() : undefined;
}

/** Changes in the work trees of submodules go. */
export function discardSubmodules(git: GitCall, operation: string, named: readonly string[] = []): Reading {
  const doomed = chosenOf(git, named);
  // A path that names no submodule of this tree: git will refuse, or this does not see it.
  if (doomed === undefined)
    return effects(gitEffect("delete", operation, named.join(" ") || topOf(git), lossOf(undefined)));
  return effects(
    ...doomed.map((path) => {
      const inside: GitCall = { ...git, cwd: path, store: path, asks: true };
      const form = {
        operation,
        paths: [],
        tree: "HEAD",
        alsoIndex: true,
        alsoUntracked: !/update|reset|checkout|switch/.test(operation),
      };
      return gitEffect("delete", operation, path, weighChanges(inside, form));
    }),
  );
}

function chosenOf(git: GitCall, named: readonly string[]): readonly string[] | undefined {
  const chosen = named.map((word) => resolvePath(git, git.world, word));
  return findSubmodules(git)?.filter(
    (path) => chosen.length === 0 || chosen.some((word) => word === path || isAbove(word, path)),
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
