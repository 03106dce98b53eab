import { isKnown } from "../../model/arg.js";
import { manifestName } from "../../model/manifest-name.js";
import { modification } from "../file-effects.js";
import { patchedManifests, patchOnStdin } from "../files/patch-names.js";
import { readText } from "../files/text-file.js";
import { isWithin, joinPath, parentOf, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import { askStore, type GitCall, linesOf, topOf } from "./call.js";
import { covers, differs, isOther, isTracked, type Manifest } from "./manifest-content.js";

/**
 * Scope manifests that git would write anew: those from the folder it works in up to the top of the work tree. A person's
 * next session begins with what lies there then.
 */
export function readManifests(git: GitCall): Reading {
  if (git.name === "apply" || git.name === "am") return readPatches(git);
  const changes = verbs.get(git.name);
  if (changes === undefined) return nothing;
  const words = readWords(git);
  const below = git.name === "rm" || git.name === "mv" ? manifestsBelow(git, words) : [];
  const changed = [...manifestsAround(git), ...below].filter((manifest) => changes(git, manifest, words));
  return effects(
    ...changed.map(({ path }) => ({
      ...modification("git", path),
      recovery: "git" as const,
      because: `git ${git.name} gives it another content`,
    })),
  );
}

interface Words {
  readonly options: readonly string[];
  /** Before a `--`. */
  readonly operands: readonly string[];
  /** Behind it; undefined: there is none. */
  readonly paths: readonly string[] | undefined;
}

const verbs: ReadonlyMap<string, (git: GitCall, manifest: Manifest, words: Words) => boolean> = new Map([
  ["checkout", isCheckedOut],
  ["switch", isCheckedOut],
  ["restore", isRestored],
  ["reset", isReset],
  ["stash", isStashed],
  ["merge", (git, manifest, { operands }) => operands.some((tree) => isMerged(git, manifest, tree))],
  ["rebase", (git, manifest, { operands }) => operands.some((tree) => isMerged(git, manifest, tree))],
  ["pull", (git, manifest, { operands }) => isMerged(git, manifest, operands[1] ?? "@{u}")],
  ["cherry-pick", isPicked],
  ["revert", isPicked],
  ["rm", (git, manifest, words) => !words.options.includes("--cached") && isNamed(git, manifest, words)],
  ["mv", isNamed],
  ["merge-file", isMergedInto],
  ["read-tree", isReadIn],
  ["checkout-index", isWrittenOut],
  ["sparse-checkout", isLeftOut],
  ["bisect", isBisected],
  [
    "clean",
    (git, manifest, { options }) =>
      !options.some((word) => /^-\w*n|^--dry-run$/.test(word)) && !isTracked(git, manifest),
  ],
]);

function manifestsAround(git: GitCall): readonly Manifest[] {
  if (!isKnown(git.cwd) || !git.asks) return [];
  const top = topOf(git);
  const found: Manifest[] = [];
  const start = git.world.realpath(git.cwd);
  for (let folder = start; isWithin(folder, top); folder = parentOf(folder)) {
    const path = joinPath(folder, manifestName);
    if (git.world.lstat(path).exists) found.push({ path, name: path.slice(top.length + 1) });
    if (folder === top || folder === "/") break;
  }
  return found;
}

/** In folders that a command names, as far as git tracks them. */
function manifestsBelow(git: GitCall, { operands, paths = [] }: Words): readonly Manifest[] {
  const top = topOf(git);
  return [...operands, ...paths].flatMap((word) => {
    const path = resolvePath(git, git.world, word);
    if (path === undefined || !isKnown(path) || path === top || !isWithin(path, top)) return [];
    const tracked = git.world.git.tracked(top, path.slice(top.length + 1));
    if ("reason" in tracked) return [];
    return [...tracked.keys()]
      .filter((name) => name.endsWith(`/${manifestName}`))
      .map((name) => ({ path: joinPath(top, name), name }));
  });
}

function readWords({ words }: GitCall): Words {
  const marker = words.indexOf("--");
  const front = marker < 0 ? words : words.slice(0, marker);
  return {
    options: front.filter((word) => word.startsWith("-")),
    operands: front.filter((word) => !word.startsWith("-")),
    paths: marker < 0 ? undefined : words.slice(marker + 1),
  };
}

function isCheckedOut(git: GitCall, manifest: Manifest, { options, operands, paths }: Words): boolean {
  const makes = options.some((word) => /^(-[bBcC]|--create|--force-create|--orphan)$/.test(word));
  const [first, ...rest] = makes ? operands.slice(1) : operands;
  const tree = first === undefined ? undefined : first === "-" ? "@{-1}" : treeOf(git, first);
  const named = tree === undefined && first !== undefined ? operands : rest;
  const chosen = [...named, ...(paths ?? [])];
  if (!makes && chosen.length > 0) return covers(git, chosen, manifest) && differs(git, tree ?? "", manifest);
  const isForced = options.some((word) => /^(-\w*f\w*|--force|--discard-changes)$/.test(word));
  if (tree === undefined) return isForced && differs(git, "HEAD", manifest);
  return differs(git, tree, manifest) && (isForced || isOther(git, "HEAD", tree, manifest));
}

/** A branch that only the remote has is made from there. */
function treeOf(git: GitCall, name: string): string | undefined {
  return [name, `origin/${name}`].find(
    (one) => askStore(git, "rev-parse", "--verify", "--quiet", `${one}^{tree}`) !== undefined,
  );
}

function isRestored(git: GitCall, manifest: Manifest, { options, operands, paths = [] }: Words): boolean {
  const isIndexOnly =
    options.some((word) => /^(-S|--staged)$/.test(word)) &&
    !options.some((word) => /^(-W|--worktree)$/.test(word));
  if (isIndexOnly) return false;
  const attached = options.find((word) => word.startsWith("--source="))?.slice("--source=".length);
  const [, short] = /^-s(.+)$/.exec(options.find((word) => /^-s./.test(word)) ?? "") ?? [];
  const apart = options.some((word) => /^(-s|--source)$/.test(word));
  const tree = attached ?? short ?? (apart ? operands[0] : undefined);
  return covers(git, [...operands, ...paths], manifest) && differs(git, tree ?? "", manifest);
}

function isReset(git: GitCall, manifest: Manifest, { options, operands }: Words): boolean {
  if (!options.some((word) => /^--(hard|keep|merge)$/.test(word))) return false;
  return differs(git, operands[0] ?? "HEAD", manifest);
}

function isStashed(git: GitCall, manifest: Manifest, { options, operands }: Words): boolean {
  const [verb = "push", name = "0"] = operands;
  if (verb === "push" || verb === "save") {
    const takesNew = options.some((word) => /^(-\w*[ua]\w*|--include-untracked|--all)$/.test(word));
    return isTracked(git, manifest) ? differs(git, "HEAD", manifest) : takesNew;
  }
  if (verb !== "pop" && verb !== "apply" && verb !== "branch") return false;
  const which = verb === "branch" ? (operands[2] ?? "0") : name;
  const stash = /^\d+$/.test(which) ? `stash@{${which}}` : which;
  return isOther(git, `${stash}^1`, stash, manifest);
}

/** Only what the other side has changed since both were one. */
function isMerged(git: GitCall, manifest: Manifest, name: string): boolean {
  const tree = treeOf(git, name);
  if (tree === undefined || !differs(git, tree, manifest)) return false;
  const base = askStore(git, "merge-base", "HEAD", tree)?.trim();
  return base === undefined || base === "" || isOther(git, base, tree, manifest);
}

function isPicked(git: GitCall, manifest: Manifest, { operands }: Words): boolean {
  return operands.some((commit) => isOther(git, `${commit}^`, commit, manifest));
}

/** `merge-file MINE BASE THEIRS` writes over the first. */
function isMergedInto(git: GitCall, manifest: Manifest, { options, operands }: Words): boolean {
  const isShown = options.some((word) => /^(-p|--stdout)$/.test(word));
  const mine = options.includes("-L") ? operands : operands.slice(0, 1);
  return !isShown && covers(git, mine, manifest);
}

function isReadIn(git: GitCall, manifest: Manifest, { options, operands }: Words): boolean {
  const writes =
    options.some((word) => /^-\w*u/.test(word)) && !options.some((word) => /^(-n|--dry-run)$/.test(word));
  return (
    writes && operands.some((tree) => differs(git, tree, manifest) && isOther(git, "HEAD", tree, manifest))
  );
}

/** The index may hold what no commit does: `update-index --cacheinfo`. */
function isWrittenOut(git: GitCall, manifest: Manifest, { options, operands, paths = [] }: Words): boolean {
  if (options.some((word) => /^--(temp|prefix=)/.test(word))) return false;
  const isAll = options.some((word) => /^(-\w*a\w*|--all|--stdin)$/.test(word));
  return (isAll || covers(git, [...operands, ...paths], manifest)) && differs(git, "", manifest);
}

/** Of a cone the files at the top stay; patterns leave out what they do not name. */
function isLeftOut(git: GitCall, manifest: Manifest, { options, operands }: Words): boolean {
  const [verb = "", ...folders] = operands;
  if (!/^(set|add|init)$/.test(verb) || !isTracked(git, manifest)) return false;
  if (options.includes("--stdin")) return true;
  if (options.includes("--no-cone")) return !folders.some((one) => one.replace(/^\//, "") === manifest.name);
  const folder = parentOf(manifest.name);
  return folder !== "." && !folders.some((one) => isWithin(folder, one));
}

/** It goes to a commit between those that are known good and bad. */
function isBisected(git: GitCall, manifest: Manifest, { operands: [verb = "", ...named] }: Words): boolean {
  if (/^(log|view|visualize|terms|help)$/.test(verb)) return false;
  const marked = linesOf(askStore(git, "for-each-ref", "--format=%(refname)", "refs/bisect") ?? "");
  const tips = [...named, ...marked];
  return tips.some((tip) => treeOf(git, tip) !== undefined && isOther(git, "HEAD", tip, manifest));
}

function isNamed(git: GitCall, manifest: Manifest, { operands, paths = [] }: Words): boolean {
  return covers(git, [...operands, ...paths], manifest);
}

function readPatches(git: GitCall): Reading {
  const { call, world, cwd } = git;
  const { options, operands, paths = [] } = readWords(git);
  if (options.some((word) => /^--(check|stat|numstat|summary|cached)$/.test(word))) return nothing;
  const at = { ...call, cwd };
  const files = [...operands, ...paths];
  const texts =
    files.length === 0 || files.includes("-")
      ? [patchOnStdin(at, world)]
      : files.map((file) => readText(at, world, file));
  return effects(...patchedManifests("git", at, texts));
}
