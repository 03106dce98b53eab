import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitProgram } from "../world/scratch.js";
import { type Lookout, openLookout } from "./look.js";

let place: Lookout;
const now = Date.now() / 1000;

beforeAll(() => {
  place = openLookout((base) => {
    const work = join(base, "work");
    const git = (...args: string[]) =>
      execFileSync(gitProgram, ["-c", "user.name=dev", "-c", "user.email=dev@example.com", ...args], {
        cwd: work,
        env: { PATH: "/usr/bin:/bin", HOME: base },
        stdio: "pipe",
      });
    const write = (path: string, text: string, age: number) => {
      mkdirSync(join(base, path, ".."), { recursive: true });
      writeFileSync(join(base, path), text);
      utimesSync(join(base, path), now - age, now - age);
    };
    write("work/docs/kept.md", "kept\n", 9000);
    write("work/docs/changed.md", "first\n", 9000);
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "first");
    write("work/docs/changed.md", "second\n", 9000);
    write("work/docs/draft.md", "d".repeat(2000), 130);
    write("work/docs/deep/er/own.md", "own\n", 9000);
    symlinkSync("/etc", join(work, "docs", "link"));
    write("thesis.md", "t".repeat(1500), 4 * 86_400 + 60);
    for (let n = 0; n < 7000; n += 1) {
      if (n % 500 === 0) mkdirSync(join(base, "large", String(n / 500)), { recursive: true });
      writeFileSync(join(base, "large", String(Math.floor(n / 500)), String(n)), "x");
    }
    return {};
  });
});
afterAll(() => place.remove());

test("a folder of the repository: what of it git has, what changed last", async () => {
  expect(await place.rows("rm -rf docs")).toEqual([
    "docs: 5 files, 2.0 kB; changed last: link, just now",
    "in git: 1 file as committed, 1 changed, 3 that git does not have",
    "the largest: draft.md, 2.0 kB",
  ]);
});

test("a file outside, with its age", async () => {
  expect(await place.rows("rm ../thesis.md")).toEqual([
    `${place.base}/thesis.md: 1.5 kB, last changed 4 days ago`,
  ]);
  expect(await place.rows("rm docs/draft.md")).toEqual([
    "docs/draft.md: 2.0 kB, last changed 2 minutes ago, not tracked by git",
  ]);
});

test("more files than the judge looks at are counted to the end", async () => {
  const judgement = await place.judge("rm -rf ../large");
  expect(judgement.effects[0]).toMatchObject({ recovery: "none" });
  expect(await place.rows("rm -rf ../large")).toEqual([
    expect.stringMatching(
      /large: 7,000 files, 7\.0 kB; changed last: \d+\/\d+, (just now|\d+ minutes? ago)$/,
    ),
    expect.stringMatching(/^the largest: \d+\/\d+, 1 B$/),
  ]);
});

test("as far as the time goes, and it says so", async () => {
  const hasty = openLookout((base) => {
    mkdirSync(join(base, "some"));
    for (const name of ["a", "b"]) writeFileSync(join(base, "some", name), "x");
    // Less than the moments that the last words take.
    return { patience: 100 };
  });
  expect(await hasty.rows("rm -rf ../some")).toContain("there is more than could be counted in the time");
  hasty.remove();
});
