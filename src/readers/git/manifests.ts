import { isKnown } from "../../model/arg.js";
import { manifestName } from "../../model/manifest-name.js";
import { modification } from "../file-effects.js";
import { patchedManifests, patchOnStdin } from "../files/patch-names.js";
import { readText } from "../files/text-file.js";
import { isWithin, joinPath, parentOf, resolvePath } from "../path.js";
import { effects, nothing, type Reading } from "../reader.js";
import { askStore, type GitCall, topOf } from "./call.js";

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

interface Manifest {
  /** Absolute. */
  readonly path: string;
  /** From the top. */
  readonly name: string;
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
  if (verb !== "pop" && verb !== "apply") return false;
  const stash = /^\d+$/.test(name) ? `stash@{${name}}` : name;
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

function isNamed(git: GitCall, manifest: Manifest, { operands, paths = [] }: Words): boolean {
  return covers(git, [...operands, ...paths], manifest);
}

/** A pathspec with anything special in it may cover anything. */
function covers(git: GitCall, pathspecs: readonly string[], { path }: Manifest): boolean {
  return pathspecs.some((spec) => {
    if (/^:|[*?[]/.test(spec)) return true;
    const named = resolvePath(git, git.world, spec);
    return named !== undefined && isKnown(named) && isWithin(path, git.world.realpath(named));
  });
}

/** Whether a tree, or with "" the index, has another content than the file; what it does not know, git deletes or leaves. */
function differs(git: GitCall, tree: string, manifest: Manifest): boolean {
  const id = idIn(git, tree, manifest);
  if (id === undefined) return tree !== "" && idIn(git, "HEAD", manifest) !== undefined;
  const file = git.world.readFile(manifest.path, 1 << 20);
  return !file.ok || git.world.git.blobId(file.bytes, id.length === 64 ? "sha256" : "sha1") !== id;
}

function isTracked(git: GitCall, { name }: Manifest): boolean {
  const tracked = git.world.git.tracked(topOf(git), name);
  return !("reason" in tracked) && tracked.has(name);
}

function isOther(git: GitCall, one: string, other: string, manifest: Manifest): boolean {
  return idIn(git, one, manifest) !== idIn(git, other, manifest);
}

function idIn(git: GitCall, tree: string, { name }: Manifest): string | undefined {
  return askStore(git, "rev-parse", "--verify", "--quiet", `${tree}:${name}`)?.trim() || undefined;
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
