import { join } from "node:path/posix";
import { many, showAge } from "../model/amount.js";
import type { GitEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { type Lost, wholeOf } from "../readers/git/call.js";
import { git } from "../readers/git/git.js";
import { type Finding, failed, found, type Gather } from "./previewer.js";

/** The commits and the files behind git's effects, of which their words name the first few: the call is read once more. */
export const gatherGit: Gather = async ({ effects, call, world }) => {
  const now = world.now?.() ?? Date.now();
  const read = git.read(call, world).effects.filter((effect) => effect.resource === "git");
  return effects.flatMap(({ at, effect }): readonly Finding[] => {
    if (effect.resource !== "git") return [];
    const same = read.find((one) => one.operation === effect.operation && one.target === effect.target);
    const lost = same === undefined ? undefined : wholeOf(same);
    if (lost === undefined) return [failed(at, "git did not say which commits or files it would be")];
    const { commits = [], files = [] } = lost;
    return [
      found(at, [
        ...commitRows(commits, effect, now),
        ...fileRows(files, effect, world, now),
        ...seenRow(effect, world, now),
      ]),
    ];
  });
};

function commitRows(
  commits: NonNullable<Lost["commits"]>,
  effect: GitEffect,
  now: number,
): readonly string[] {
  const [newest] = commits;
  const oldest = commits.at(-1);
  if (newest === undefined || oldest === undefined) return [];
  const age = (one: typeof newest) => showAge(one.time * 1000, now);
  const span = `the newest made ${age(newest)}, the oldest ${age(oldest)}`;
  const kind = effect.operation.startsWith("stash") ? ["stash", "stashes"] : ["commit", "commits"];
  const amount =
    commits.length < mostKnown
      ? many(commits.length, kind[0] ?? "", kind[1])
      : `${mostKnown} commits or more`;
  const named = commits.slice(0, mostNamed).map((one) => `${one.id} ${one.subject}, ${age(one)}`);
  const more = commits.length > mostNamed ? [`and ${commits.length - mostNamed} more`] : [];
  const head = commits.length === 1 ? [] : [`${amount}, ${span}`];
  return [...head, ...named, ...more, ...wayBack(effect, newest.id)];
}

/** Nobody collects garbage within two weeks, unless the very command is about that. */
function wayBack({ operation, remote }: GitEffect, id: string): readonly string[] {
  if (/reflog|gc|prune|repack|filter|lfs/.test(operation)) return [];
  const command = operation.startsWith("stash") ? `git stash store ${id}` : `git branch rescue ${id}`;
  const where = remote ? "the commits stay in this repository" : "the commits stay";
  return [`${where} until git collects its garbage (about two weeks): ${command}`];
}

function fileRows(files: readonly string[], effect: GitEffect, world: World, now: number): readonly string[] {
  if (files.length === 0) return [];
  const top = world.git.repository(effect.target)?.top ?? effect.target;
  const stats = files.slice(0, mostLooked).flatMap((file) => {
    const stat = world.lstat(join(top, file));
    return stat.exists ? [{ file, modified: stat.modified }] : [];
  });
  const newest = stats.toSorted((a, b) => b.modified - a.modified)[0];
  const more = files.length > mostFiles ? ` and ${files.length - mostFiles} more` : "";
  return [
    // The effect names three itself.
    ...(files.length <= 3
      ? []
      : [
          `${many(files.length, "file")} with uncommitted work: ${files.slice(0, mostFiles).join(", ")}${more}`,
        ]),
    ...(newest === undefined ? [] : [`changed last: ${newest.file}, ${showAge(newest.modified, now)}`]),
  ];
}

/** What a remote has is known as it was last seen. */
function seenRow(
  { remote, target }: GitEffect,
  { git: view, lstat, session }: World,
  now: number,
): readonly string[] {
  if (!remote) return [];
  const gitDir = view.repository(session.workspace)?.gitDir;
  const files =
    gitDir === undefined
      ? []
      : ["FETCH_HEAD", `refs/remotes/${target}`, `logs/refs/remotes/${target}`].map((name) =>
          join(gitDir, name),
        );
  const times = files.flatMap((file) => {
    const stat = lstat(file);
    return stat.exists ? [stat.modified] : [];
  });
  return times.length === 0
    ? []
    : [`as the remote was last seen, ${showAge(Math.max(...times), now)}: others may have pushed since`];
}

const mostKnown = 1000;
const mostNamed = 8;
const mostFiles = 10;
const mostLooked = 500;
