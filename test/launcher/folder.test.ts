import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "../../src/launcher/folder.js";

let base: string;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "hp-folder-"));
  writeFileSync(join(base, "file"), "");
  symlinkSync(base, join(base, "link"));
});

afterAll(() => rmSync(base, { recursive: true }));

test.each(["a", "a/b/c", "a/b/c", "link/d/e", "link"])("made, or there already: %s", (name) => {
  makeFolder(join(base, name));
  expect(statSync(join(base, name)).isDirectory()).toBe(true);
});

test.each([
  ["/proc/holdpoint", "ENOENT"],
  ["/proc/holdpoint/sessions", "ENOENT"],
  ["file", "EEXIST"],
  ["file/below", "ENOTDIR"],
])("refused at once: %s", (path, code) => {
  expect(() => makeFolder(join(path.startsWith("/") ? "" : base, path))).toThrow(code);
});
