import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { World } from "../../src/model/world.js";
import { createScratch } from "./scratch.js";

/** Every setting by which a repository could have a program started, each of them leaving a marker of its own. */
const scratch = createScratch();
afterAll(() => scratch.remove());
const { root, write, append, git } = scratch;
const top = join(root, "work");

const programs = [
  ["core.fsmonitor", (program: string) => program],
  ["core.sshCommand", (program: string) => program],
  ["core.gitProxy", (program: string) => program],
  ["core.pager", (program: string) => program],
  ["core.editor", (program: string) => program],
  ["core.askPass", (program: string) => program],
  ["core.alternateRefsCommand", (program: string) => program],
  ["pager.status", (program: string) => program],
  ["pager.diff", (program: string) => program],
  ["diff.external", (program: string) => program],
  ["diff.mark.command", (program: string) => program],
  ["diff.mark.textconv", (program: string) => program],
  ["filter.mark.clean", (program: string) => `${program}; cat`],
  ["filter.mark.smudge", (program: string) => `${program}; cat`],
  ["filter.long.process", (program: string) => program],
  ["filter.a.b.clean", (program: string) => `${program}; cat`],
  ["merge.mark.driver", (program: string) => program],
  ["credential.helper", (program: string) => `!${program}`],
  ["gpg.program", (program: string) => program],
  ["alias.status", (program: string) => `!${program}`],
  ["alias.ls-files", (program: string) => `!${program}`],
  ["alias.mark", (program: string) => `!${program}`],
  ["remote.origin.uploadpack", (program: string) => program],
  ["sequence.editor", (program: string) => program],
  ["trace2.eventTarget", () => join(root, "marks/trace")],
] as const;

const questions: readonly (readonly [string, (world: World) => unknown])[] = [
  ["tracked", ({ git: view }) => view.tracked(top, "")],
  ["ignoredSinceStart", ({ git: view }) => view.ignoredSinceStart(top, "made.o", false)],
  ["repository", ({ git: view }) => view.repository(join(top, "a.txt"))],
  ...[
    ["status"],
    ["status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all", "--ignored"],
    ["diff", "--name-only"],
    ["diff", "--name-only", "HEAD"],
    ["diff", "--name-status", "--cached", "-z"],
    ["diff", "--quiet"],
    ["rev-parse", "--verify", "HEAD"],
    ["for-each-ref", "--format=%(refname) %(objectname)"],
    ["merge-base", "HEAD", "HEAD"],
    ["rev-list", "--count", "HEAD"],
    ["config", "--get", "remote.origin.url"],
    ["cat-file", "-t", "HEAD"],
    ["ls-files", "-s", "-z"],
    ["cat-file", "-p", "1".repeat(40)],
    ["rev-list", "1".repeat(40)],
    ["symbolic-ref", "--short", "HEAD"],
    ["mark"],
    ["log", "--show-signature"],
    ["for-each-ref", "--format=%(signature)"],
    ["rev-list", "--alternate-refs", "--all"],
    ["config", "core.pager", "x"],
    ["config", "--get", "x", "--file", "y"],
    ["-c", "core.pager=x", "status"],
    ["diff", "--ext-diff"],
    ["diff", "--textconv"],
    ["cat-file", "--textconv", "HEAD:a.mark"],
    ["cat-file", "--filters", "HEAD:a.mark"],
  ].map((args): [string, (world: World) => unknown] => [
    `query ${args.join(" ")}`,
    ({ git: view }) => view.query(top, args),
  ]),
];

const world = prepare();

describe("asking git runs nothing of the repository's", () => {
  afterEach(() => scratch.clear("marks"));

  test("the traps are armed", () => {
    write("work/a.mark", "same\n");
    write("work/c.long", "same\n");
    for (const args of [
      ["status"],
      ["diff"],
      ["mark"],
      ["hash-object", "d.dot"],
      ["cat-file", "-p", "1".repeat(40)],
    ])
      runAnyhow(args);
    expect(scratch.list("marks")).toEqual(
      expect.arrayContaining([
        "core.fsmonitor",
        "filter.mark.clean",
        "filter.a.b.clean",
        "filter.long.process",
        "alias.mark",
        "remote.origin.uploadpack",
      ]),
    );
  });

  test.each(questions)("%s", (_name, ask) => {
    // A changed time makes git look at the content again, which is when filters run.
    write("work/a.mark", "same\n");
    write("work/b.mark", "changed\n");
    ask(world);
    expect(scratch.list("marks")).toEqual([]);
  });

  test("allowed questions are answered, others refused", () => {
    const answers = questions
      .filter(([name]) => name.startsWith("query "))
      .map(([name, ask]) => [name.slice(6), Boolean(Object(ask(world)).ok)]);
    expect(answers.filter(([, ok]) => !ok).map(([name]) => name)).toEqual([
      "diff --quiet",
      `cat-file -p ${"1".repeat(40)}`,
      `rev-list ${"1".repeat(40)}`,
      "mark",
      "log --show-signature",
      "for-each-ref --format=%(signature)",
      "rev-list --alternate-refs --all",
      "config core.pager x",
      "config --get x --file y",
      "-c core.pager=x status",
      "diff --ext-diff",
      "diff --textconv",
      "cat-file --textconv HEAD:a.mark",
      "cat-file --filters HEAD:a.mark",
    ]);
  });
});

/** The traps' own noise makes git fail. */
function runAnyhow(args: readonly string[]): void {
  try {
    git("work", ...args);
  } catch {
    return;
  }
}

function prepare(): World {
  scratch.folder("marks");
  scratch.folder("work");
  git("work", "init", "-q");
  for (const name of ["a.txt", "a.mark", "b.mark", "c.long", "d.dot"]) write(`work/${name}`, "same\n");
  write("work/.gitignore", "*.o\n");
  git("work", "add", "-A");
  git("work", "commit", "-qm", "first");
  write(
    "work/.gitattributes",
    "*.mark filter=mark diff=mark merge=mark\n*.long filter=long\n*.dot filter=a.b\n",
  );
  git("work", "add", ".gitattributes");
  for (const hook of ["post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"])
    trap(`work/.git/hooks/${hook}`, hook);
  let config = `[remote "origin"]\n\turl = file://${join(root, "origin.git")}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`;
  for (const [name, value] of programs) {
    const [section = "", key = ""] = [
      name.slice(0, name.lastIndexOf(".")),
      name.slice(name.lastIndexOf(".") + 1),
    ];
    const dot = section.indexOf(".");
    const header = dot < 0 ? section : `${section.slice(0, dot)} "${section.slice(dot + 1)}"`;
    config += `[${header}]\n\t${key} = "${value(trap(`traps/${name}`, name))}"\n`;
  }
  write("included", config);
  append(
    "work/.git/config",
    `[include]\n\tpath = ${join(root, "included")}\n[extensions]\n\tpartialClone = origin\n`,
  );
  write("work/a.mark", "same\n");
  return scratch.open("work");
}

function trap(path: string, name: string): string {
  write(path, `#!/bin/sh\n: > '${join(root, "marks", name)}'\n`);
  chmodSync(join(root, path), 0o755);
  return join(root, path);
}
