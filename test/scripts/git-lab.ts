import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createScratch, gitProgram, type Scratch } from "../world/scratch.js";

/** What one folder of repositories holds, as far as it could be lost. */
export interface Holdings {
  /** Path → content, the git directories left out. */
  readonly files: ReadonlyMap<string, string>;
  /** Path → blob in the index of each work tree. */
  readonly indexed: ReadonlyMap<string, string>;
  /** Commits that a ref or some work tree's HEAD reaches; stashes are left out. */
  readonly commits: ReadonlySet<string>;
  /** Contents in those commits, and in the index. */
  readonly blobs: ReadonlySet<string>;
  /** Contents in those commits alone, and what a stopped merge made itself. */
  readonly kept: ReadonlySet<string>;
  /** Contents of stashes, with their paths. */
  readonly stashed: ReadonlyMap<string, string>;
  /** Commits that the remote's refs reach. */
  readonly remote: ReadonlySet<string>;
  /** HEAD, the index and the configuration, to tell whether anything was done at all. */
  readonly state: string;
}

export interface Loss {
  readonly files: readonly string[];
  readonly commits: readonly string[];
}

/** Repositories in `live`: `work`, `remote.git` and what a state adds. Each state is made once, and copied for each form. */
export interface Lab {
  readonly scratch: Scratch;
  readonly work: string;
  save(name: string): void;
  load(name: string): void;
  look(): Holdings;
  /** Changes whenever something is written; tells in no time that nothing was. */
  print(): string;
  /** Runs git for real; its status is nobody's business. */
  run(words: readonly string[], input: string): void;
}

export function createLab(): Lab {
  const scratch = createScratch();
  const live = join(scratch.root, "live");
  const work = join(live, "work");
  mkdirSync(work, { recursive: true });
  return {
    scratch,
    work,
    save: (name) => execFileSync("cp", ["-a", live, join(scratch.root, name)]),
    load(name) {
      rmSync(live, { recursive: true });
      execFileSync("cp", ["-a", join(scratch.root, name), live]);
    },
    look: () => look(live, scratch),
    print: () => print(live),
    run(words, input) {
      spawnSync(gitProgram, words, { cwd: work, env: env(scratch), input, timeout: 10_000 });
    },
  };
}

export function env({ home }: Scratch): Record<string, string> {
  return {
    PATH: `${dirname(gitProgram)}:/usr/bin:/bin`,
    HOME: home,
    GIT_EDITOR: "true",
    GIT_AUTHOR_NAME: "dev",
    GIT_AUTHOR_EMAIL: "dev@example.com",
    GIT_COMMITTER_NAME: "dev",
    GIT_COMMITTER_EMAIL: "dev@example.com",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "protocol.file.allow",
    GIT_CONFIG_VALUE_0: "always",
  };
}

function look(live: string, scratch: Scratch): Holdings {
  const work = join(live, "work");
  const files = new Map<string, string>();
  walk(live, (path) => files.set(relative(live, path), readFileSync(path, "latin1")));
  const hasStash = existsSync(join(work, ".git/logs/refs/stash"));
  const stashes = hasStash ? ask(scratch, work, "rev-list", "-g", "refs/stash", "--") : [];
  const stashed = stashes.flatMap((id) =>
    [id, `${id}^2`, `${id}^3`].flatMap((name) => tree(scratch, work, name)),
  );
  // A commit stands alone on its line; trees and blobs have a path behind them, if an empty one.
  const objects = ask(scratch, work, "rev-list", "--objects", "--exclude=refs/stash", "--all");
  const indexed = ["work", "linked", "work/sub"]
    .filter((name) => existsSync(join(live, name, ".git")))
    .flatMap((name) => inIndex(scratch, live, name));
  const module = join(work, ".git/modules/sub");
  const inner = existsSync(module)
    ? ask(scratch, module, "--work-tree=.", "rev-list", "--objects", "--all")
    : [];
  const isMerging = existsSync(join(work, ".git/AUTO_MERGE"));
  const merged = isMerging ? tree(scratch, work, "AUTO_MERGE") : [];
  return {
    files,
    indexed: new Map(indexed),
    commits: new Set([...objects, ...inner].filter((line) => !line.includes(" "))),
    blobs: new Set([...objects.map(idOf), ...indexed.map(([, id]) => id), ...inner.map(idOf)]),
    kept: new Set([...objects.map(idOf), ...inner.map(idOf), ...merged.map(([id]) => id)]),
    stashed: new Map(stashed),
    remote: new Set(ask(scratch, join(live, "remote.git"), "rev-list", "--all")),
    state: ["HEAD", "index", "config", "packed-refs"]
      .map((name) => readIf(join(work, ".git", name)))
      .join("\n"),
  };
}

function inIndex(scratch: Scratch, live: string, name: string): readonly (readonly [string, string])[] {
  return ask(scratch, join(live, name), "ls-files", "-s").flatMap((line) => {
    const [, mode, id = "", path = ""] = /^(\d+) (\w+) \d\t(.*)$/.exec(line) ?? [];
    return mode === "160000" ? [] : [[`${name}/${path}`, id] satisfies [string, string]];
  });
}

/** Names, sizes, inodes and times of all that is there. */
function print(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return `${entry.name}/${print(path)}`;
      const { size, ino, ctimeMs } = lstatSync(path);
      return `${entry.name} ${size} ${ino} ${ctimeMs}`;
    })
    .join("\n");
}

function readIf(path: string): string {
  return existsSync(path) ? readFileSync(path, "latin1") : "";
}

/** What was there before, is nowhere after, and was more than what a commit holds. */
export function lossBetween(before: Holdings, after: Holdings): Loss {
  const contents = new Set(after.files.values());
  const files = [...before.files]
    .filter(([, content]) => !before.kept.has(blobId(content)))
    .filter(
      ([, content]) =>
        !contents.has(content) && !after.blobs.has(blobId(content)) && !after.stashed.has(blobId(content)),
    )
    .map(([path]) => path);
  const ids = new Set([...contents].map(blobId));
  const staged = [...before.indexed]
    .filter(([, id]) => !before.kept.has(id))
    .filter(([, id]) => !ids.has(id) && !after.blobs.has(id) && !after.stashed.has(id))
    .map(([path]) => path);
  const stashed = [...before.stashed].filter(
    ([id]) => !before.kept.has(id) && !after.stashed.has(id) && !after.blobs.has(id) && !ids.has(id),
  );
  const here = [...before.commits].filter((id) => !after.commits.has(id));
  const there = [...before.remote].filter((id) => !after.remote.has(id) && !after.commits.has(id));
  return {
    files: [...new Set([...files, ...staged, ...stashed.map(([, path]) => `work/${path}`)])],
    commits: [...new Set([...here, ...there])],
  };
}

function walk(folder: string, visit: (path: string) => void): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^(\.git|remote\.git|sub\.git)$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, visit);
    else if (entry.isFile()) visit(path);
  }
}

function ask(scratch: Scratch, cwd: string, ...args: readonly string[]): readonly string[] {
  const result = spawnSync(gitProgram, args, { cwd, env: env(scratch), encoding: "utf8" });
  return result.status === 0 ? result.stdout.split("\n").filter((line) => line !== "") : [];
}

/** Id and path of each blob in a tree. */
function tree(scratch: Scratch, work: string, name: string): readonly (readonly [string, string])[] {
  return ask(scratch, work, "ls-tree", "-r", name).map((line): [string, string] => {
    const [, , id = "", path = ""] = line.split(/\s/);
    return [id, path];
  });
}

function idOf(line: string): string {
  return line.split(" ")[0] ?? "";
}

function blobId(content: string): string {
  const bytes = Buffer.from(content, "latin1");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** A repository with a remote: main and `shared` pushed, `topic` never, `merged` in main, `squashed` there by content. */
export function buildBase(lab: Lab): void {
  const { scratch, work } = lab;
  const live = dirname(work);
  const git = (...args: readonly string[]) => real(lab, ...args);
  mkdirSync(join(live, "remote.git"));
  execFileSync(gitProgram, ["init", "-q", "--bare", "--template=", "-b", "main", join(live, "remote.git")], {
    env: env(scratch),
  });
  git("init", "-q", "--template=", "-b", "main");
  git("config", "gc.auto", "0");
  ignoreTimes(lab);
  put(work, "a.txt", "one\n");
  put(work, "dir/b.txt", "two\n");
  put(work, ".gitignore", "*.log\nbuild/\n");
  commit(lab, "Begin");
  git("branch", "merged");
  git("tag", "v1");
  put(work, "a.txt", "one more\n");
  commit(lab, "Go on");
  git("remote", "add", "origin", "../remote.git");
  git("push", "-q", "-u", "origin", "main");
  git("remote", "set-head", "origin", "main");
  branchWith(lab, "topic", "t.txt", "Topic");
  branchWith(lab, "shared", "p.txt", "Share");
  git("push", "-q", "origin", "shared");
  branchWith(lab, "squashed", "q.txt", "Squash me");
  git("push", "-q", "origin", "squashed");
  git("switch", "-q", "--detach", "main");
  put(work, "l.txt", "lone\n");
  commit(lab, "Lone");
  git("tag", "lone");
  git("switch", "-q", "main");
  put(work, "q.txt", "content of squashed\n");
  commit(lab, "Squashed");
  git("push", "-q", "origin", "main");
}

function branchWith(lab: Lab, name: string, file: string, subject: string): void {
  real(lab, "switch", "-q", "-c", name, "main");
  put(lab.work, file, `content of ${name}\n`);
  commit(lab, subject);
  real(lab, "switch", "-q", "main");
}

/** A copied file has another inode and another time of change. */
export function ignoreTimes(lab: Lab): void {
  real(lab, "config", "core.checkStat", "minimal");
  real(lab, "config", "core.trustctime", "false");
}

export function commit(lab: Lab, subject: string): void {
  real(lab, "add", "-A");
  real(lab, "commit", "-q", "-m", subject);
}

export function real(lab: Lab, ...args: readonly string[]): void {
  execFileSync(gitProgram, args, { cwd: lab.work, env: env(lab.scratch), stdio: "pipe" });
}

export function put(folder: string, name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
