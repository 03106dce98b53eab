import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { foldersBehind, namesToCover, programFolders } from "../../src/launcher/program-folders.js";

const prefix = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-test-")));
afterAll(() => rmSync(prefix, { recursive: true, force: true }));

for (const folder of [
  "bin",
  "lib/git-core",
  "lib/postgresql/15/bin",
  "lib/node/bin",
  "lib/other",
  "aws/v2/dist",
])
  mkdirSync(join(prefix, folder), { recursive: true });

function program(path: string): string {
  const whole = join(prefix, path);
  writeFileSync(whole, "#!/bin/sh\n", { mode: 0o755 });
  return whole;
}

const isShimmed = (name: string) => ["git", "aws", "psql", "rm"].includes(name);

test("programs lie beside the folders of a PATH, too", () => {
  const found = programFolders([join(prefix, "bin")]);
  expect(found).toEqual(
    expect.arrayContaining(
      ["bin", "lib/git-core", "lib/postgresql/15/bin", "lib/node/bin"].map((folder) => join(prefix, folder)),
    ),
  );
  expect(found).not.toContain(join(prefix, "lib/other"));
});

test("git by another name is covered where it leads past git's shim", () => {
  const core = join(prefix, "lib/git-core");
  const git = program("lib/git-core/git");
  for (const name of ["git-reset", "git-upload-pack"]) linkSync(git, join(core, name));
  symlinkSync("git", join(core, "git-clean"));
  program("lib/git-core/git-submodule");
  expect(namesToCover(core, isShimmed)).toEqual(["git", "git-reset"]);
});

test("a link leads to a folder of the program's own, where it has that name as well", () => {
  const bin = join(prefix, "bin");
  symlinkSync(program("aws/v2/dist/aws"), join(bin, "aws"));
  symlinkSync(program("lib/other/wrapper"), join(bin, "psql"));
  program("bin/rm");
  expect(foldersBehind(bin, ["aws", "psql", "rm"])).toEqual([join(prefix, "aws/v2/dist")]);
});
