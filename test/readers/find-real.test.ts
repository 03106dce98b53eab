import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type FindAction, parseFind } from "../../src/readers/files/find-expression.js";
import { walk } from "../../src/readers/files/find-walk.js";
import { lstat, readdir, readFile, realpath } from "../../src/world/file-system.js";
import { fakeWorld } from "./fake-world.js";

// The same expression, asked of the real find and of ours: both must come upon the same files.
const top = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-find-")));
const world = { ...fakeWorld(), lstat, readdir, readFile, realpath };
const hasFind = spawnSync("find", ["--version"], { encoding: "utf8" }).stdout?.includes("GNU") === true;

afterAll(() => rmSync(top, { recursive: true, force: true }));

for (const folder of ["a/b/c", "node_modules/x", "empty", ".git"])
  mkdirSync(join(top, folder), { recursive: true });
for (const file of [
  "a/one.txt",
  "a/b/two.TXT",
  "a/b/c/three[1].log",
  ".env",
  "node_modules/x/four.txt",
  ".git/five",
])
  writeFileSync(join(top, file), file);
writeFileSync(join(top, "a/nothing.log"), "");
symlinkSync("a", join(top, "link"));
chmodSync(join(top, ".env"), 0o600);

const expressions = [
  "",
  "-type f",
  "-type f,l",
  "-name *.txt",
  "-iname *.txt",
  "-name .*",
  "-name [!a]*",
  "-name *[[]1].log",
  "-name three?1?.log",
  "-path ./a/*",
  "-path */b -prune -o -type f",
  "-name node_modules -prune -o -name *.txt",
  "( -name *.txt -o -name *.log ) -type f",
  "! -type d",
  "-not -name *.txt -a -not -type d",
  "-empty",
  "-size 0",
  "-size +0c -type f",
  "-size -2k",
  "-maxdepth 1",
  "-mindepth 2 -maxdepth 3 -type d",
  "-perm 600",
  "-perm -400 -type f",
  "-perm /111 -type f",
  "-links 1",
  "-false -o -name *.log",
  "-true -false",
  "-depth -name a -prune -o -name one.txt",
  "-name a.txt , -name one.txt",
  "-newer ./a/one.txt -newer ./a/one.txt",
];

for (const expression of expressions) {
  test.skipIf(!hasFind)(`find . ${expression}`, () => {
    const words = expression.split(" ").filter((word) => word !== "");
    // `-print` binds to the last alternative, as `-delete` would.
    const real = spawnSync("find", [".", ...words, "-print"], { cwd: top, encoding: "utf8" });
    expect(real.stderr).toBe("");
    const query = parseFind([...words, "-print"]);
    const shows = (action: FindAction) => action === query.actions.at(-1);
    const found = walk(
      query,
      { path: top, written: ".", follows: false, followsRoots: false, maxEntries: 1000 },
      world,
    ).hits.filter(({ action }) => shows(action));
    const certain = found.filter((hit) => hit.certain).map(({ path }) => `.${path.slice(top.length)}`);
    const possible = found.map(({ path }) => `.${path.slice(top.length)}`);
    const expected = real.stdout.split("\n").filter((line) => line !== "");
    if (expression.includes("-newer")) expect(possible).toEqual(expect.arrayContaining(expected));
    else expect(certain.sort()).toEqual(expected.sort());
  });
}
