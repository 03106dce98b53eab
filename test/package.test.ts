import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute, root } from "./scripts/session.js";

// What `npm install holdpoint` puts on a machine: the packed files alone.

const base = mkdtempSync(join(tmpdir(), "hp-package-"));
const packed = join(base, "package");
const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: base };
let files: readonly string[] = [];

beforeAll(async () => {
  const pack = ["pack", "--ignore-scripts", "--pack-destination", base];
  expect((await execute("npm", pack, { cwd: root, env })).status).toBe(0);
  const [archive = ""] = readdirSync(base).filter((name) => name.endsWith(".tgz"));
  expect((await execute("tar", ["xzf", join(base, archive), "-C", base], { cwd: base, env })).status).toBe(0);
  files = readdirSync(packed, { recursive: true, encoding: "utf8" });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("npm's install step compiles the shim from what is in the package", async () => {
  expect(files).not.toContain("shims/build");
  expect((await execute("npm", ["run", "install"], { cwd: packed, env })).status).toBe(0);
  // The same as the build of this folder, whatever the machine's compiler can do.
  const made = (folder: string) => readdirSync(join(folder, "shims", "build")).sort();
  const kind = (folder: string) => readFileSync(join(folder, "shims", "build", "kind.json"), "utf8");
  expect([made(packed), kind(packed)]).toEqual([made(root), kind(root)]);
});

test("it has the pages that help and messages name", () => {
  const parts = files.filter((name) => name.startsWith("dist/parts/"));
  const text = parts.map((name) => readFileSync(join(packed, name), "utf8")).join("\n");
  const named = new Set(text.match(/\bdocs\/[\w/-]+\.md|\b[A-Z]{4,}\.md/g));
  expect(named).toContain("docs/net.md");
  expect([...named].filter((page) => !files.includes(page))).toEqual([]);
});

test("its README leads only to pages that are in it, or are about its source", () => {
  const ofSource = ["ARCHITECTURE.md", "CONTRIBUTING.md"];
  const targets = [
    ...readFileSync(join(packed, "README.md"), "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
  ];
  const missing = targets
    .map(([, target = ""]) => target)
    .filter((target) => !files.includes(normalize(target)));
  expect([...new Set(missing)].sort()).toEqual(ofSource);
  expect(files.filter((name) => dirname(name).startsWith("docs/inside") || name.startsWith("test"))).toEqual(
    [],
  );
});
