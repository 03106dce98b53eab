import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type FileEffect, plainEffect } from "../../src/model/effect.js";
import type { World } from "../../src/model/world.js";
import { settle } from "../../src/settle/settle.js";
import { createScratch } from "../world/scratch.js";

const scratch = createScratch();
afterAll(() => scratch.remove());

const cases: readonly (readonly [what: string, effect: string, expected: string])[] = [
  // One file in the workspace.
  ["tracked and clean", "rm work/src/clean.ts", "workspace git: git holds this very content"],
  ["tracked, changed", "rm work/src/changed.ts", "workspace none: changed since git last got it"],
  [
    "changed under assume-unchanged",
    "rm work/src/assumed.ts",
    "workspace none: changed since git last got it",
  ],
  ["changed under skip-worktree", "rm work/src/skipped.ts", "workspace none: changed since git last got it"],
  ["staged, never committed", "rm work/src/staged.ts", "workspace git: git holds this very content"],
  ["staged, then changed", "rm work/src/staged-changed.ts", "workspace none: changed since git last got it"],
  ["CRLF of an LF blob", "rm work/src/crlf.txt", "workspace git: git holds this very content"],
  [
    "entry whose object is nowhere",
    "rm work/src/forged.txt",
    "workspace none: untracked, from before the session",
  ],
  [
    "tracked, saved anew by the session",
    "rm work/src/saved.ts",
    "workspace none: changed since git last got it",
  ],
  ["newline in the name", "rm work/src/new\nline", "workspace git: git holds this very content"],
  ["name that is no UTF-8", "rm work/src/\udcff\udcfe.txt", "workspace git: git holds this very content"],
  [
    "name that is no UTF-8, untracked",
    "rm work/\udcff",
    "workspace none: untracked, from before the session",
  ],
  ["untracked", "rm work/thesis.tex", "workspace none: untracked, from before the session"],
  ["untracked and empty", "rm work/empty", "workspace recreate: empty"],
  ["ignored .env", "rm work/.env", "workspace none: untracked, from before the session"],
  ["ignored database", "rm work/db.sqlite", "workspace none: untracked, from before the session"],
  ["ignored state", "rm work/terraform.tfstate", "workspace none: untracked, from before the session"],
  ["made in this session", "rm work/made.py", "workspace recreate: made in this session"],
  ["moved in this session", "rm work/moved.txt", "workspace none: untracked, from before the session"],
  ["missing", "rm work/nowhere", "workspace needless: does not exist"],
  ["link out of the workspace", "rm work/link-out", "workspace recreate: only a link"],
  ["file behind a linked folder", "rm work/linked/keep.txt", "outside none: outside the workspace"],
  ["ignored object file", "rm work/main.o", "workspace recreate: build output"],
  ["byte code", "rm work/src/a.pyc", "workspace recreate: build output"],
  // Writing.
  ["overwriting a clean file", "> work/src/clean.ts", "workspace git: git holds this very content"],
  ["overwriting a changed file", "> work/src/changed.ts", "workspace none: changed since git last got it"],
  ["overwriting an empty file", "> work/empty", "workspace needless: holds no content"],
  ["overwriting through a link", "> work/link-out", "outside none: outside the workspace"],
  ["writing a new file", "> work/nowhere", "workspace needless: does not exist"],
  ["writing through a dangling link", "> work/dangling", "outside needless: does not exist"],
  // Trees.
  ["tree, all clean", "rm -r work/lib", "workspace git (2 files): git holds what would be lost"],
  ["tree with a changed file", "rm -r work/src/..", "protected none (all): not to be had again as a whole"],
  [
    "tree with untracked files",
    "rm -r work/mixed",
    "workspace none (6 files): untracked, from before the session: a.txt, b.txt, c.txt and 1 more",
  ],
  ["empty folders", "rm -r work/hollow", "workspace recreate (0 files): holds nothing that would be lost"],
  [
    "folder of links",
    "rm -r work/links",
    "workspace recreate (1 files): made in this session or build output",
  ],
  [
    "tree made in this session",
    "rm -r work/scaffold",
    "workspace recreate (2 files): made in this session or build output",
  ],
  [
    "own tree with an old file moved in",
    "rm -r work/trap",
    "workspace none (2 files): untracked, from before the session: old.txt",
  ],
  ["linked work tree, clean", "rm -r work/trees/clean", "workspace git"],
  ["linked work tree, changed", "rm -r work/trees/changed", "workspace none"],
  ["submodule, clean", "rm -r work/sub", "workspace git (2 files): git holds what would be lost"],
  ["file of a submodule", "rm work/sub/s.txt", "workspace git: git holds this very content"],
  ["clone from before", "rm -r work/clone", "workspace none (1 files): holds a git repository: .git"],
  ["clone of this session", "rm -r work/fresh", "workspace git (1 files): git holds what would be lost"],
  ["history of a clone of this session", "rm -r work/fresh/.git", "workspace recreate"],
  [
    "bare repository",
    "rm -r work/bare",
    "workspace none (0 files): holds a git repository: the folder itself",
  ],
  // Build output.
  ["node_modules", "rm -r work/node_modules", 'workspace recreate (?): build output in "node_modules"'],
  [
    "file in node_modules",
    "rm work/node_modules/a/.env",
    'workspace recreate: build output in "node_modules"',
  ],
  ["build", "rm -r work/build", 'workspace recreate (?): build output in "build"'],
  [
    "dist with a secret",
    "rm -r work/dist",
    "workspace none (2 files): untracked, from before the session: .env",
  ],
  ["file of dist", "rm work/dist/app.js", 'workspace recreate: build output in "dist"'],
  ["secret in dist", "rm work/dist/.env", "workspace none: untracked, from before the session"],
  [
    "name that is not ignored",
    "rm -r work/side/out",
    "workspace none (1 files): untracked, from before the session: a.js",
  ],
  [
    "tracked in spite of the rule",
    "rm -r work/target",
    "workspace none (2 files): untracked, from before the session: made.txt; changed since git last got it: t.txt",
  ],
  [
    "thesis moved to a known name",
    "rm -r work/packages/node_modules",
    "workspace none (1 files): untracked, from before the session: thesis.tex",
  ],
  [
    "thesis moved into output",
    "rm -r work/coverage",
    "workspace none (2 files): untracked, from before the session: notes.txt",
  ],
  [
    "ignored by the session's info/exclude",
    "rm -r work/out",
    "workspace none (1 files): untracked, from before the session: o.js",
  ],
  ["tree with output inside", "rm -r work/app", "workspace git (1 files): git holds what would be lost"],
  // Places.
  ["the workspace", "rm -r work", "protected none (all): not to be had again as a whole"],
  ["above the workspace and the guard", "rm -r .", "guard none (?): belongs to the guard"],
  ["history", "rm -r work/.git", "protected none (all): not to be had again as a whole"],
  ["inside history", "rm work/.git/HEAD", "protected none (all): not to be had again as a whole"],
  ["lock of git", "rm work/.git/index.lock", "workspace recreate: a lock file of git"],
  [
    "pointer of a work tree",
    "rm work/trees/clean/.git",
    "protected none (all): not to be had again as a whole",
  ],
  ["the home", "rm home", "protected none (all): not to be had again as a whole"],
  ["the root", "rm -r /", "guard none (?): belongs to the guard"],
  ["a system folder", "rm -r /etc", "protected none (all): not to be had again as a whole"],
  ["the guard's file", "rm home/.config/holdpoint/config.yaml", "guard none: belongs to the guard"],
  ["above the guard's files", "rm -r home/.config", "guard none (?): belongs to the guard"],
  ["moving above the guard's files", "mv home/.config", "guard needless"],
  ["outside", "rm -r other", "outside none (1 files): outside the workspace: keep.txt"],
  ["outside, made in this session", "rm session.txt", "outside recreate: made in this session"],
  ["a device", "> /dev/sda", "device none: a device, not there now"],
  ["nowhere", "> /dev/null", "outside needless: a stream keeps nothing"],
  ["the null device itself", "rm /dev/null", "device none: a device"],
  ["moving", "mv work/thesis.tex", "workspace needless"],
];

const world = prepare();

describe("what a file effect loses", () => {
  test.each(cases)("%s: %j", (_what, words, expected) => {
    const [effect] = settle([read(words)], world, []);
    expect(effect?.resource === "file" && show(effect, expected.includes(":"))).toBe(expected);
  });
});

function read(words: string): FileEffect {
  const [, verb = "", flag = "", path = ""] = /^(rm|>|mv)( -r)? (.*)$/s.exec(words) ?? [];
  const target = path.startsWith("/") ? path : path === "." ? scratch.root : join(scratch.root, path);
  const recursive = flag !== "";
  return {
    ...plainEffect(verb, verb === "rm" ? "delete" : "modify", target),
    resource: "file",
    place: "unknown",
    recursive,
    aspect: verb === "mv" ? "name" : "content",
    extent: recursive ? { kind: "unknown" } : { kind: "exact", count: 1, unit: "files" },
  };
}

function show({ place, recovery, extent, because, recursive }: FileEffect, isWhole: boolean): string {
  const amount = extent.kind === "exact" ? `${extent.count} files` : extent.kind === "all" ? "all" : "?";
  const shownExtent = extent.kind === "all" || (recursive && isWhole) ? ` (${amount})` : "";
  return `${place} ${recovery}${shownExtent}${isWhole ? `: ${because.replace(/ \((of )?\d+ files?, [\d.]+ k?B\)$/, "")}` : ""}`;
}

function prepare(): World {
  const { write, append, folder, git, root } = scratch;
  folder("work/src");
  git("work", "init", "-q");
  write(
    "work/.gitignore",
    ".env\n*.sqlite\n*.tfstate\nnode_modules\n/build/\ndist/\ntarget/\n*.o\ncoverage\n!keep\n",
  );
  for (const name of [
    "clean.ts",
    "changed.ts",
    "assumed.ts",
    "skipped.ts",
    "new\nline",
    "\udcff\udcfe.txt",
    "saved.ts",
  ])
    write(`work/src/${name}`, "first\n");
  write("work/src/crlf.txt", "one\ntwo\n");
  write("work/src/staged-changed.ts", "first\n");
  write("work/lib/a.ts");
  write("work/lib/b.ts");
  write("work/app/index.ts");
  write("work/mixed/tracked.txt");
  write("work/mixed/t2.txt");
  write("work/target/t.txt");
  git("work", "add", "-A");
  git("work", "add", "-f", "target/t.txt");
  git("work", "commit", "-qm", "first");
  write("sub-origin/s.txt");
  git("sub-origin", "init", "-q");
  git("sub-origin", "add", "-A");
  git("sub-origin", "commit", "-qm", "first");
  git("work", "submodule", "--quiet", "add", "../sub-origin", "sub");
  git("work", "worktree", "add", "-q", "trees/clean", "HEAD");
  git("work", "worktree", "add", "-q", "-b", "other", "trees/changed", "HEAD");
  append("work/trees/changed/src/clean.ts", "more\n");
  write("work/src/staged.ts");
  git("work", "add", "src/staged.ts");
  append("work/src/staged-changed.ts", "second\n");
  git("work", "add", "src/staged-changed.ts");
  append("work/src/staged-changed.ts", "third\n");
  append("work/src/changed.ts", "more\n");
  git("work", "update-index", "--assume-unchanged", "src/assumed.ts");
  append("work/src/assumed.ts", "more\n");
  git("work", "update-index", "--skip-worktree", "src/skipped.ts");
  append("work/src/skipped.ts", "more\n");
  write("work/src/crlf.txt", "one\r\ntwo\r\n");
  write("work/src/forged.txt", "precious\n");
  const id = git("work", "hash-object", "src/forged.txt").trim();
  git("work", "update-index", "--add", "--cacheinfo", `100644,${id},src/forged.txt`);
  write("work/target/made.txt");
  append("work/target/t.txt", "more\n");
  for (const name of ["a", "b", "c", "d"]) write(`work/mixed/${name}.txt`);
  for (const path of [
    ".env",
    "db.sqlite",
    "terraform.tfstate",
    "thesis.tex",
    "main.o",
    "src/a.pyc",
    "\udcff",
    "moving.txt",
  ])
    write(`work/${path}`);
  write("work/empty", "");
  write("work/hollow/a/b/c/x");
  rmSync(join(root, "work/hollow/a/b/c/x"));
  write("other/keep.txt");
  folder("work/links");
  symlinkSync("x", join(root, "work/links/x"));
  symlinkSync(join(root, "other/keep.txt"), join(root, "work/link-out"));
  symlinkSync(join(root, "other/none"), join(root, "work/dangling"));
  symlinkSync(join(root, "other"), join(root, "work/linked"));
  write("work/clone/c.txt", "in a clone.\n");
  git("work/clone", "init", "-q");
  git("work/clone", "add", "-A");
  git("work", "init", "-q", "--bare", "bare");
  write("work/node_modules/a/index.js");
  write("work/node_modules/a/.env");
  write("work/app/node_modules/b/index.js");
  write("work/build/out.js");
  write("work/build/deep/er/out.js");
  write("work/dist/app.js");
  write("work/dist/.env");
  write("work/side/out/a.js");
  write("work/out/o.js");
  write("work/coverage/lcov.info");
  write("work/notes.txt");
  write("work/thesis/thesis.tex");
  folder("work/packages");
  write("work/old.txt");
  write("work/.git/index.lock", "x");
  write("home/.config/holdpoint/config.yaml");
  const opened = scratch.open("work", { guardPaths: [join(root, "home/.config/holdpoint")] });
  write("work/made.py");
  write("session.txt");
  write("work/scaffold/package.json");
  write("work/scaffold/src/x.js", "x\n");
  write("work/trap/new.txt");
  renameSync(join(root, "work/old.txt"), join(root, "work/trap/old.txt"));
  renameSync(join(root, "work/moving.txt"), join(root, "work/moved.txt"));
  renameSync(join(root, "work/thesis"), join(root, "work/packages/node_modules"));
  renameSync(join(root, "work/notes.txt"), join(root, "work/coverage/notes.txt"));
  rmSync(join(root, "work/src/saved.ts"));
  write("work/src/saved.ts", "second\n");
  append("work/.git/info/exclude", "out\n");
  git("work", "clone", "-q", "./clone/.git", "fresh2");
  mkdirSync(join(root, "work/fresh"));
  write("work/fresh/c.txt", "in a clone.\n");
  git("work/fresh", "init", "-q");
  git("work/fresh", "add", "-A");
  linkSync(join(root, "work/thesis.tex"), join(root, "work/thesis-link.tex"));
  truncateSync(join(root, "work/made.py"), 1);
  return opened;
}
