import { askStore, type GitCall, type GitLoss, linesOf, lossless } from "./call.js";

/** What a command does to refs. */
export interface Fate {
  /** Revisions whose commits some ref stops to reach. */
  readonly tips: readonly string[];
  /** Full names of the refs that go or move; globs, where a refspec names many. */
  readonly doomed: readonly string[];
  /** Revisions that some ref reaches afterwards. */
  readonly kept: readonly string[];
}

const cap = 1000;

/**
 * A ref is a name; lost are the commits that no other one reaches. The reflog is not counted, for nobody looks there who
 * does not know that something is gone; only what the session itself committed is left to it.
 */
export function weighCommits(git: GitCall, { tips, doomed, kept }: Fate): GitLoss {
  if (git.store === undefined)
    return { recovery: "unknown", because: "git cannot be asked about the repository that is meant" };
  const excluded = doomed.map((ref) => `--exclude=${ref}`);
  const range = [...tips, "--not", ...excluded, "--all", ...kept];
  const out = askStore(git, "rev-list", "--timestamp", "--oneline", `--max-count=${cap}`, ...range);
  if (out === undefined)
    return { recovery: "unknown", because: "git did not say which commits would be lost" };
  const commits = readCommits(out);
  if (commits.length === 0) return lossless;
  if (isOwnWork(git, commits, tips))
    return {
      recovery: "git",
      because: `${nameCommits(commits)}: made in this session, and still in the reflog`,
    };
  const holder = tips.length === 1 ? findContent(git, tips[0] ?? "", doomed) : undefined;
  if (holder !== undefined) return { recovery: "git", because: `${holder} has the same content` };
  return lostCommits(commits, "no other branch or tag reaches");
}

export interface Commit {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly id: string;
  readonly subject: string;
}

/** From `rev-list --timestamp --oneline`. */
export function readCommits(out: string): readonly Commit[] {
  return linesOf(out).map((line) => {
    const [, time = "0", id = line, subject = ""] = /^(\d+) (\w+) ?(.*)$/s.exec(line) ?? [];
    return { time: Number(time), id, subject };
  });
}

export function lostCommits(commits: readonly Commit[], because: string): GitLoss {
  const kind = commits.length < cap ? "exact" : "at-least";
  return {
    recovery: "none",
    because: `${because} ${nameCommits(commits)}`,
    extent: { kind, count: commits.length, unit: "commits" },
    whole: { commits },
  };
}

/** `1a2b3c4 Mend the login, 2b3c4d5 Test it and 4 more`. */
function nameCommits(commits: readonly Commit[]): string {
  const named = commits.slice(0, 3).map(({ id, subject }) => `${id} ${cut(subject)}`.trim());
  const more = commits.length > 3 ? ` and ${commits.length - 3} more` : "";
  return named.join(", ") + more;
}

function cut(subject: string): string {
  return subject.length > 60 ? `${subject.slice(0, 59)}…` : subject;
}

/** Undoing what the session itself committed costs nobody's work, as long as HEAD's reflog leads back. */
function isOwnWork(git: GitCall, commits: readonly Commit[], tips: readonly string[]): boolean {
  const start = Math.ceil(git.world.session.startedAt / 1000);
  if (commits.length >= cap || commits.some(({ time }) => time < start)) return false;
  const reflog = linesOf(askStore(git, "rev-list", "-g", "HEAD") ?? "");
  const ids = tips.flatMap((tip) =>
    linesOf(askStore(git, "rev-parse", "--verify", "--quiet", `${tip}^{commit}`) ?? "none"),
  );
  return ids.every((id) => reflog.includes(id));
}

const usualTrunks = [
  "heads/main",
  "heads/master",
  "remotes/origin/HEAD",
  "remotes/origin/main",
  "remotes/origin/master",
];

/**
 * A branch that was squashed or rebased into the trunk: other commits, the same content. Compared are the files that it
 * changed; the name of the trunk that has them as they are on the branch.
 */
export function findContent(git: GitCall, tip: string, doomed: readonly string[]): string | undefined {
  const format = "--format=%(objectname) %(refname)";
  const refs = usualTrunks.map((name) => `refs/${name}`).filter((ref) => !doomed.includes(ref));
  const trunks = new Map(
    linesOf(askStore(git, "for-each-ref", format, ...refs) ?? "").map((line): [string, string] => {
      const [id = "", name = ""] = line.split(" ");
      return [id, name];
    }),
  );
  for (const [id, name] of [...trunks].slice(0, 3)) if (hasContent(git, tip, id)) return name;
  return undefined;
}

const maxFiles = 200;

function hasContent(git: GitCall, tip: string, trunk: string): boolean {
  const base = askStore(git, "merge-base", trunk, tip)?.trim();
  if (!base) return false;
  const changed = changedPaths(git, base, tip);
  if (changed === undefined || changed.length === 0 || changed.length > maxFiles) return false;
  const differing = changedPaths(git, trunk, tip);
  if (differing === undefined) return false;
  const unlike = new Set(differing);
  return changed.every((path) => !unlike.has(path));
}

function changedPaths(git: GitCall, from: string, to: string): readonly string[] | undefined {
  const out = askStore(git, "diff-tree", "-r", "-z", "--name-only", "--no-renames", from, to);
  return out === undefined ? undefined : linesOf(out, "\0");
}
