import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeStale } from "../../src/launcher/stale.js";

let run: string;
let child: ChildProcess | undefined;
let server: Server | undefined;

beforeEach(() => {
  run = mkdtempSync(join(realpathSync(tmpdir()), "hp-stale-"));
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  [child, server] = [undefined, undefined];
  rmSync(run, { recursive: true, force: true });
});

/** A session's directory, last changed this many hours ago. */
function directory(id: string, hours: number): string {
  const path = join(run, `holdpoint-${id}`);
  mkdirSync(join(path, "bin"), { recursive: true });
  const then = Date.now() / 1000 - hours * 3600;
  utimesSync(path, then, then);
  return path;
}

async function left(): Promise<readonly string[]> {
  await removeStale([{ folder: run, prefix: "holdpoint-" }]);
  return readdirSync(run).toSorted();
}

test("an old one goes; a young one, and what no session made, stay", async () => {
  directory("aaaaaaa", 2);
  directory("bbbbbbb", 0.5);
  directory("notes", 2);
  mkdirSync(join(run, "other"));
  expect(await left()).toEqual(["holdpoint-bbbbbbb", "holdpoint-notes", "other"]);
});

test("one in which something still runs stays", async () => {
  directory("ccccccc", 2);
  child = spawn("sleep", ["60"], {
    env: { PATH: "/usr/bin:/bin", HOLDPOINT_SESSION: "ccccccc" },
    stdio: "ignore",
  });
  expect(await left()).toEqual(["holdpoint-ccccccc"]);
  child.kill("SIGKILL");
  await new Promise((done) => child?.once("exit", done));
  expect(await left()).toEqual([]);
});

test("one whose broker answers stays", async () => {
  const path = directory("ddddddd", 0);
  server = createServer((connection) => connection.destroy());
  await new Promise<void>((done) => server?.listen(join(path, "sock"), done));
  utimesSync(path, 0, 0);
  expect(await left()).toEqual(["holdpoint-ddddddd"]);
});
