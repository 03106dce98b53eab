import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sightOf } from "../../src/world/view.js";

// `base/theirs` stands for the root directory of a sandbox, in which `base/own` is a folder of its own.

let base: string;
let own: string;
let shared: string;
let inside: (path: string) => string;
beforeAll(() => {
  base = mkdtempSync("/var/tmp/holdpoint-view-");
  own = join(base, "own");
  shared = join(own, "work");
  inside = (path) => join(base, "theirs", path);
  for (const folder of [shared, inside(own), inside(join(own, "deep"))])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(own, "script"), "harmless");
  writeFileSync(inside(join(own, "script")), "theirs");
  writeFileSync(join(shared, "file"), "of both");
  writeFileSync(join(base, "outside"), "the machine's");
  symlinkSync(join(base, "outside"), inside(join(own, "to-machine")));
  symlinkSync(join(own, "script"), inside(join(own, "to-own")));
  symlinkSync("deep/../script", inside(join(own, "relative")));
  symlinkSync(join(own, "script"), join(base, "into-own"));
  symlinkSync(own, join(base, "folder"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const sight = (root: () => string | undefined) => sightOf({ folders: [own], shared: [shared], root });
const text = (path: string, root: () => string | undefined = () => join(base, "theirs")) => {
  const content = sight(root).readFile(path, 100);
  return content.ok ? Buffer.from(content.bytes).toString() : content.reason;
};

test("a folder of theirs is read as they see it, and what is shared below it as it is", () => {
  expect(text(join(own, "script"))).toBe("theirs");
  expect(text(join(shared, "file"))).toBe("of both");
  expect(text(join(base, "outside"))).toBe("the machine's");
});

test("of folders in folders the innermost counts", () => {
  const hidden = join(shared, "hidden");
  mkdirSync(hidden);
  writeFileSync(join(hidden, "key"), "outside");
  const { readFile } = sightOf({
    folders: [own, hidden],
    shared: [shared],
    root: () => join(base, "theirs"),
  });
  expect(readFile(join(hidden, "key"), 100)).toEqual({ ok: false, reason: "ENOENT" });
  expect(readFile(join(shared, "file"), 100)).toMatchObject({ ok: true });
});

test("links lead where they would lead them", () => {
  expect(text(join(own, "to-machine"))).toBe("the machine's");
  expect(text(join(own, "to-own"))).toBe("theirs");
  expect(text(join(own, "relative"))).toBe("theirs");
  expect(text(join(base, "into-own"))).toBe("theirs");
  expect(text(join(base, "folder", "script"))).toBe("theirs");
  expect(text(join(base, "folder", "..", "outside"))).toBe("the machine's");
  const { realpath, lstat, linkAt, outside } = sight(() => join(base, "theirs"));
  expect(realpath(join(base, "folder", "relative"))).toBe(join(own, "script"));
  expect(realpath(join(own, "none"))).toBe(join(own, "none"));
  expect(lstat(join(own, "to-own"))).toMatchObject({ exists: true, kind: "symlink" });
  expect(linkAt(join(own, "relative"))).toBe("deep/../script");
  expect(outside(join(own, "to-own"))).toBe(inside(join(own, "script")));
});

test("before anything runs their folders are empty; where they cannot be seen, nothing is judged", () => {
  expect(text(join(own, "script"), () => undefined)).toBe("ENOENT");
  expect(sight(() => undefined).lstat(join(own, "script"))).toEqual({ exists: false, reason: "missing" });
  const blind = () => {
    throw new Error("not to be seen");
  };
  expect(() => text(join(own, "script"), blind)).toThrow("not to be seen");
  expect(text(join(base, "outside"), blind)).toBe("the machine's");
});
