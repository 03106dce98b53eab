import { dirname, join, resolve } from "node:path/posix";
import { decodeBytes, encodeBytes } from "../model/bytes.js";
import { lstat, readdir, readFile, realpath } from "./file-system.js";
import type { Git } from "./git-process.js";
import {
  compareWithSnapshot,
  type IgnoreSnapshot,
  identify,
  type Standing,
  takeSnapshot,
} from "./ignore-source.js";
import type { Tracked } from "./index-entries.js";
import { findRepository, type Repository, repositoryAt } from "./repository.js";

export interface IgnoreOptions {
  readonly git: Git;
  readonly startedAt: number;
  readonly workspace: string;
  readonly home: string;
  /** The session began before this: what the files say now proves nothing, and a setting may name others since. */
  readonly isLate?: boolean;
  readonly tracked: (top: string, relative: string) => Tracked;
}

/**
 * Answers by the ignore rules as they were when this was opened. Git says which line of which file decides; the line
 * counts only if it stood then, and if nothing that could have overruled it was taken away since.
 */
export function openIgnores(
  options: IgnoreOptions,
): (top: string, relative: string, isDirectory: boolean) => boolean {
  const start = rememberStart(options);
  const folders = new Map<string, Folder>();
  return (top, relative, isDirectory) => {
    const repository = repositoryAt(top);
    if (repository === undefined || relative === "") return false;
    const sources = listSources(repository, relative, start.excludesFile);
    const stamp = stampOf(repository, sources, options.home);
    const key = join(top, dirname(relative));
    let folder = folders.get(key);
    if (folder === undefined || folder.stamp !== stamp) {
      folder = { stamp, answers: new Map() };
      if (folders.size > 2000) folders.clear();
      folders.set(key, folder);
    }
    let answer = folder.answers.get(relative);
    if (answer === undefined) {
      // Ever new names in one folder: temporary files.
      if (folder.answers.size > 10_000) folder.answers.clear();
      const stood = createStanding(repository, start.snapshots, options);
      const placeOf = createPlaces(top, sources);
      for (const match of askGit(options.git, top, relative, isDirectory))
        folder.answers.set(match.path, match.isIgnored && stoodAtStart(match, sources, placeOf, stood));
      answer = folder.answers.get(relative) ?? false;
      folder.answers.set(relative, answer);
    }
    return answer;
  };
}

interface Folder {
  /** State of all that decides about the entries of this folder. */
  readonly stamp: string;
  readonly answers: Map<string, boolean>;
}

interface Start {
  readonly snapshots: ReadonlyMap<string, IgnoreSnapshot>;
  readonly excludesFile: string;
}

function rememberStart({ git, workspace, home, isLate }: IgnoreOptions): Start {
  const excludesFile = join(home, ".config/git/ignore");
  const repository = findRepository(workspace);
  if (repository === undefined || isLate === true) return { snapshots: new Map(), excludesFile };
  const set = mayBeSet(repository, home) ? askExcludesFile(git, repository) : undefined;
  const excludes = set ? resolve(repository.top, set) : excludesFile;
  const paths = [excludes, join(repository.commonDir, "info/exclude"), join(repository.top, ".gitignore")];
  const snapshots = new Map<string, IgnoreSnapshot>();
  for (const path of paths) {
    const snapshot = takeSnapshot(path);
    if (snapshot !== undefined) snapshots.set(path, snapshot);
  }
  return { snapshots, excludesFile: excludes };
}

function askExcludesFile(git: Git, { top }: Repository): string | undefined {
  const asked = git({ cwd: top, args: ["config", "-z", "--type=path", "--get", "core.excludesFile"] });
  return asked.ok ? decodeBytes(asked.out).split("\0")[0] : undefined;
}

/**
 * Whether one of git's settings may name a file of rules, or another file of settings. Few do, and git is dear to ask at a
 * start. A system's settings in a place not looked at here make its ignored files count as not ignored, no worse.
 */
function mayBeSet(repository: Repository, home: string): boolean {
  return [
    ...settingsOf(repository, home),
    "/etc/gitconfig",
    "/usr/local/etc/gitconfig",
    "/opt/homebrew/etc/gitconfig",
  ]
    .filter((path) => lstat(path).exists)
    .some((path) => {
      const file = readFile(path, 1 << 20);
      return (
        !file.ok || !file.complete || /excludesfile|include/i.test(Buffer.from(file.bytes).toString("latin1"))
      );
    });
}

function settingsOf({ gitDir, commonDir }: Repository, home: string): readonly string[] {
  return [
    join(commonDir, "config"),
    join(gitDir, "config.worktree"),
    join(home, ".gitconfig"),
    join(home, ".config/git/config"),
  ];
}

/** All files whose rules can speak of a path, the weakest first. */
function listSources(
  { top, commonDir }: Repository,
  relative: string,
  excludesFile: string,
): readonly string[] {
  const sources = [excludesFile, join(commonDir, "info/exclude"), join(top, ".gitignore")];
  const folders = relative.split("/").slice(0, -1);
  return [...sources, ...folders.map((_, at) => join(top, ...folders.slice(0, at + 1), ".gitignore"))];
}

function stampOf(repository: Repository, sources: readonly string[], home: string): string {
  return [...settingsOf(repository, home), ...sources]
    .map((path) => Object.values(identify(path)).join(":"))
    .join(" ");
}

interface Match {
  readonly path: string;
  readonly isIgnored: boolean;
  readonly source: string;
  readonly line: number;
}

/** The deciding rule for a path and, in the same breath, for its neighbours: `rm *.o` asks about each of them in turn. */
function askGit(git: Git, top: string, relative: string, isDirectory: boolean): readonly Match[] {
  const folder = dirname(relative);
  const listing = readdir(join(top, folder), 2000);
  const names = listing.ok ? listing.names.filter((name) => name !== ".git") : [];
  // A folder that is not there cannot show git that it is one.
  const own = isDirectory && !lstat(join(top, relative)).exists ? `${relative}/` : relative;
  const paths = new Set([own, ...names.map((name) => (folder === "." ? name : `${folder}/${name}`))]);
  const matches = checkIgnore(git, top, [...paths]) ?? checkIgnore(git, top, [own]) ?? [];
  return matches.map((match) => (match.path === own ? { ...match, path: relative } : match));
}

function checkIgnore(git: Git, top: string, paths: readonly string[]): readonly Match[] | undefined {
  const asked = git({
    cwd: top,
    args: ["check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"],
    workTree: top,
    input: Buffer.concat(paths.map((path) => encodeBytes(`./${path}\0`))),
    statuses: [0, 1],
  });
  if (!asked.ok) return undefined;
  const fields = splitAtNul(asked.out);
  const matches: Match[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = "", line = "", pattern = "", path = ""] = fields.slice(at, at + 4);
    // The "./" keeps a name like ":(top)x" from being a pattern.
    matches.push({
      path: path.slice(2),
      isIgnored: source !== "" && !pattern.startsWith("!"),
      source,
      line: Number(line),
    });
  }
  return matches;
}

function splitAtNul(bytes: Buffer): readonly string[] {
  return bytes
    .toString("latin1")
    .split("\0")
    .map((field) => (/[\x80-\xff]/.test(field) ? decodeBytes(Buffer.from(field, "latin1")) : field));
}

/** Whether the rule that matched stood at the start, and every stronger file still says at least what it said then. */
function stoodAtStart(
  match: Match,
  sources: readonly string[],
  placeOf: (source: string) => number,
  standingOf: (path: string) => Standing,
): boolean {
  const at = placeOf(match.source);
  const own = sources[at];
  // A file that git was only told of since (core.excludesFile) is in no list.
  if (own === undefined) return false;
  const standing = standingOf(own);
  if (standing.kind === "lost" || (standing.kind === "some" && !standing.lines.has(match.line))) return false;
  return sources.slice(at + 1).every((path) => standingOf(path).kind !== "lost");
}

/** Where in the list a file stands that git names in its own way; -1 when nowhere. */
function createPlaces(top: string, sources: readonly string[]): (source: string) => number {
  const real = sources.map(realpath);
  const known = new Map<string, number>();
  return (source) => {
    const at = known.get(source) ?? real.indexOf(realpath(resolve(top, source)));
    known.set(source, at);
    return at;
  };
}

function createStanding(
  { top }: Repository,
  snapshots: ReadonlyMap<string, IgnoreSnapshot>,
  { startedAt, tracked }: IgnoreOptions,
): (path: string) => Standing {
  const known = new Map<string, Standing>();
  const find = (path: string): Standing => {
    const snapshot = snapshots.get(path);
    if (snapshot !== undefined) return compareWithSnapshot(path, snapshot);
    const stat = lstat(path);
    if (stat.exists)
      return identify(path).changed < startedAt && !hasMoved(dirname(path))
        ? { kind: "all" }
        : { kind: "lost" };
    // Deleted in the session, perhaps along with a "!keep" that it held.
    const entries = path.startsWith(`${top}/`) ? tracked(top, path.slice(top.length + 1)) : new Map();
    return "reason" in entries || entries.size > 0 ? { kind: "lost" } : { kind: "all" };
  };
  const hasMoved = (folder: string): boolean => {
    const stat = lstat(folder);
    // Renaming a folder changes its inode and nothing below: the rules in it are old, their place is not.
    return stat.exists && folder !== top && stat.changed >= startedAt && stat.modified < startedAt;
  };
  return (path) => {
    const standing = known.get(path) ?? find(path);
    known.set(path, standing);
    return standing;
  };
}
