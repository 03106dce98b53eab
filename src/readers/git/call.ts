import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import { type Action, type GitEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { type Options, type OptionTable, readOptions } from "../options.js";
import { joinPath } from "../path.js";

/** One git command, its global options taken off. */
export interface GitCall {
  readonly call: Call;
  readonly world: World;
  /** Where it would work: the call's directory, or what `-C` made of it. */
  readonly cwd: string | Unknown;
  /** False when `--work-tree` and the like point elsewhere: then no question about files is about the right ones. */
  readonly asks: boolean;
  /** The folder where questions about refs and commits are asked; undefined when it is not known. */
  readonly store: string | undefined;
  readonly settings: readonly Setting[];
  readonly name: string;
  /** What stands behind the subcommand's name; all known, or the call is left to its shim. */
  readonly words: readonly string[];
}

export interface Setting {
  /** Lower case. */
  readonly key: string;
  readonly value: string;
}

export type GitLoss = Pick<GitEffect, "recovery" | "because"> &
  Partial<Pick<GitEffect, "extent">> & { readonly whole?: Lost };

/** All of it, where an effect's words name the first few. */
export interface Lost {
  /** Of the commits their times (seconds since the epoch), short ids and subjects, the newest first; at most a thousand. */
  readonly commits?: readonly { readonly time: number; readonly id: string; readonly subject: string }[];
  /** Relative to the top of the work tree. */
  readonly files?: readonly string[];
}

export const lossless: GitLoss = { recovery: "needless", because: "" };

export function gitEffect(
  action: Action,
  operation: string,
  target: string,
  loss: GitLoss,
  remote = false,
): GitEffect {
  const { whole, ...known } = loss;
  const effect: GitEffect = {
    ...plainEffect("git", action, target),
    resource: "git",
    operation,
    remote,
    ...known,
  };
  if (whole !== undefined) wholes.set(effect, whole);
  return effect;
}

/** Of an effect as the reader made it: whoever asks reads the call once more, so that no record carries a thousand names. */
export function wholeOf(effect: GitEffect): Lost | undefined {
  return wholes.get(effect);
}

/** The same effect with more said of it. */
export function withMore(effect: GitEffect, more: Partial<GitEffect>): GitEffect {
  const fuller: GitEffect = { ...effect, ...more };
  const whole = wholes.get(effect);
  if (whole !== undefined) wholes.set(fuller, whole);
  return fuller;
}

const wholes = new WeakMap<GitEffect, Lost>();

/** Git's answer about files; undefined when there is none, or it would be about another work tree. */
export function askGit(git: GitCall, ...args: readonly string[]): string | undefined {
  return git.asks && isKnown(git.cwd) ? query(git, git.cwd, args) : undefined;
}

/** Git's answer about refs and commits. */
export function askStore(git: GitCall, ...args: readonly string[]): string | undefined {
  return git.store === undefined ? undefined : query(git, git.store, args);
}

function query({ world }: GitCall, cwd: string, args: readonly string[]): string | undefined {
  const answer = world.git.query(cwd, args);
  return answer.ok ? answer.out : undefined;
}

/** Lines of an answer, the empty ones left out; `\0` where `-z` was asked for. */
export function linesOf(out: string, separator = "\n"): readonly string[] {
  return out.split(separator).filter((line) => line !== "");
}

/** Top of the work tree, or the directory where one should be. */
export function topOf(git: GitCall): string {
  if (!isKnown(git.cwd)) return git.cwd.source;
  return git.world.git.repository(git.cwd)?.top ?? git.cwd;
}

/** A file in the git directory of this work tree: `HEAD`, `MERGE_HEAD`. */
export function gitPath(git: GitCall, name: string): string | undefined {
  const gitDir = isKnown(git.cwd) && git.asks ? git.world.git.repository(git.cwd)?.gitDir : undefined;
  return gitDir === undefined ? undefined : joinPath(gitDir, name);
}

/** A file in the git directory that linked work trees share: `config`, `refs/…`. */
export function storePath(git: GitCall, name: string): string | undefined {
  return gitPath(git, name)?.replace(/\/worktrees\/[^/]+(?=\/)/, "");
}

/** The repository's configuration as it stands there, read before git is asked: push and fetch are daily work. */
export function configText(git: GitCall): string {
  const path = storePath(git, "config");
  const file = path === undefined ? undefined : git.world.readFile(path, 1 << 18);
  return file?.ok === true ? decodeBytes(file.bytes) : "";
}

/** The branch that is checked out, as a full ref; "HEAD" when it is detached, undefined when that cannot be read. */
export function headRef(git: GitCall): string | undefined {
  const path = gitPath(git, "HEAD");
  const file = path === undefined ? undefined : git.world.readFile(path, 4096);
  if (file?.ok === true) {
    const text = decodeBytes(file.bytes);
    const [, ref] = /^ref: (\S+)/.exec(text) ?? [];
    if (ref !== undefined || /^[0-9a-f]{40,64}\s*$/.test(text)) return ref ?? "HEAD";
  }
  return askStore(git, "rev-parse", "--symbolic-full-name", "HEAD")?.trim() || undefined;
}

export function knownWords(words: readonly Arg[]): readonly string[] {
  return words.filter(isKnown);
}

/** Where there is no repository git fails; where one may be made by then, a shim looks again. */
export function isRepository(git: GitCall): boolean {
  if (!git.asks || !isKnown(git.cwd) || git.call.sight === "never") return true;
  return git.world.git.repository(git.cwd) !== undefined;
}

/** A name that git can turn into an object. */
export function isRevision(git: GitCall, name: string): boolean {
  return !name.startsWith("-") && askStore(git, "rev-parse", "--verify", "--quiet", name) !== undefined;
}

/** Tells "there is no such thing" from "git does not say". */
export function hasAnswers(git: GitCall): boolean {
  return askStore(git, "rev-parse", "--git-dir") !== undefined;
}

/** There is no such commit: git refuses. Where one may be made by then, a shim looks again. */
export function isMissing(git: GitCall, name: string): boolean {
  return git.call.sight !== "never" && !isRevision(git, name) && hasAnswers(git);
}

/** The options of a subcommand; undefined when one of them makes git explain itself and do nothing. */
export function readGitOptions(
  git: GitCall,
  table: OptionTable,
  words: readonly string[] = git.words,
): Options | undefined {
  const given = readOptions(words, table);
  return given.given.some(({ name }) => name === "help") ? undefined : given;
}

/** Whether an option holds: the last of `--force` and `--no-force` counts. */
export function isOn(options: Options, ...names: readonly string[]): boolean {
  const last = options.given.findLast(({ name }) => names.includes(name.replace(/^no-/, "")));
  return last !== undefined && names.includes(last.name);
}

/** The value of a setting that this call brings along. */
export function settingOf(git: GitCall, key: string): string | undefined {
  return git.settings.findLast((setting) => setting.key === key)?.value;
}
