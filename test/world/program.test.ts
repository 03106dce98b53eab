import { chmodSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openPrograms } from "../../src/world/program.js";
import { createScratch } from "./scratch.js";

const scratch = createScratch();
const { root, write } = scratch;
afterAll(() => scratch.remove());

function executable(path: string): void {
  write(path, "#!/bin/sh\n");
  chmodSync(join(root, path), 0o755);
}

executable("shims/rm");
executable("bin/rm");
executable("bin/ls");
executable("venv/rm");
write("plain/rm");
mkdirSync(join(root, "folder/rm"), { recursive: true });
mkdirSync(join(root, "copied"));
linkSync(join(root, "shims/rm"), join(root, "copied/rm"));
mkdirSync(join(root, "linked"));
symlinkSync(join(root, "shims/rm"), join(root, "linked/rm"));
symlinkSync(join(root, "shims"), join(root, "aliased"));

const programs = openPrograms(join(root, "shims"), (name) => name === "rm");
const pathOf = (...folders: readonly string[]): string =>
  folders.map((folder) => (folder === "" || folder === "rel" ? folder : join(root, folder))).join(":");

describe("findProgram passes by shims and what cannot be run", () => {
  test.each([
    [["shims", "bin"], "bin/rm"],
    [["venv", "bin"], "venv/rm"],
    [["shims", "copied", "linked", "aliased", "bin"], "bin/rm"],
    [["plain", "folder", "", "rel", "none", "bin"], "bin/rm"],
    [["shims", "copied"], undefined],
  ])("%j", (folders, expected) => {
    expect(programs.findProgram("rm", pathOf(...folders))).toBe(expected && join(root, expected));
  });

  test("a path is itself", () => {
    expect(programs.findProgram(join(root, "bin/ls"), "")).toBe(join(root, "bin/ls"));
    expect(programs.findProgram(join(root, "shims/rm"), "")).toBe(undefined);
  });
});

describe("isShimmed tells who comes first", () => {
  test.each([
    ["rm", ["shims", "bin"], true],
    ["rm", ["none", "plain", "shims"], true],
    ["rm", ["copied", "bin"], true],
    ["rm", ["venv", "shims"], false],
    ["rm", ["", "shims"], false],
    ["rm", ["rel", "shims"], false],
    ["rm", ["bin"], false],
    ["ls", ["shims", "bin"], false],
  ])("%s on %j: %s", (name, folders, expected) => {
    expect(programs.isShimmed(name, pathOf(...folders))).toBe(expected);
  });
});
