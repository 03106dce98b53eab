import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Links } from "../../src/launcher/links.js";
import { makeSessionDirectory, type SessionDirectory } from "../../src/launcher/session-dir.js";
import { buildSteward } from "./steward.js";

let base: string;
let program: string;
let directory: SessionDirectory;
const children: ChildProcess[] = [];

beforeAll(() => {
  base = mkdtempSync(join(realpathSync(tmpdir()), "hp-steward-"));
  program = buildSteward(base);
  mkdirSync(join(base, "rc"));
  mkdirSync(join(base, "run"));
  mkdirSync(join(base, "tools"));
  writeFileSync(join(base, "shim"), "#!/bin/sh\nexit 126\n", { mode: 0o755 });
  for (const name of ["rm", "psql", "other"]) writeFileSync(join(base, "tools", name), "", { mode: 0o755 });
  writeFileSync(join(base, "tools", "git"), "", { mode: 0o644 });
  mkdirSync(join(base, "tools", "find"));
  symlinkSync("nowhere", join(base, "tools", "dd"));
  symlinkSync("psql", join(base, "tools", "pg_dump"));
});

beforeEach(async () => {
  directory = await makeSessionDirectory({
    places: [{ folder: join(base, "run"), prefix: "" }],
    shim: { kind: "native", path: join(base, "shim") },
    rc: join(base, "rc"),
    steward: program,
  });
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(base, { recursive: true, force: true });
});

/** Linux: our own children that run the steward. */
function stewards(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        linkOf(`/proc/${pid}/exe`) === program && linkOf(`/proc/${pid}/cwd`).startsWith(directory.path),
    )
    .map(Number);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

test("links the names that are programs, each to the shim", async () => {
  const names = ["git", "rm", "psql", "find", "dd", "pg_dump", "mv"];
  const linked = await directory.steward?.link([join(base, "nowhere"), join(base, "tools")], names);
  expect([...(linked ?? [])].sort()).toEqual(["pg_dump", "psql", "rm"]);
  expect(readdirSync(directory.bin).sort()).toEqual(["holdpoint-ask", "pg_dump", "psql", "rm"]);
  expect(statSync(join(directory.bin, "rm")).ino).toBe(statSync(directory.shim).ino);
  await directory.remove();
});

test("a name that is linked already counts, and what a PATH brings later is linked as before", async () => {
  linkSync(directory.shim, join(directory.bin, "rm"));
  const links = new Links(directory.bin, directory.shim, ["rm", "psql", "late"]);
  const { steward } = directory;
  if (steward === undefined) throw new Error("it has none");
  await links.noteBy(steward, `${base}/tools:${base}/tools`);
  expect([...links.names].sort()).toEqual(["psql", "rm"]);
  const later = mkdtempSync(join(base, "later-"));
  writeFileSync(join(later, "late"), "", { mode: 0o755 });
  links.note(`${base}/tools:${later}`);
  expect(links.has("late")).toBe(true);
  links.close();
  await directory.remove();
});

test("knows the processes of a session by their environment, and no others", async () => {
  const start = (session: string) =>
    new Promise<number>((resolve) => {
      const env = { PATH: "/usr/bin:/bin", LONG: "x".repeat(70_000), HOLDPOINT_SESSION: session };
      const child = spawn("sh", ["-c", "echo; exec sleep 60"], { env, stdio: ["ignore", "pipe", "ignore"] });
      children.push(child);
      child.stdout.once("data", () => resolve(child.pid ?? 0));
    });
  const ours = await start(directory.id);
  await start(`${directory.id}x`);
  expect(await directory.steward?.left(directory.id)).toEqual([ours]);
  await directory.remove();
});

test("takes all away, follows no link, and ends", async () => {
  const outside = mkdtempSync(join(base, "outside-"));
  writeFileSync(join(outside, "kept"), "");
  symlinkSync(outside, join(directory.path, "link"));
  mkdirSync(join(directory.rc, "deep", "er"), { recursive: true });
  writeFileSync(join(directory.rc, "deep", "er", "file"), "");
  await directory.remove();
  expect([existsSync(directory.path), existsSync(join(outside, "kept"))]).toEqual([false, true]);
});

test("where an agent ended it, or stopped it, all is done without it", async () => {
  if (process.platform !== "linux") return;
  const [pid = 0] = stewards();
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, "SIGKILL");
  expect(await directory.steward?.left(directory.id)).toBe(undefined);
  const links = new Links(directory.bin, directory.shim, ["rm"]);
  const { steward } = directory;
  if (steward !== undefined) await links.noteBy(steward, `${base}/tools`);
  expect(links.names).toEqual(["rm"]);
  links.close();
  await directory.remove();
  expect(existsSync(directory.path)).toBe(false);
});

test("a stopped one is not waited for", async () => {
  if (process.platform !== "linux") return;
  const [pid = 0] = stewards();
  process.kill(pid, "SIGSTOP");
  try {
    await directory.remove();
    expect(existsSync(directory.path)).toBe(false);
  } finally {
    process.kill(pid, "SIGKILL");
  }
});

test("a directory that cannot be furnished says why", async () => {
  const rc = join(base, "unreadable");
  mkdirSync(rc);
  symlinkSync("nowhere", join(rc, "file"));
  chmodSync(rc, 0o755);
  const places = [{ folder: join(base, "run"), prefix: "" }];
  const shim = { kind: "native", path: join(base, "shim") } as const;
  await expect(makeSessionDirectory({ places, shim, rc, steward: program })).rejects.toThrow("No such file");
  await directory.remove();
  expect(readdirSync(join(base, "run"))).toEqual([]);
});
