import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call, Inner } from "../../../src/model/call.js";
import type { Effect, GitEffect } from "../../../src/model/effect.js";
import { envFrom } from "../../../src/model/env.js";
import { type GitLoss, gitEffect } from "../../../src/readers/git/call.js";
import { git } from "../../../src/readers/git/git.js";
import { openWorld } from "../../../src/world/world.js";
import { fakeCall, fileEffect, opaque, shimPath, tree } from "../fake-world.js";

// A real repository, read by the real git through the real world; only shims are pretended.
const home = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-git-")));
const top = join(home, "work");
const gitProgram = ["/usr/bin/git", "/bin/git", "/usr/local/bin/git"].find(
  (path) => run(path, "--version") === 0,
);

afterAll(() => rmSync(home, { recursive: true, force: true }));

prepare();
const real = openWorld({
  startedAt: Date.now(),
  workspace: top,
  guardPaths: [],
  home,
  uid: process.getuid?.() ?? 0,
  tmpdir: undefined,
  shimDirectory: undefined,
  shimmed: () => true,
  salt: "",
  gitProgram,
});
const world = { ...real, isShimmed: (_name: string, path: string) => path.includes("/shims") };

const none = (because: string, count: number): GitLoss => ({
  recovery: "none",
  because: `uncommitted work in ${because}`,
  extent: { kind: "exact", count, unit: "files" },
});
const needless: GitLoss = { recovery: "needless", because: "" };
const commits = (because: string): GitLoss => ({
  recovery: "none",
  because,
  extent: { kind: "exact", count: 1, unit: "commits" },
});
const orphaned = commits(`no other branch or tag reaches ${short("other")} two`);
const dropped: GitLoss = {
  recovery: "unknown",
  because: "commits that the remote has and this branch has not are dropped there",
};
const gone: GitLoss = { recovery: "none", because: "what the remote has there and nobody else is gone" };
const loose = commits(`the reflog is the only way back to ${short("other@{1}")} undone`);
const changed = none("src/changed.txt, staged.txt", 2);
const x = unknown("$X", "r");

const table: readonly (readonly [
  string | readonly Arg[],
  readonly Effect[],
  (readonly Inner[])?,
  Partial<Call>?,
])[] = [
  ["git status", []],
  ["git reset src", []],
  ["git reset --hard", [lost("reset --hard", top, changed)]],
  ["git -C src reset --ha HEAD", [lost("reset --hard", top, changed)]],
  // `other` has a file of the untracked one's name.
  ["git reset --hard other", [lost("reset --hard", top, none("src/changed.txt, staged.txt, notes.txt", 3))]],
  ["git reset --hard", [], [], { cwd: home }],
  ["git -C ../clean reset --hard", [lost("reset --hard", join(home, "clean"), needless)]],
  ["git checkout .", [lost("checkout", top, none("src/changed.txt", 1))]],
  [
    "git checkout -- src/changed.txt",
    [lost("checkout", join(top, "src/changed.txt"), none("src/changed.txt", 1))],
  ],
  // HEAD has no such file: git refuses.
  ["git checkout HEAD -- staged.txt", [lost("checkout", join(top, "staged.txt"), needless)]],
  ["git checkout other notes.txt", [lost("checkout", join(top, "notes.txt"), none("notes.txt", 1))]],
  ["git checkout other", []],
  ["git checkout -b fresh", []],
  ["git checkout clean.txt", [lost("checkout", join(top, "clean.txt"), needless)]],
  ["git checkout missing.txt", [lost("checkout", join(top, "missing.txt"), needless)]],
  [
    "git checkout -f other",
    [lost("checkout --force", top, none("src/changed.txt, staged.txt, notes.txt", 3))],
  ],
  ["git switch other", []],
  ["git switch -f main", [lost("switch --discard-changes", top, changed)]],
  ["git restore src", [lost("restore", join(top, "src"), none("src/changed.txt", 1))]],
  ["git restore --staged staged.txt", []],
  ["git restore -SW staged.txt", [lost("restore", join(top, "staged.txt"), none("staged.txt", 1))]],
  // The index keeps it.
  ["git restore --source=HEAD staged.txt", [lost("restore", join(top, "staged.txt"), needless)]],
  ["git restore --source=HEAD src", [lost("restore", join(top, "src"), none("src/changed.txt", 1))]],
  ["git restore --no-staged src", []],
  ["git restore", []],
  ["git restore -p", []],
  ["git restore -p", [lost("restore", top, none("src/changed.txt", 1))], [], { stdin: { kind: "terminal" } }],
  ["git restore src -h", []],
  // The value of an option, and no commit: git refuses.
  ["git restore --source --help src", []],
  ["git clean -n", []],
  ["git clean", []],
  ["git clean -f", [deleted("notes.txt")]],
  ["git clean -fd", [deleted("notes.txt"), tree("git", join(top, "untracked"))]],
  ["git clean -fdx", [deleted("ignored.log"), deleted("notes.txt"), tree("git", join(top, "untracked"))]],
  ["git clean -fdx -e *.log", [deleted("notes.txt"), tree("git", join(top, "untracked"))]],
  ["git clean -nf", []],
  ["git clean -fX", [deleted("ignored.log")]],
  ["git clean -fd src", []],
  ["git rm clean.txt", []],
  [
    "git rm -f src/changed.txt",
    [lost("rm --force", join(top, "src/changed.txt"), none("src/changed.txt", 1))],
  ],
  ["git rm --cached -f src/changed.txt", []],
  ["git mv -f clean.txt notes.txt", [fileEffect("git", "modify", join(top, "notes.txt"))]],
  ["git worktree remove --force ../clean", [lost("worktree remove --force", join(home, "clean"), needless)]],
  ["git stash", []],
  [
    "git stash drop stash@{0}",
    [
      lost(
        "stash drop",
        "stash@{0}",
        commits(
          `stashed work is in no branch: ${short("stash@{0}")} WIP on main: ${short("main")} one (src/changed.txt)`,
        ),
      ),
    ],
  ],
  ["git stash clear", [lost("stash clear", "stash", needless)], [], { cwd: join(home, "clean") }],
  ["git branch -d other", []],
  ["git branch -D other", [lost("branch -D", "other", orphaned)]],
  ["git branch -D merged", [lost("branch -D", "merged", needless)]],
  ["git branch -D other twin", [lost("branch -D", "other", orphaned), lost("branch -D", "twin", needless)]],
  ["git tag -d v1", [lost("tag -d", "v1", needless)]],
  ["git update-ref -d refs/heads/other", [lost("update-ref -d", "refs/heads/other", orphaned)]],
  ["git reflog expire --expire=now --all", [lost("reflog expire", top, loose)]],
  ["git gc", []],
  ["git gc --prune=now", [lost("gc --prune=now", top, needless)]],
  ["git reflog expire --expire=never --all", []],
  ["git reset --hard HEAD --help", []],
  ["git branch -f other", [{ ...lost("branch -f", "other", orphaned), action: "modify" }]],
  ["git branch -M main other", [{ ...lost("branch -M", "other", orphaned), action: "modify" }]],
  ["git checkout -B other", [{ ...lost("checkout -B", "other", orphaned), action: "modify" }]],
  ["git switch -C fresh", []],
  ["git fetch origin +main:other", [{ ...lost("fetch", "other", orphaned), action: "modify" }]],
  ["git fetch origin main:other", []],
  ["git merge --abort", []],
  [
    "git filter-branch HEAD",
    [
      {
        ...lost("filter-branch", top, {
          recovery: "none",
          because: "every commit is written anew, and the old ones are dropped",
        }),
        action: "modify",
      },
    ],
  ],
  ["git push", [push("send", "push", "origin/main", needless)]],
  ["git push -f", [push("modify", "push --force", "origin/main", dropped)]],
  [
    "git push origin +main other",
    [push("modify", "push --force", "origin/main", dropped), push("send", "push", "origin/other", needless)],
  ],
  ["git push origin HEAD:refs/heads/main --force", [push("modify", "push --force", "origin/main", dropped)]],
  // With a lease, a branch that was never seen is refused. On top of what the remote was last seen to have: a plain push.
  ["git push --force-with-lease origin main", [push("send", "push", "origin/main", needless)]],
  ["git push --force-with-lease origin main:other", [push("send", "push", "origin/other", needless)]],
  [
    "git push --force-with-lease origin main:kept",
    [
      push("modify", "push --force", "origin/kept", {
        ...commits(
          `drops from the remote ${short("origin/kept")} theirs: this branch had them, and its reflog keeps them`,
        ),
        recovery: "git",
      }),
    ],
  ],
  ["git push origin :old", [push("delete", "push --delete", "origin/old", gone)]],
  ["git push -d origin old", [push("delete", "push --delete", "origin/old", gone)]],
  ["git push --mirror backup", [push("delete", "push --mirror", "backup", gone)]],
  ["git push -fn", []],
  ["git undo", [lost("reset --hard", top, changed)]],
  ["git wipe now", [], [{ ...line('rm -rf x "$@"', "git wipe"), args: ["git", "now"] }]],
  [["git", "-c", "alias.w=!rm x", "w"], [], [{ ...line('rm x "$@"', "git w"), args: ["git"] }]],
  ["git nothing", []],
  [["git", "-c", "core.pager=rm x", "log"], [], [line("rm x", "git core.pager")]],
  ["git -c core.pager=cat -c color.ui=always log", [], [line("cat", "git core.pager")]],
  ["git config --global core.sshCommand rm", [], [line("rm", "git core.sshcommand")]],
  [["git", "config", "alias.z", "!rm x"], [], [line("rm x", "git alias.z")]],
  ["git config alias.st status", []],
  ["git config --get core.pager", []],
  [["git", "rebase", "-x", "rm x", "main"], [], [line("rm x", "git rebase")]],
  [["git", "rebase", "-ix", "rm x", "main"], [], [line("rm x", "git rebase")]],
  [["git", "difftool", "-yx", "rm x"], [], [line("rm x", "git difftool")]],
  [
    "git config url.ext::sh.insteadOf https://x/",
    [opaque("git", "config url.ext::sh.insteadOf", "addresses are rewritten into a command that git runs")],
  ],
  ["git config include.path extra.config", [], [line("rm x", "git core.pager")]],
  ["git config include.path missing.config", []],
  [
    "git for-each-repo --config=each.repo reset --hard",
    [],
    [
      {
        kind: "call",
        argv: ["git", "reset", "--hard"],
        via: "git for-each-repo",
        sight: "never",
        cwd: join(home, "clean"),
      },
    ],
  ],
  ["git for-each-repo --config=each.repo", []],
  ["git submodule foreach rm x", [], [line("rm x", "git submodule foreach")]],
  [
    "git bisect run ./t.sh",
    [],
    [{ kind: "call", argv: ["./t.sh"], via: "git bisect run", sight: "never", cwd: top }],
  ],
  ["git fetch --upload-pack=/tmp/x origin", [], [line("/tmp/x", "git fetch")]],
  ["git diff --outp notes.txt", [fileEffect("git", "modify", join(top, "notes.txt"))]],
  ["git diff --output=notes.txt", [fileEffect("git", "modify", join(top, "notes.txt"))]],
  [
    "git log",
    [],
    [line("rm x", "GIT_EDITOR")],
    {
      env: envFrom([
        ["PATH", shimPath],
        ["GIT_EDITOR", "rm x"],
      ]),
    },
  ],
  [
    "git --git-dir=/srv/x reset --hard",
    [lost("reset --hard", top, { recovery: "unknown", because: "git did not say what would be lost" })],
  ],
  [["git", "checkout", "--", x], [], [], { sight: "later" }],
  [
    ["git", "checkout", "--", x],
    [opaque("git", "checkout -- $X", "cannot tell what it would do: r")],
    [],
    { sight: "never" },
  ],
  [["git", "log", x], [], [], { sight: "never" }],
];

for (const [words, effects, inner = [], more = {}] of table) {
  test.skipIf(gitProgram === undefined)(JSON.stringify(words), () => {
    const reading = git.read(fakeCall(words, { cwd: top, ...more }), world);
    // Where a push goes has a test of its own.
    const plain = reading.effects.map((effect) => {
      if (effect.resource !== "git") return effect;
      const { remoteName: _, remoteUrls: __, branch: ___, ...rest } = effect;
      return rest;
    });
    expect({ ...reading, effects: plain }).toEqual({ effects, inner, wantsStdin: false });
  });
}

function lost(operation: string, target: string, loss: GitLoss): GitEffect {
  return gitEffect("delete", operation, target, loss);
}

function push(
  action: "send" | "modify" | "delete",
  operation: string,
  target: string,
  loss: GitLoss,
): GitEffect {
  return gitEffect(action, operation, target, loss, true);
}

function deleted(name: string): Effect {
  return fileEffect("git", "delete", join(top, name));
}

function line(text: string, via: string): Inner & { kind: "line" } {
  return { kind: "line", text, shell: "sh", via, cwd: top };
}

function prepare(): void {
  for (const folder of [top, join(home, "clean")]) {
    mkdirSync(join(folder, "src"), { recursive: true });
    write(folder, "clean.txt", "c");
    write(folder, "src/changed.txt", "1");
    write(folder, ".gitignore", "*.log\n");
    ask(folder, "init", "-q", "-b", "main");
    ask(folder, "add", ".");
    ask(folder, "commit", "-qm", "one");
  }
  ask(top, "branch", "merged");
  ask(top, "tag", "v1");
  ask(top, "update-ref", "refs/remotes/origin/main", "HEAD");
  ask(top, "commit", "-q", "--allow-empty", "-m", "theirs");
  ask(top, "update-ref", "refs/remotes/origin/kept", "HEAD");
  ask(top, "reset", "-q", "--hard", "HEAD~1");
  ask(top, "checkout", "-qb", "other");
  write(top, "notes.txt", "theirs");
  ask(top, "add", ".");
  ask(top, "commit", "-qm", "two");
  ask(top, "commit", "-q", "--allow-empty", "-m", "undone");
  ask(top, "reset", "-q", "--hard", "HEAD~1");
  ask(top, "checkout", "-q", "main");
  write(top, "src/changed.txt", "0");
  ask(top, "stash", "-q");
  write(top, "src/changed.txt", "2");
  write(top, "staged.txt", "s");
  ask(top, "add", "staged.txt");
  write(top, "notes.txt", "mine");
  write(top, "ignored.log", "l");
  mkdirSync(join(top, "untracked"));
  write(top, "untracked/u.txt", "u");
  ask(top, "config", "alias.undo", "reset --hard");
  ask(top, "config", "alias.wipe", "!rm -rf x");
  ask(top, "config", "each.repo", join(home, "clean"));
  write(top, ".git/extra.config", "[core]\n\tpager = rm x\n");
}

function write(folder: string, name: string, content: string): void {
  writeFileSync(join(folder, name), content);
}

function ask(cwd: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  const result = spawnSync(gitProgram ?? "git", [...identity, ...args], {
    cwd,
    env: { HOME: home, PATH: "/usr/bin:/bin" },
  });
  if (gitProgram !== undefined && result.status !== 0)
    throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
}

/** The id as git abbreviates it. */
function short(name: string): string {
  if (gitProgram === undefined) return "";
  return spawnSync(gitProgram, ["rev-parse", "--short", name], { cwd: top, encoding: "utf8" }).stdout.trim();
}

function run(program: string, ...args: readonly string[]): number | null {
  return spawnSync(program, args).status;
}
