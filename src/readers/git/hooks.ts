import { isKnown } from "../../model/arg.js";
import { envGet } from "../../model/env.js";
import { isWithin, joinPath, resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { type GitCall, gitEffect } from "./call.js";

/** What holds for every commit from now on: the folder whose programs run, for one repository or for all of them. */
export function readHooksPath(git: GitCall, folder: string, isForAll: boolean): Reading {
  const path = findFolder(git, folder);
  if (path === undefined) return nothing;
  const isOwn = !isForAll && isInside(git, path);
  const because = isForAll
    ? "it runs in every repository from now on"
    : "it runs programs from outside the workspace";
  return join(
    isOwn
      ? nothing
      : effects(gitEffect("execute", "config core.hooksPath", path, { recovery: "unknown", because })),
    readHooks(git, path),
  );
}

/** The same for this one command (`git -c core.hooksPath=d commit`): what lies there now, and what the line has put there. */
export function readChosenHooks(git: GitCall, folder: string): Reading {
  const path = findFolder(git, folder);
  const hooks = path === undefined ? nothing : readHooks(git, path);
  return path === undefined || hooks.inner.length === 0 ? nothing : readHooksPath(git, folder, false);
}

/** `git clone --template=d`: its hooks become the new repository's, and the first of them runs at once. */
export function readTemplate(git: GitCall, values: readonly string[]): Reading {
  const set = envGet(git.call.env, "GIT_TEMPLATE_DIR");
  const [folder = set !== undefined && isKnown(set) ? set : ""] = values;
  const path = findFolder(git, folder);
  return path === undefined ? nothing : readHooks(git, joinPath(path, "hooks"));
}

/** By their names: what a line has just made stands in no listing yet. */
function readHooks(git: GitCall, path: string): Reading {
  const { call, world, cwd } = git;
  const hooks = hookNames.filter((name) => world.readFile(joinPath(path, name), 1).ok);
  return inner(
    ...hooks.flatMap((name) => wrap(call, world, [joinPath(path, name)], `git hook ${name}`, { cwd })),
  );
}

function findFolder(git: GitCall, folder: string): string | undefined {
  const path = resolvePath(git, git.world, folder.replace(/^~(?=\/)/, git.world.user.home));
  return path === undefined || !isKnown(path) || path === "/dev/null" ? undefined : path;
}

function isInside({ world }: GitCall, path: string): boolean {
  return isWithin(world.realpath(path), world.session.workspace);
}

const hookNames = (
  "applypatch-msg pre-applypatch post-applypatch pre-commit post-commit pre-checkout post-checkout pre-merge-commit post-merge " +
  "pre-rebase post-rewrite pre-push pre-receive post-receive pre-auto-gc post-index-change prepare-commit-msg commit-msg update " +
  "post-update reference-transaction fsmonitor-watchman push-to-checkout proc-receive"
).split(" ");
