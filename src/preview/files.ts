import { join, relative } from "node:path/posix";
import { setImmediate } from "node:timers/promises";
import { many, showAge, showBytes, showCount } from "../model/amount.js";
import type { FileEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { type Finding, failed, found, type Gather } from "./previewer.js";

/** What lies below the paths of file effects: to the end, as far as the time goes, where the judge stops after some thousand. */
export const gatherFiles: Gather = async ({ effects, world, signal, deadline }) => {
  const now = world.now?.() ?? Date.now();
  // Time for the last words.
  const until = deadline - 200;
  const findings: Finding[] = [];
  for (const { at, effect } of effects.slice(0, mostPaths)) {
    if (effect.resource !== "file" || signal.aborted) break;
    findings.push(await lookAt(at, effect, world, { now, until, signal }));
  }
  const rest = effects
    .slice(findings.length)
    .map(({ at }) => failed(at, "there are more paths than are looked at"));
  return [...findings, ...rest];
};

interface Time {
  readonly now: number;
  readonly until: number;
  readonly signal: AbortSignal;
}

async function lookAt(at: number, effect: FileEffect, world: World, time: Time): Promise<Finding> {
  const { target } = effect;
  const stat = world.lstat(target);
  if (!stat.exists)
    return failed(
      at,
      stat.reason === "missing" ? `"${target}" is not there` : `"${target}" cannot be looked at`,
    );
  const name = shortName(target, world);
  if (stat.kind !== "directory")
    return found(at, [
      `${name}: ${stat.kind === "file" ? showBytes(stat.size) : stat.kind}, last changed ${showAge(stat.modified, time.now)}${stateOf(target, world)}`,
    ]);
  if (!effect.recursive) return failed(at, `"${target}" is a folder`);
  const tree = await walk(target, world, time);
  const amount = `${tree.isWhole ? "" : "at least "}${many(tree.files, "file")}, ${showBytes(tree.bytes)}`;
  const { newest, largest } = tree;
  return found(at, [
    `${name}: ${amount}${newest === undefined ? "" : `; changed last: ${relative(target, newest.path)}, ${showAge(newest.value, time.now)}`}`,
    ...gitRow(target, world, tree),
    ...(largest === undefined || tree.files < 2
      ? []
      : [`the largest: ${relative(target, largest.path)}, ${showBytes(largest.value)}`]),
    ...(tree.mounts > 0
      ? [`${many(tree.mounts, "folder")} of another file system in it, not looked into`]
      : []),
    ...(tree.closed > 0 ? [`${many(tree.closed, "folder")} in it cannot be read`] : []),
    ...(tree.isWhole ? [] : ["there is more than could be counted in the time"]),
  ]);
}

const mostPaths = 20;

interface Tree {
  files: number;
  /** Of these, git's own. */
  ofGit: number;
  bytes: number;
  mounts: number;
  closed: number;
  isWhole: boolean;
  newest: Most | undefined;
  largest: Most | undefined;
}

interface Most {
  readonly path: string;
  readonly value: number;
}

/** Follows no link, and leaves the file system that it is on at no place. Others have their turn every few milliseconds. */
async function walk(top: string, world: World, { until, signal }: Time): Promise<Tree> {
  const tree: Tree = {
    ...{ files: 0, ofGit: 0, bytes: 0, mounts: 0, closed: 0, isWhole: true },
    ...{ newest: undefined, largest: undefined },
  };
  const start = world.lstat(top);
  const pending = [top];
  let turn = Date.now() + turnMs;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listing = world.readdir(folder, mostNames);
    if (!listing.ok) tree.closed += 1;
    else if (!listing.complete) tree.isWhole = false;
    for (const name of listing.ok ? listing.names : []) {
      const now = Date.now();
      if (signal.aborted || now > until) return { ...tree, isWhole: false };
      if (now > turn) {
        await setImmediate();
        turn = Date.now() + turnMs;
      }
      const path = join(folder, name);
      const stat = world.lstat(path);
      if (!stat.exists) continue;
      if (stat.kind !== "directory") count(tree, path, stat.size, stat.modified);
      else if (start.exists && stat.device === start.device) pending.push(path);
      else tree.mounts += 1;
    }
  }
  return tree;
}

const turnMs = 8;
const mostNames = 100_000;

function count(tree: Tree, path: string, size: number, modified: number): void {
  tree.files += 1;
  if (path.includes("/.git/")) tree.ofGit += 1;
  tree.bytes += size;
  if (tree.newest === undefined || modified > tree.newest.value) tree.newest = { path, value: modified };
  if (tree.largest === undefined || size > tree.largest.value) tree.largest = { path, value: size };
}

/** How much of a tree git knows, in the work that the session is about. */
function gitRow(target: string, world: World, { files, ofGit }: Tree): readonly string[] {
  const known = trackedIn(target, world);
  if (known === undefined || known.size > mostCompared) return [];
  const { top, path, size } = known;
  const options = ["--porcelain", "-z", "--no-renames", "--untracked-files=no"];
  const answer = world.git.query(top, ["status", ...options, "--", `:(literal)${path}`]);
  if (!answer.ok) return [];
  const states = answer.out.split("\0").filter((line) => line.length > 3);
  const gone = states.filter((line) => line.charAt(1) === "D").length;
  const changed = states.length - gone;
  const others = Math.max(0, files - ofGit - (size - gone));
  return [
    `in git: ${many(size - gone - changed, "file")} as committed, ${showCount(changed)} changed, ${showCount(others)} that git does not have`,
  ];
}

const mostCompared = 20_000;

function stateOf(target: string, world: World): string {
  const known = trackedIn(target, world);
  return known === undefined ? "" : known.size > 0 ? ", tracked by git" : ", not tracked by git";
}

/** Paths of git's index at or below this one; undefined where there is no repository of the session's own. */
function trackedIn(
  target: string,
  { git, session }: World,
): { readonly top: string; readonly path: string; readonly size: number } | undefined {
  if (!`${target}/`.startsWith(`${session.workspace}/`)) return undefined;
  const top = git.repository(target)?.top;
  if (top === undefined) return undefined;
  const path = relative(top, target);
  const tracked = git.tracked(top, path);
  return "reason" in tracked ? undefined : { top, path: path === "" ? "." : path, size: tracked.size };
}

/** As people name it: from the workspace, or from the home. */
function shortName(path: string, { session, user }: World): string {
  if (path.startsWith(`${session.workspace}/`)) return path.slice(session.workspace.length + 1);
  return path.startsWith(`${user.home}/`) ? `~${path.slice(user.home.length)}` : path;
}
