import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { lstat, readdir, readFile, realpath } from "../../src/world/file-system.js";
import { findWorkspace } from "../../src/world/workspace.js";
import { createScratch } from "./scratch.js";

const scratch = createScratch();
const { root, write, folder } = scratch;
afterAll(() => scratch.remove());

write("file", "0123456789");
write("\udcff", "bytes");
write("dir/x");
symlinkSync("dir", join(root, "link"));
symlinkSync("loop", join(root, "loop"));
symlinkSync("missing/../file2", join(root, "dangling"));
symlinkSync("dangling", join(root, "chain"));
execFileSync("/usr/bin/mkfifo", [join(root, "fifo")]);

describe("lstat", () => {
  test.each([
    ["file", "file"],
    ["\udcff", "file"],
    ["dir", "directory"],
    ["link", "symlink"],
    ["loop", "symlink"],
    ["fifo", "fifo"],
    ["none", "missing"],
    ["file/below", "missing"],
    ["a".repeat(300), "missing"],
    ["loop/below", "unreadable"],
    ["nul\0", "unreadable"],
  ])("%j is %s", (name, expected) => {
    const stat = lstat(join(root, name));
    expect(stat.exists ? stat.kind : stat.reason).toBe(expected);
  });

  test("knows the birth of a new file", () => {
    const before = scratch.pause();
    write("new");
    const stat = lstat(join(root, "new"));
    expect(stat.exists && stat.born > before && lstat("/dev/null").exists).toBe(true);
    linkSync(join(root, "new"), join(root, "new2"));
    const linked = lstat(join(root, "new"));
    expect(linked).toEqual({ ...stat, links: 2, changed: linked.exists && linked.changed });
  });
});

describe("realpath", () => {
  test.each([
    ["file", "file"],
    ["link/x", "dir/x"],
    ["link/../file", "file"],
    ["none/at/all", "none/at/all"],
    ["link/none", "dir/none"],
    ["link/none/at/all", "dir/none/at/all"],
    [`link/${"a/".repeat(20)}b`, `dir/${"a/".repeat(20)}b`],
    ["link/none/../at/all", "dir/at/all"],
    ["file/at/all", "file/at/all"],
    ["dangling/at/all", "file2/at/all"],
    ["none/../file2", "file2"],
    ["dangling", "file2"],
    ["chain", "file2"],
    ["loop", "loop"],
    ["\udcff", "\udcff"],
    ["\udcff\udcff/x", "\udcff\udcff/x"],
  ])("%s is %s", (path, expected) => {
    expect(realpath(`${root}/${path}`)).toBe(`${root}/${expected}`);
  });
});

describe("readFile", () => {
  test.each([
    ["file", 100, "0123456789", true],
    ["file", 10, "0123456789", true],
    ["file", 4, "0123", false],
    ["\udcff", 9, "bytes", true],
  ])("%s up to %i", (name, cap, content, complete) => {
    expect(readFile(join(root, name), cap)).toEqual({ ok: true, bytes: Buffer.from(content), complete });
  });

  test.each(["fifo", "dir", "none", "loop"])("%s is a reason", (name) => {
    expect(readFile(join(root, name), 10).ok).toBe(false);
  });

  test.each(["/dev/null", "/dev/zero", "/dev/tty"])("%s is a reason", (path) => {
    expect(readFile(path, 10)).toEqual({ ok: false, reason: "not a regular file" });
  });

  test("a file that claims to be empty", () => {
    const file = readFile("/proc/self/status", 1 << 20);
    expect(process.platform !== "linux" || (file.ok && file.complete && file.bytes.length > 100)).toBe(true);
  });
});

describe("readdir", () => {
  test("names, and up to a cap", () => {
    mkdirSync(join(root, "many"));
    for (const name of ["a", "b", "\udcfe"]) write(`many/${name}`);
    const all = readdir(join(root, "many"), 3);
    expect(all.ok && [all.names.toSorted(), all.complete]).toEqual([["a", "b", "\udcfe"], true]);
    const two = readdir(join(root, "many"), 2);
    expect(two.ok && [two.names.length, two.complete]).toEqual([2, false]);
    expect(readdir(join(root, "fifo"), 2)).toEqual({ ok: false, reason: "ENOTDIR" });
  });
});

describe("findWorkspace", () => {
  folder("home/.git");
  folder("home/plain/deep");
  folder("home/repo/.git");
  folder("home/repo/src/deep");
  symlinkSync(join(root, "home/repo/src"), join(root, "src"));
  test.each([
    ["home/repo/src/deep", "home/repo"],
    ["src/deep", "home/repo"],
    ["home/plain/deep", "home/plain/deep"],
    ["home", "home"],
  ])("from %s it is %s", (cwd, expected) => {
    expect(findWorkspace(join(root, cwd), join(root, "home"))).toBe(join(root, expected));
  });
});

test("without a descriptor left nothing is taken for unreadable: it throws, and the call is denied", () => {
  const limit = (value: string) =>
    spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${value}:`]).status;
  const [, before = ""] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
  const taken: number[] = [];
  expect(limit("400")).toBe(0);
  try {
    expect(() => {
      for (;;) taken.push(openSync("/dev/null", "r"));
    }).toThrow("EMFILE");
    expect(() => readFile(join(root, "file"), 10)).toThrow("EMFILE");
    expect(() => readFile("/proc/self/mountinfo", 10)).toThrow("EMFILE");
    expect(() => readdir(join(root, "dir"), 10)).toThrow("EMFILE");
    expect(lstat(join(root, "file"))).toMatchObject({ exists: true });
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
    limit(before);
  }
  expect(readFile(join(root, "file"), 10)).toMatchObject({ ok: true });
});
