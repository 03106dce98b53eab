import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSessionDirectory, sessionPlaces } from "../../src/launcher/session-dir.js";
import { buildSteward } from "./steward.js";

let base: string;
let rc: string;
let shim: string;
let steward: string;

beforeAll(() => {
  base = mkdtempSync(join(realpathSync(tmpdir()), "hp-dir-"));
  rc = join(base, "rc-source");
  mkdirSync(rc);
  writeFileSync(join(rc, "bashenv.sh"), "");
  mkdirSync(join(rc, "zsh"));
  writeFileSync(join(rc, "zsh", ".zshenv"), "own=1\n");
  shim = join(base, "shim");
  // Stands for the compiled one: outside a session it ends with 126.
  writeFileSync(shim, "#!/bin/sh\nexit 126\n", { mode: 0o755 });
  steward = buildSteward(base);
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

test("the places, in order", () => {
  expect(sessionPlaces({ XDG_RUNTIME_DIR: "/run/user/7", TMPDIR: "/var/tmp/x" }, "/home/ann")).toEqual([
    { folder: "/run/user/7/holdpoint", prefix: "" },
    { folder: "/var/tmp/x", prefix: "holdpoint-" },
    { folder: "/tmp", prefix: "holdpoint-" },
    { folder: "/home/ann/.cache/holdpoint/run", prefix: "" },
  ]);
  expect(sessionPlaces({ XDG_RUNTIME_DIR: "relative" }, "/home/ann")).toEqual([
    { folder: "/tmp", prefix: "holdpoint-" },
    { folder: "/home/ann/.cache/holdpoint/run", prefix: "" },
  ]);
});

describe.each(["by its steward", "without one"])("%s", (way) => {
  function make(folders: readonly string[], path = shim, prefix = "") {
    const places = folders.map((folder) => ({ folder, prefix }));
    const helper = way === "by its steward" ? { steward } : {};
    return makeSessionDirectory({ places, shim: { kind: "native", path }, rc, ...helper });
  }

  test("closed to others, whole, and gone without a trace", async () => {
    const directory = await make([join(base, "run")]);
    expect(directory.id).toMatch(/^[a-z2-7]{7}$/);
    expect([statSync(directory.path).mode & 0o777, statSync(directory.shim).mode & 0o777]).toEqual([
      0o700, 0o500,
    ]);
    expect(readdirSync(directory.fifos).length).toBe(2 * directory.pairs);
    expect(statSync(join(directory.fifos, "0.in")).isFIFO()).toBe(true);
    expect(existsSync(join(directory.rc, "bashenv.sh"))).toBe(true);
    expect(readFileSync(join(directory.rc, "zsh", ".zshenv"), "utf8")).toBe("own=1\n");
    expect(statSync(join(directory.rc, "own")).mode & 0o777).toBe(0o700);
    await directory.remove();
    expect(readdirSync(join(base, "run"))).toEqual([]);
  });

  test("a temporary folder that does not exist is not made", async () => {
    const message = "no place for the session's directory";
    await expect(make([join(base, "tmp")], shim, "hp-")).rejects.toThrow(message);
    expect(existsSync(join(base, "tmp"))).toBe(false);
  });

  test("a place that no folder can be made in is passed over", async () => {
    const directory = await make(["/proc/holdpoint", join(shim, "x"), join(base, "run")]);
    expect(directory.path.startsWith(join(base, "run"))).toBe(true);
    await directory.remove();
  });

  test("a path too long for a socket is passed over", async () => {
    const directory = await make([join(base, "x".repeat(90)), join(base, "run")]);
    expect(directory.path.startsWith(join(base, "run"))).toBe(true);
    await directory.remove();
  });

  test("a place where the shim does not run is passed over, and left clean", async () => {
    const broken = join(base, "broken");
    writeFileSync(broken, "#!/nonexistent\n", { mode: 0o755 });
    await expect(make([join(base, "run")], broken)).rejects.toThrow("no place for the session's directory");
    expect(readdirSync(join(base, "run"))).toEqual([]);
  });

  test("a place mounted noexec is passed over", async () => {
    const mount = mkdtempSync(join(base, "noexec-"));
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "noexec", "tmpfs", mount]).status !== 0) return;
    try {
      const directory = await make([mount, join(base, "run")]);
      expect(directory.path.startsWith(join(base, "run"))).toBe(true);
      expect(readdirSync(mount)).toEqual([]);
      await directory.remove();
    } finally {
      spawnSync("umount", [mount]);
    }
  });
});
