import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBlobs, walkHistory } from "../../src/credentials/git-history.js";
import { openGitStream } from "../../src/world/git-stream.js";

let top = "";
const program = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
const git = openGitStream(program, "/nonexistent");
const signal = new AbortController().signal;

function run(...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync(program, [...identity, ...args], {
    cwd: top,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function commit(message: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(top, name, ".."), { recursive: true });
    writeFileSync(join(top, name), text);
  }
  run("add", "-A");
  run("commit", "-qm", message, "--allow-empty");
}

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), "holdpoint-history-"));
  run("init", "-q");
});

afterAll(() => rmSync(top, { recursive: true, force: true }));

async function contents(paths: readonly string[] | undefined, reflog = false): Promise<readonly string[]> {
  const walked = await walkHistory({ git, top, paths, reflog, signal });
  if (!walked.ok) throw new Error(walked.reason);
  const texts = new Map<string, string>();
  const read = await readBlobs(
    { git, top, signal },
    [...new Set(walked.files.map(({ blob }) => blob))],
    1 << 20,
    (id, bytes) => void texts.set(id, bytes.toString("utf8")),
  );
  expect(read).toEqual({ ok: true, missing: 0 });
  return walked.files.map(({ path, blob }) => `${path}=${texts.get(blob)}`).toSorted();
}

test("before the first commit there is nothing", async () => {
  expect(await contents(undefined)).toEqual([]);
});

test("branches, merges, stashes, removed files; what nothing leads to only if asked for", async () => {
  commit("one", { "a.env": "first", "dir/é\n.txt": "odd name", "*.env": "a star" });
  run("checkout", "-qb", "side");
  commit("side", { "side.env": "only there" });
  run("checkout", "-q", "main");
  commit("two", { "a.env": "second" });
  run("merge", "-q", "--no-ff", "--no-commit", "side");
  // In no parent: it stands in the merge alone.
  commit("merge", { "evil.env": "by the merge" });
  commit("empty", { "empty.env": "" });
  writeFileSync(join(top, "a.env"), "stashed");
  run("stash", "-q");
  commit("lost", { "lost.env": "nothing leads here" });
  run("reset", "-q", "--hard", "HEAD~1");
  run("rm", "-q", "side.env");
  commit("removed", {});
  const all = [
    "*.env=a star",
    "a.env=first",
    "a.env=second",
    "a.env=stashed",
    "dir/é\n.txt=odd name",
    "empty.env=",
    "evil.env=by the merge",
    "side.env=only there",
  ];
  expect(await contents(undefined)).toEqual(all);
  expect(await contents(undefined, true)).toEqual([...all, "lost.env=nothing leads here"].toSorted());
  // A path is a path, whatever signs it has.
  expect(await contents(["*.env"])).toEqual(["*.env=a star"]);
  expect(await contents(["a.env", "nosuch"])).toEqual(all.filter((one) => one.startsWith("a.env")));
});

test("the oldest commit is told, in milliseconds", async () => {
  const walked = await walkHistory({ git, top, paths: ["side.env"], reflog: false, signal });
  const [id, time] = run("log", "--all", "--format=%H %ct", "--grep=^side$").trim().split(" ");
  expect(walked).toMatchObject({
    ok: true,
    files: [{ path: "side.env", commit: { id, time: Number(time) * 1000 } }],
  });
});

test("large contents come whole, and those above the size not at all", async () => {
  const large = "0123456789\n".repeat(60_000);
  commit("large", { "large.txt": large, "larger.txt": large + large });
  const ids = ["large.txt", "larger.txt"].map((name) => run("rev-parse", `HEAD:${name}`).trim());
  const got: number[] = [];
  await readBlobs({ git, top, signal }, [...ids, "f".repeat(40)], 1 << 20, (_, bytes) =>
    got.push(bytes.length),
  );
  expect(got).toEqual([large.length]);
});

test("a time that ran out is no answer", async () => {
  const walked = await walkHistory({
    git,
    top,
    paths: undefined,
    reflog: false,
    signal: AbortSignal.abort(),
  });
  expect(walked).toEqual({ ok: false, reason: "the time ran out" });
});
