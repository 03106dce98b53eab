import { isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import { creation } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import {
  askGit,
  type GitCall,
  gitEffect,
  headRef,
  isOn,
  linesOf,
  lossless,
  readGitOptions,
  storePath,
  topOf,
} from "./call.js";
import { lossOf } from "./changes.js";
import { weighCommits } from "./commits.js";
import { deletePaths } from "./files.js";
import { withoutKept } from "./kept.js";
import { declareGit } from "./options.js";
import { stagedOnly } from "./staged.js";

const options = declareGit(["-f --force", "-v --verbose"]);

/** Linked work trees. Without `--force`, git refuses to remove one that has changes or untracked files. */
export function readWorktree(git: GitCall): Reading {
  const [verb, ...words] = git.words;
  if (verb === "prune") return readPrune(git, words);
  if (verb === "add" || verb === "move") return readNewTree(git, verb, words);
  const given = verb === "remove" ? readGitOptions(git, options, words) : undefined;
  const folder = given?.operands.find(isKnown);
  if (given === undefined || folder === undefined) return nothing;
  const path = resolvePath(git, git.world, folder);
  if (path === undefined || !isKnown(path)) return nothing;
  const { world } = git;
  const pointer = world.lstat(joinPath(path, ".git"));
  // No work tree: git refuses, or clears away what is known of one that is gone.
  if (!pointer.exists) return leaveGone(git, "worktree remove", (tree) => tree === path);
  const tree: GitCall = { ...git, cwd: path, store: path, asks: true };
  const isNew = pointer.born > 0 && pointer.born >= world.session.startedAt;
  const operation = isForced(git, isOn(given, "force")) ? "worktree remove --force" : "worktree remove";
  const files = operation === "worktree remove" || isNew ? lossless : weighFiles(tree);
  const ignored = isNew ? [] : ignoredIn(tree, git);
  const commits =
    headRef(tree) === "HEAD" ? weighCommits(tree, { tips: ["HEAD"], doomed: ["HEAD"], kept: [] }) : lossless;
  return effects(
    ...(operation === "worktree remove" ? [] : [gitEffect("delete", operation, path, files)]),
    ...(commits.recovery === "needless" ? [] : [gitEffect("modify", operation, path, commits)]),
    ...deletePaths(tree, operation, ignored),
  );
}

const addOptions = declareGit([
  ...["-b:", "-B:", "--reason:", "-f --force", "-d --detach", "-q --quiet", "--lock"],
  ...["checkout", "guess-remote", "track", "orphan", "relative-paths"].map((one) => `--${one}`),
]);

/** `add FOLDER`, `move TREE FOLDER`: where the folder comes to be matters, should it be the guard's. */
function readNewTree(git: GitCall, verb: string, words: readonly string[]): Reading {
  const operands = readGitOptions(git, addOptions, words)?.operands.filter(isKnown) ?? [];
  const folder = verb === "add" ? operands[0] : operands[1];
  const path = folder === undefined ? undefined : resolvePath(git, git.world, folder);
  return path === undefined || !isKnown(path) ? nothing : effects(creation("git", path));
}

const pruneOptions = declareGit(["-n --dry-run", "-v --verbose", "--expire:"]);

function readPrune(git: GitCall, words: readonly string[]): Reading {
  const given = readGitOptions(git, pruneOptions, words);
  if (given === undefined || isOn(given, "dry-run")) return nothing;
  return leaveGone(git, "worktree prune", () => true);
}

/** Of a work tree whose folder is gone, or was moved by hand, its HEAD is left: it may be all that reaches a commit. */
function leaveGone(git: GitCall, operation: string, isMeant: (tree: string) => boolean): Reading {
  const { world } = git;
  const folder = storePath(git, "worktrees");
  const listed = folder === undefined ? undefined : world.readdir(folder, 200);
  if (folder === undefined || listed?.ok !== true) return nothing;
  const gone = listed.names.filter((name) => {
    const pointer = textOf(git, `${folder}/${name}/gitdir`);
    if (pointer === undefined || world.lstat(`${folder}/${name}/locked`).exists) return false;
    return !world.lstat(pointer).exists && isMeant(pointer.replace(/\/\.git$/, ""));
  });
  const heads = gone.flatMap((name) => {
    const id = textOf(git, `${folder}/${name}/HEAD`);
    return id !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? [{ name, id }] : [];
  });
  return effects(
    ...heads.flatMap(({ name, id }) => {
      const loss = weighCommits(git, { tips: [id], doomed: [`worktrees/${name}/HEAD`], kept: [] });
      return loss.recovery === "needless" ? [] : [gitEffect("modify", operation, name, loss)];
    }),
  );
}

function textOf(git: GitCall, path: string): string | undefined {
  const file = git.world.readFile(path, 4096);
  return file.ok ? decodeBytes(file.bytes).trim() : undefined;
}

function isForced({ words }: GitCall, isSaid: boolean): boolean {
  // A cluster of letters that this git does not know may be known to another.
  const end = words.indexOf("--");
  return isSaid || words.slice(0, end < 0 ? undefined : end).some((word) => /^-\w*f\w*$/.test(word));
}

function weighFiles(tree: GitCall) {
  const out = askGit(tree, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all");
  if (out === undefined) return lossOf(undefined);
  const entries = linesOf(out, "\0").map((line) => ({ state: line.slice(0, 2), path: line.slice(3) }));
  const untracked = entries.filter(({ state }) => state === "??").map(({ path }) => path);
  const changed = entries
    .filter(({ state, path }) => state !== "??" && tree.world.lstat(joinPath(String(tree.cwd), path)).exists)
    .map(({ path }) => path);
  const changes = entries.map(({ state, path }) => ({
    staged: state.charAt(0),
    unstaged: state.charAt(1),
    path,
  }));
  return lossOf([...withoutKept(tree, changed, {}), ...untracked, ...stagedOnly(tree, changes)]);
}

/** Largest that is compared. */
const largest = 1 << 20;

/** Ignored files go without a word, force or not. A copy of what lies at the same place of this work tree is none. */
function ignoredIn(tree: GitCall, git: GitCall): readonly string[] {
  const options = ["--others", "--ignored", "--exclude-standard", "--directory", "--full-name", "-z"];
  const out = askGit(tree, "ls-files", ...options) ?? "";
  return linesOf(out, "\0").filter(
    (path) => !isCopy(git, joinPath(topOf(tree), path), joinPath(topOf(git), path)),
  );
}

function isCopy({ world }: GitCall, path: string, other: string): boolean {
  const [one, two] = [path, other].map((name) => world.readFile(name, largest));
  if (one?.ok !== true || two?.ok !== true || !one.complete || !two.complete) return false;
  return world.git.blobId(one.bytes) === world.git.blobId(two.bytes);
}
