import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { gitProgram } from "../world/scratch.js";
import { commit, env, ignoreTimes, type Lab, put, real } from "./git-lab.js";

/** What a repository can be like, by name; each is made from the clean one. */
export function statesOf(lab: Lab): Readonly<Record<string, () => void>> {
  const states: Readonly<Record<string, () => void>> = {
    clean: () => {},
    dirty: () => {
      put(lab.work, "a.txt", "changed\n");
      put(lab.work, "t.txt", "untracked, in the way of topic\n");
      put(lab.work, "new/n.txt", "untracked\n");
      put(lab.work, "x.log", "ignored\n");
    },
    staged: () => {
      put(lab.work, "a.txt", "staged\n");
      put(lab.work, "s.txt", "added\n");
      real(lab, "add", "a.txt", "s.txt");
      put(lab.work, "dir/b.txt", "not staged\n");
    },
    // What is staged lies in the index alone: changed since, put back, or deleted.
    "staged only": () => stageOnly(lab),
    unpushed: () => {
      put(lab.work, "u.txt", "unpushed\n");
      commit(lab, "Unpushed");
    },
    pushed: () => {
      put(lab.work, "u.txt", "pushed\n");
      commit(lab, "Pushed");
      real(lab, "push", "-q", "origin", "main");
    },
    diverged: () => {
      put(lab.work, "r.txt", "remote\n");
      commit(lab, "Remote");
      real(lab, "push", "-q", "origin", "main");
      real(lab, "reset", "-q", "--hard", "HEAD~1");
      put(lab.work, "u.txt", "local\n");
      commit(lab, "Local");
      real(lab, "branch", "-f", "shared", "main");
    },
    detached: () => {
      real(lab, "switch", "-q", "--detach");
      put(lab.work, "d.txt", "detached\n");
      commit(lab, "Detached");
    },
    worktree: () => {
      real(lab, "worktree", "add", "-q", "../linked", "-b", "linked");
      put(join(lab.work, "../linked"), "a.txt", "changed in the linked one\n");
      put(join(lab.work, "../linked"), "w.txt", "untracked in the linked one\n");
    },
    // Not a word from git about what it ignores, nor about a commit without a branch.
    "worktree, detached": () => {
      real(lab, "worktree", "add", "-q", "--detach", "../linked");
      const linked = join(lab.work, "../linked");
      put(linked, "d.txt", "detached in the linked one\n");
      may(lab, "-C", linked, "add", ".");
      may(lab, "-C", linked, "commit", "-qm", "Detached");
      put(linked, "x.log", "ignored in the linked one\n");
      put(linked, "y.log", "ignored in both\n");
      put(lab.work, "y.log", "ignored in both\n");
    },
    "worktree, gone": () => {
      states["worktree, detached"]?.();
      renameSync(join(lab.work, "../linked"), join(lab.work, "../moved"));
    },
    submodule: () => {
      addSubmodule(lab);
      put(join(lab.work, "sub"), "s.txt", "changed in the submodule\n");
    },
    "submodule, committed": () => {
      addSubmodule(lab);
      const inside = join(lab.work, "sub");
      may(lab, "-C", inside, "switch", "-q", "--detach");
      put(inside, "s.txt", "committed in the submodule\n");
      may(lab, "-C", inside, "commit", "-qam", "In the submodule");
    },
    "submodule, recursing": () => {
      states["submodule, committed"]?.();
      put(join(lab.work, "sub"), "s.txt", "changed in the submodule\n");
      real(lab, "config", "submodule.recurse", "true");
    },
    // `logs` has a file that is ignored here.
    ignored: () => {
      real(lab, "switch", "-q", "-c", "logs");
      put(lab.work, "x.log", "tracked there\n");
      real(lab, "add", "-f", "x.log");
      real(lab, "commit", "-qm", "Logs");
      real(lab, "switch", "-q", "main");
      put(lab.work, "x.log", "ignored here\n");
      put(lab.work, "dir/y.log", "ignored below\n");
    },
    // Fetches into branches of its own.
    mirrored: () => {
      real(lab, "config", "remote.origin.fetch", "+refs/heads/*:refs/heads/*");
      real(lab, "switch", "-q", "shared");
      put(lab.work, "h.txt", "on shared\n");
      commit(lab, "On shared");
      real(lab, "switch", "-q", "--detach", "main");
    },
    bisecting: () => {
      may(lab, "bisect", "start", "main", "main~2");
      put(lab.work, "e.txt", "found while bisecting\n");
      commit(lab, "While bisecting");
    },
    shallow: () => {
      const url = `file://${join(dirname(lab.work), "remote.git")}`;
      lab.scratch.clear("live/work");
      real(lab, "clone", "-q", "--depth=2", "--no-single-branch", "--template=", url, ".");
      ignoreTimes(lab);
      put(lab.work, "u.txt", "unpushed\n");
      commit(lab, "Unpushed");
      put(lab.work, "a.txt", "changed\n");
    },
    merging: () => conflict(lab, "merge"),
    "merging, resolved": () => {
      conflict(lab, "merge");
      put(lab.work, "a.txt", "resolved\n");
      real(lab, "add", "a.txt");
    },
    rebasing: () => conflict(lab, "rebase"),
    "rebasing, resolved": () => {
      conflict(lab, "rebase");
      put(lab.work, "a.txt", "resolved\n");
    },
    "rebasing, committed": () => {
      conflict(lab, "rebase");
      put(lab.work, "a.txt", "resolved\n");
      commit(lab, "Resolved");
    },
    picking: () => conflict(lab, "cherry-pick"),
    "picking, resolved": () => {
      conflict(lab, "cherry-pick");
      put(lab.work, "a.txt", "resolved\n");
      real(lab, "add", "a.txt");
    },
    stashed: () => {
      put(lab.work, "a.txt", "first stash\n");
      real(lab, "stash", "-q");
      put(lab.work, "a.txt", "second stash\n");
      put(lab.work, "k.txt", "untracked stash\n");
      real(lab, "stash", "-q", "-u");
    },
    "stash applied": () => {
      put(lab.work, "dir/b.txt", "an older stash\n");
      real(lab, "stash", "-q");
      put(lab.work, "a.txt", "a stash\n");
      real(lab, "stash", "-q");
      real(lab, "stash", "apply", "-q");
    },
    "stashed, staged only": () => {
      stageOnly(lab);
      real(lab, "stash", "-q");
    },
    orphan: () => real(lab, "checkout", "-q", "--orphan", "fresh"),
    dropped: () => {
      put(lab.work, "a.txt", "dropped\n");
      real(lab, "stash", "-q");
      real(lab, "stash", "drop", "-q");
      real(lab, "checkout", "-q", "topic");
      real(lab, "reset", "-q", "--hard", "HEAD~1");
      real(lab, "checkout", "-q", "main");
    },
  };
  return states;
}

/** Runs git where it may fail: a merge that stops. */
export function may(lab: Lab, ...args: readonly string[]): void {
  spawnSync(gitProgram, args, { cwd: lab.work, env: env(lab.scratch) });
}

function conflict(lab: Lab, verb: string): void {
  put(lab.work, "a.txt", "mine\n");
  commit(lab, "Mine");
  real(lab, "push", "-q", "origin", "main");
  real(lab, "switch", "-q", "-c", "theirs", "HEAD~1");
  put(lab.work, "a.txt", "theirs\n");
  put(lab.work, "c.txt", "clean part\n");
  commit(lab, "Theirs");
  if (verb === "rebase") may(lab, "rebase", "main");
  else {
    real(lab, "switch", "-q", "main");
    may(lab, verb, "theirs");
  }
}

function stageOnly(lab: Lab): void {
  put(lab.work, "a.txt", "staged\n");
  put(lab.work, "dir/b.txt", "staged and put back\n");
  put(lab.work, "s.txt", "added\n");
  real(lab, "add", ".");
  put(lab.work, "a.txt", "changed since\n");
  put(lab.work, "dir/b.txt", "two\n");
  rmSync(join(lab.work, "s.txt"));
}

function addSubmodule(lab: Lab): void {
  const inside = join(dirname(lab.work), "sub.git");
  mkdirSync(inside);
  const inSub = (...args: readonly string[]) =>
    spawnSync(gitProgram, args, { cwd: inside, env: env(lab.scratch) });
  inSub("init", "-q", "--template=", "-b", "main");
  put(inside, "s.txt", "of the submodule\n");
  inSub("add", ".");
  inSub("commit", "-qm", "Sub");
  real(lab, "submodule", "--quiet", "add", "../sub.git", "sub");
  commit(lab, "Add sub");
  real(lab, "push", "-q", "origin", "main");
}
