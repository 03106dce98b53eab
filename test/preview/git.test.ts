import { execFileSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitProgram } from "../world/scratch.js";
import { type Lookout, openLookout } from "./look.js";

// Real repositories: the commits and files that only a longer list than the question's own words can name.

let place: Lookout;
const day = 86_400;
const now = Math.floor(Date.now() / 1000);

beforeAll(() => {
  place = openLookout((base) => {
    const work = join(base, "work");
    const git = (when: number, ...args: string[]) => {
      const date = `${now - when} +0000`;
      const env = { PATH: "/usr/bin:/bin", HOME: base, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      const identity = [
        "-c",
        "user.name=dev",
        "-c",
        "user.email=dev@example.com",
        "-c",
        "init.defaultBranch=main",
      ];
      execFileSync(gitProgram, [...identity, ...args], { cwd: work, env, stdio: "pipe" });
    };
    const files = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
    git(0, "init", "-q");
    for (const file of files) writeFileSync(join(work, file), "first\n");
    git(100 * day, "add", ".");
    git(100 * day, "commit", "-qm", "first");
    git(0, "branch", "one");
    git(0, "checkout", "-q", "one");
    git(3 * day + 60, "commit", "-q", "--allow-empty", "-m", "Mend the login");
    git(0, "checkout", "-q", "-b", "many", "main");
    for (let n = 1; n <= 12; n += 1)
      git((13 - n) * day + 60, "commit", "-q", "--allow-empty", "-m", `Step ${n}`);
    git(0, "update-ref", "refs/remotes/origin/old", "many");
    git(0, "branch", "old", "main");
    git(0, "config", "remote.origin.url", join(base, "origin.git"));
    git(0, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    git(0, "checkout", "-q", "main");
    for (const file of files) writeFileSync(join(work, file), "changed\n");
    for (const [n, file] of files.entries())
      utimesSync(join(work, file), now - n * 3600 - 7200, now - n * 3600 - 7200);
    for (const ref of [".git/refs/remotes/origin/old", ".git/logs/refs/remotes/origin/old"])
      utimesSync(join(work, ref), now - 5 * day - 60, now - 5 * day - 60);
    return {};
  });
});
afterAll(() => place.remove());

const plain = (row: string) => row.replaceAll(/\b[0-9a-f]{7,}\b/g, "ID");

test("the last branch with a commit", async () => {
  expect((await place.rows("git branch -D one")).map(plain)).toEqual([
    "ID Mend the login, 3 days ago",
    "the commits stay until git collects its garbage (about two weeks): git branch rescue ID",
  ]);
});

test("many commits: how many, how old, the newest of them", async () => {
  const pushed = (await place.rows("git push --force origin old")).map(plain);
  expect(pushed.slice(0, 3)).toEqual([
    "12 commits, the newest made 1 day ago, the oldest 12 days ago",
    "ID Step 12, 1 day ago",
    "ID Step 11, 2 days ago",
  ]);
  expect(pushed.slice(8)).toEqual([
    "ID Step 5, 8 days ago",
    "and 4 more",
    "the commits stay in this repository until git collects its garbage (about two weeks): git branch rescue ID",
    "as the remote was last seen, 5 days ago: others may have pushed since",
  ]);
});

test("uncommitted work in many files", async () => {
  expect(await place.rows("git reset --hard")).toEqual([
    "5 files with uncommitted work: a.txt, b.txt, c.txt, d.txt, e.txt",
    "changed last: a.txt, 2 hours ago",
  ]);
  expect(await place.rows("git checkout -- c.txt d.txt")).toEqual(["changed last: c.txt, 4 hours ago"]);
});
