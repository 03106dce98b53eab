import { appendFileSync, cpSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openWorld } from "../../src/world/world.js";
import { createScratch, gitProgram, type Scratch } from "./scratch.js";

const scratches: Scratch[] = [];
afterAll(() => {
  for (const scratch of scratches) scratch.remove();
});

describe("ignoredSinceStart", () => {
  /** What was there before the session, what the session does, and whether these are then ignored since the start. */
  const cases: readonly {
    readonly name: string;
    readonly before?: (scratch: Scratch) => void;
    readonly during: (scratch: Scratch) => void;
    readonly ask: string;
    readonly expected: boolean;
  }[] = [
    { name: "by .gitignore", during: () => undefined, ask: "dist", expected: true },
    { name: "in a folder", during: () => undefined, ask: "sub/inner.log", expected: true },
    { name: "by info/exclude", during: () => undefined, ask: "excluded", expected: true },
    { name: "by the global file", during: () => undefined, ask: "global.tmp", expected: true },
    { name: "not", during: () => undefined, ask: "precious.txt", expected: false },
    { name: "taken out", during: () => undefined, ask: "keep.log", expected: false },
    { name: "tracked in spite of it", during: () => undefined, ask: "tracked.log", expected: true },
    {
      name: "name like a pathspec",
      during: (s) => s.write("work/:(top)precious.txt"),
      ask: ":(top)precious.txt",
      expected: false,
    },
    { name: "name that is no UTF-8", during: () => undefined, ask: "\udcff.log", expected: true },
    {
      name: "session edits .gitignore",
      during: (s) => s.append("work/.gitignore", "precious.txt\n"),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "old rule after the session's edit",
      during: (s) => s.append("work/.gitignore", "precious.txt\n"),
      ask: "dist",
      expected: true,
    },
    {
      name: "session takes an exception away",
      during: (s) => s.write("work/.gitignore", "*.log\ndist/\n"),
      ask: "keep.log",
      expected: false,
    },
    {
      name: "session repeats a rule behind its exception",
      during: (s) => s.append("work/.gitignore", "*.log\n"),
      ask: "keep.log",
      expected: false,
    },
    {
      name: "session edits info/exclude",
      during: (s) => s.append("work/.git/info/exclude", "precious.txt\n"),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "session edits info/exclude, rule of .gitignore",
      during: (s) => s.append("work/.git/info/exclude", "precious.txt\n"),
      ask: "dist",
      expected: true,
    },
    {
      name: "session edits the global file",
      during: (s) => s.append("home/.config/git/ignore", "precious.txt\n"),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "session points core.excludesFile to an old file",
      during: (s) => s.git("work", "config", "core.excludesFile", join(s.root, "old-rules")),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "core.excludesFile from before",
      before: (s) => s.git("work", "config", "core.excludesFile", join(s.root, "old-rules")),
      during: () => undefined,
      ask: "precious.txt",
      expected: true,
    },
    {
      name: "session points the home's core.excludesFile to an old file",
      during: (s) => s.write("home/.gitconfig", `[core]\n\texcludesFile = ${join(s.root, "old-rules")}\n`),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "session renames an old file to .gitignore",
      during: (s) => renameSync(join(s.root, "old-rules"), join(s.root, "work/sub/deep/.gitignore")),
      ask: "sub/deep/precious.txt",
      expected: false,
    },
    {
      name: "session replaces .gitignore by an old file",
      during: (s) => renameSync(join(s.root, "old-rules"), join(s.root, "work/.gitignore")),
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "session replaces the info folder by an old one",
      before: (s) => s.write("info/exclude", "precious.txt\n"),
      during(s) {
        renameSync(join(s.root, "work/.git/info"), join(s.root, "info-away"));
        renameSync(join(s.root, "info"), join(s.root, "work/.git/info"));
      },
      ask: "precious.txt",
      expected: false,
    },
    {
      name: "session moves a folder with old rules into place",
      before: (s) => {
        s.write("ruled/.gitignore", "*\n");
        s.write("ruled/precious.txt");
      },
      during: (s) => renameSync(join(s.root, "ruled"), join(s.root, "work/ruled")),
      ask: "ruled/precious.txt",
      expected: false,
    },
    {
      name: "session deletes a nested exception",
      during: (s) => rmSync(join(s.root, "work/nested/.gitignore")),
      ask: "nested/kept.log",
      expected: false,
    },
    {
      name: "session edits a nested exception away",
      during: (s) => s.write("work/nested/.gitignore", ""),
      ask: "nested/kept.log",
      expected: false,
    },
    {
      name: "session copies rules with their times",
      during: (s) =>
        cpSync(join(s.root, "old-rules"), join(s.root, "work/sub/.gitignore"), { preserveTimestamps: true }),
      ask: "sub/precious.txt",
      expected: false,
    },
    {
      name: "session makes the repository",
      before: (s) => rmSync(join(s.root, "work/.git"), { recursive: true }),
      during(s) {
        s.git("work", "init", "-q");
        s.append("work/.git/info/exclude", "precious.txt\n");
      },
      ask: "precious.txt",
      expected: false,
    },
  ];

  test.each(cases)("$name", ({ before, during, ask, expected }) => {
    const scratch = createRules();
    before?.(scratch);
    const world = scratch.open("work");
    const top = join(scratch.root, "work");
    // Asked before as well: an answer may not outlive what it rests on.
    world.git.ignoredSinceStart(top, ask, false);
    during(scratch);
    const isFolder = ask === "dist";
    expect(world.git.ignoredSinceStart(top, ask, isFolder)).toBe(expected);
    expect(world.git.ignoredSinceStart(top, ask, isFolder)).toBe(expected);
  });

  function createRules(): Scratch {
    const scratch = createScratch();
    scratches.push(scratch);
    const { write, git } = scratch;
    scratch.folder("work");
    git("work", "init", "-q");
    write("work/.gitignore", "*.log\n!keep.log\ndist/\n");
    write("work/.git/info/exclude", "excluded\n");
    write("home/.config/git/ignore", "*.tmp\n");
    write("old-rules", "precious.txt\n");
    write("work/nested/.gitignore", "!kept.log\n");
    for (const path of [
      "precious.txt",
      "keep.log",
      "tracked.log",
      "excluded",
      "global.tmp",
      "dist/app.js",
      "\udcff.log",
    ])
      write(`work/${path}`);
    for (const path of ["sub/inner.log", "sub/precious.txt", "sub/deep/precious.txt", "nested/kept.log"])
      write(`work/${path}`);
    git("work", "add", "-f", "tracked.log", "nested/.gitignore");
    return scratch;
  }
});

describe("tracked", () => {
  test("paths at and below, as the index has them now", () => {
    const scratch = createScratch();
    scratches.push(scratch);
    const { write, git, root } = scratch;
    const top = join(root, "work");
    for (const path of ["a", "a-b", "b/a", "b/c", "b-c/d", "\udcff", "new\nline"])
      write(`work/${path}`, "x\n");
    git("work", "init", "-q");
    git("work", "add", "-A");
    const world = scratch.open("work");
    const ids = (relative: string) => {
      const tracked = world.git.tracked(top, relative);
      return "reason" in tracked ? tracked.reason : [...tracked.keys()];
    };
    expect(ids("")).toEqual(["a", "a-b", "b-c/d", "b/a", "b/c", "new\nline", "\udcff"]);
    expect(ids("b")).toEqual(["b/a", "b/c"]);
    expect(ids("a")).toEqual(["a"]);
    expect(ids("\udcff")).toEqual(["\udcff"]);
    expect(ids("none")).toEqual([]);
    write("work/none", "x\n");
    git("work", "add", "none");
    expect(ids("none")).toEqual(["none"]);
    git("work", "rm", "--cached", "-q", "a");
    expect(ids("a")).toEqual([]);
  });

  test("a SHA-256 repository", () => {
    const scratch = createScratch();
    scratches.push(scratch);
    const { write, git, root } = scratch;
    write("work/a", "x\n");
    git("work", "init", "-q", "--object-format=sha256");
    git("work", "add", "-A");
    const world = scratch.open("work");
    const tracked = world.git.tracked(join(root, "work"), "a");
    expect(tracked).toEqual(new Map([["a", world.git.blobId(Buffer.from("x\n"), "sha256")]]));
  });

  test("what git refuses is a reason", () => {
    const scratch = createScratch();
    scratches.push(scratch);
    const { git, root } = scratch;
    scratch.folder("work");
    git("work", "init", "-q");
    const top = join(root, "work");
    const world = scratch.open("work");
    writeFileSync(join(top, ".git/index"), "not an index");
    expect(world.git.tracked(top, "a")).toHaveProperty("reason", expect.stringMatching(/^git: /));
    appendFileSync(join(top, ".git/config"), "[broken\n");
    expect(world.git.ignoredSinceStart(top, "a", false)).toBe(false);
    expect(scratch.open("work", { gitProgram: undefined }).git.tracked(top, "")).toEqual({
      reason: "git is not installed",
    });
  });
});

describe("repository", () => {
  const scratch = createScratch();
  scratches.push(scratch);
  const { git, folder, write, root } = scratch;
  write("work/sub/file", "x\n");
  folder("work/fake/.git");
  git("work", "init", "-q");
  git("work", "add", "sub/file");
  git("work", "commit", "-qm", "first");
  git("work", "worktree", "add", "-q", "../linked");
  const world = scratch.open("work");
  const work = { top: join(root, "work"), gitDir: join(root, "work/.git") };
  test.each([
    ["work", work],
    ["work/sub/file", work],
    ["work/sub/none/at/all", work],
    ["work/fake/x", work],
    ["linked/sub", { top: join(root, "linked"), gitDir: join(root, "work/.git/worktrees/linked") }],
  ])("%s", (path, expected) => {
    expect(world.git.repository(join(root, path))).toEqual(expected);
  });
});

test("questions take pathspecs as the command line does", () => {
  const scratch = createScratch();
  scratches.push(scratch);
  const { write, git, root } = scratch;
  for (const name of ["a.ts", "b.ts", "c.js"]) write(`work/src/${name}`, "x\n");
  git("work", "init", "-q");
  git("work", "add", "-A");
  git("work", "commit", "-qm", "first");
  for (const name of ["b.ts", "c.js"]) write(`work/src/${name}`, "changed\n");
  const args = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--", "*.ts"];
  const { git: view } = scratch.open("work");
  expect(view.query(join(root, "work/src"), args)).toEqual({ ok: true, out: " M src/b.ts\0" });
});

test("status tells what git was told to pass by", () => {
  const scratch = createScratch();
  scratches.push(scratch);
  const { write, git, root } = scratch;
  for (const name of ["assumed", "skipped", "\udcff", "same", "gone"]) write(`work/src/${name}`, "x\n");
  git("work", "init", "-q");
  git("work", "add", "-A");
  git("work", "commit", "-qm", "first");
  git("work/src", "update-index", "--assume-unchanged", "assumed", "same");
  git("work/src", "update-index", "--skip-worktree", "skipped", "gone");
  for (const name of ["assumed", "skipped"]) write(`work/src/${name}`, "changed\n");
  rmSync(join(root, "work/src/gone"));
  const { git: view } = scratch.open("work");
  const ask = (...args: readonly string[]) => view.query(join(root, "work/src"), args);
  expect(git("work", "status", "--porcelain")).toBe("");
  expect(ask("status", "--porcelain", "-z")).toEqual({ ok: true, out: " M src/assumed\0 M src/skipped\0" });
  expect(ask("status", "--porcelain", "-z", "--", "skipped")).toEqual({ ok: true, out: " M src/skipped\0" });
  expect(ask("status", "--porcelain", "-z", "--", "same")).toEqual({ ok: true, out: "" });
  expect(ask("diff", "--name-only").ok).toBe(false);
  expect(ask("diff", "--name-only", "--cached")).toEqual({ ok: true, out: "" });
});

test("a repository of somebody else is a reason", () => {
  const scratch = createScratch();
  scratches.push(scratch);
  const { write, git, root } = scratch;
  write("work/a");
  git("work", "init", "-q");
  git("work", "add", "-A");
  // As git's own tests do it: no second account is needed.
  const wrapper = join(root, "git");
  writeFileSync(wrapper, `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${gitProgram} "$@"\n`, {
    mode: 0o755,
  });
  const world = scratch.open("work", { gitProgram: wrapper });
  expect(world.git.tracked(join(root, "work"), "a")).toHaveProperty(
    "reason",
    expect.stringContaining("dubious"),
  );
});

test("opening a world without git or home works", () => {
  const world = openWorld({
    startedAt: 1,
    workspace: "/",
    guardPaths: [],
    home: "/nonexistent",
    uid: 1,
    tmpdir: "/",
    shimDirectory: undefined,
    shimmed: () => false,
    salt: "",
    gitProgram: undefined,
  });
  expect(world.session.workspace).toBe("/");
  expect(world.session.temporary).not.toContain("/");
});
