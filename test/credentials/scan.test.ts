import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lookThrough, type ScanOptions, scanFiles } from "../../src/credentials/scan.js";
import type { Second } from "../../src/credentials/second-thread.js";
import { walkFiles } from "../../src/credentials/walk.js";
import { drawn } from "./drawn.js";
import { lookAlikes } from "./look-alikes.js";
import { planted } from "./planted.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdpoint-scan-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string | Uint8Array): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const secret = (seed: string) => `SERVICE_TOKEN=${drawn(seed, 40)}\n`;
const scan = (options: Partial<ScanOptions> = {}) => scanFiles({ roots: [root], budget: 60_000, ...options });
const filesOf = async (options: Partial<ScanOptions> = {}) =>
  (await scan(options)).found.map(({ file }) => file.slice(root.length + 1)).sort();

test("of a workspace with secrets and look-alikes, it finds the one and not the other", async () => {
  // Of two with the same name, one would hide the other.
  const clean = lookAlikes.filter(({ file }) => !planted.some((one) => one.file === file));
  for (const { file, text } of [...planted, ...clean]) put(file, text);
  const { found, complete } = await scan();
  const seen = new Set(found.map(({ value }) => value));
  const secrets = new Set(planted.map(({ value }) => value));
  expect({
    complete,
    missed: planted.filter(({ value }) => !seen.has(value)).map(({ file }) => file),
    wrong: found.filter(({ value }) => !secrets.has(value)).map(({ file }) => file),
    kinds: new Set(found.map(({ kind }) => kind)).size >= 15,
    enough: planted.length >= 25 && clean.length >= 25,
  }).toEqual({ complete: true, missed: [], wrong: [], kinds: true, enough: true });
});

test("a finding says where, what it is called, and when the file changed", async () => {
  const file = put("a/.env", `PORT=80\n${secret("one")}`);
  utimesSync(file, 1000, 1000);
  expect((await scan()).found).toEqual([
    { kind: "generic", key: "SERVICE_TOKEN", value: drawn("one", 40), line: 2, file, modified: 1_000_000 },
  ]);
});

test("packages, output, caches, git's objects, long files and what is no text are passed over", async () => {
  for (const file of [
    "node_modules/a/.env",
    "vendor/.env",
    "dist/.env",
    ".venv/.env",
    ".git/objects/.env",
    "a.png",
    "package-lock.json",
  ])
    put(file, secret(file));
  put("long.env", secret("long").padEnd((1 << 20) + 1, "#"));
  put("binary.env", Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(secret("binary"))]));
  put(".git/config", `[remote "origin"]\n\turl = https://me:${drawn("git", 20)}@git.acme.io/a\n`);
  put("src/.env", secret("src"));
  expect(await filesOf()).toEqual([".git/config", "src/.env"]);
});

test("a file of Windows' own encoding is read", async () => {
  put("a.env", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(secret("utf16"), "utf16le")]));
  expect(await filesOf()).toEqual(["a.env"]);
});

test("links are not followed, a FIFO is not waited for, a root may be named by a link", async () => {
  put("out/.env", secret("out"));
  put("in/.env", secret("in"));
  symlinkSync(join(root, "out"), join(root, "in", "folder"));
  symlinkSync(join(root, "out", ".env"), join(root, "in", "b.env"));
  execFileSync("mkfifo", [join(root, "in", "c.env")]);
  symlinkSync(join(root, "in"), join(root, "link"));
  expect(await filesOf({ roots: [join(root, "link")] })).toEqual(["in/.env"]);
});

test("what is skipped is not opened, nor what lies below it", async () => {
  put("a/.env", secret("a"));
  put("b/c/.env", secret("b"));
  put("b.env", secret("c"));
  const skips = (path: string) => path === join(root, "b") || path.endsWith("b.env");
  expect(await filesOf({ skips })).toEqual(["a/.env"]);
});

test("since: what has not changed is left out; a file as a root is looked at", async () => {
  const old = put("old.env", secret("old"));
  const mark = Date.now() + 60_000;
  const later = put("new.env", secret("new"));
  utimesSync(later, mark / 1000 + 60, mark / 1000 + 60);
  expect(await filesOf({ since: mark })).toEqual(["new.env"]);
  expect(await filesOf({ roots: [old, join(root, "missing")] })).toEqual(["old.env"]);
});

test("when the time has run out it says so", async () => {
  put("a.env", secret("a"));
  expect(await scan({ budget: -1 })).toEqual({ found: [], files: 0, complete: false });
});

test("settings come before sources, the top before the depth", () => {
  for (const file of ["z.ts", "deep/down/.env", "deep/b.ts", "config.yml", ".env"]) put(file, "x");
  const names = [...walkFiles({ roots: [root], skips: () => false, all: false })]
    .flat()
    .map(({ name }) => name);
  expect(names).toEqual([".env", "config.yml", "deep/down/.env", "z.ts", "deep/b.ts"]);
});

test("of many files another thread looks at a part, and what it does not answer is looked at here", async () => {
  for (let at = 0; at < 3000; at++)
    put(`area-${at % 7}/${at}.env`, at % 50 === 0 ? secret(`many-${at}`) : "PORT=80\n");
  const alone = await scan();
  const asked: number[] = [];
  let closed = 0;
  const second = (look: Second["look"]) => () => ({
    look: (files: Parameters<Second["look"]>[0], since: number | undefined) => {
      asked.push(files.length);
      return look(files, since);
    },
    close: () => void closed++,
  });
  const shared = await scan({ second: second(async (files, since) => lookThrough(files, since)) });
  const broken = await scan({ second: second(() => Promise.reject(new Error("it has ended"))) });
  expect(alone.found).toHaveLength(60);
  expect(shared).toEqual(alone);
  expect(broken).toEqual(alone);
  expect({ closed, enough: asked.length > 1 }).toEqual({ closed: 2, enough: true });
});
