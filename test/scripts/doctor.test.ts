import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Place } from "./session.js";

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

const doctor = (...args: string[]) =>
  execute(process.execPath, [cli, "doctor", ...args], {
    cwd: place.workspace,
    env: place.env,
    limit: 60_000,
  });

test("checks as one document, each with a status and what to do about it", { timeout: 90_000 }, async () => {
  const { status, stdout, stderr } = await doctor("--json");
  const checks: readonly Record<string, string>[] = JSON.parse(stdout);
  expect([status, stderr]).toEqual([0, ""]);
  for (const check of checks) {
    expect(["ok", "note"]).toContain(check["status"]);
    expect(Object.keys(check).filter((key) => key !== "remedy")).toEqual(["name", "status", "detail"]);
  }
  const found = new Map(checks.map((check) => [check["name"], check]));
  expect(found.get("session")).toEqual({ name: "session", status: "ok", detail: "starts, answers and ends" });
  expect(found.get("terminal shells")).toMatchObject({ status: "note", detail: "not installed" });
  expect(found.get("second transport (FIFOs)")?.["status"]).toBe("ok");
  expect(found.get("shell: bash -c")?.["status"]).toBe("ok");
  expect(found.get("shell: env -i bash -c, a wiped environment")?.["status"]).toBe("note");
});

test("a config that cannot be used is a failure, and status 1", { timeout: 90_000 }, async () => {
  const folder = join(place.home, ".config", "holdpoint");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.yaml"), "version: 1\ntimeout: soon\n");
  const { status, stdout } = await doctor();
  expect(status).toBe(1);
  expect(stdout).toMatch(/^FAIL {2}rules: .*config\.yaml: "timeout": a duration is a number and a unit/m);
});

test("the terminal's shells: start, or no terminal does", { timeout: 120_000 }, async () => {
  rmSync(join(place.home, ".config"), { recursive: true, force: true });
  const shown = async () =>
    (await doctor()).stdout.split("\n").find((line) => line.includes("terminal shells"));
  await execute(process.execPath, [cli, "init", "shell"], { cwd: place.base, env: place.env });
  expect(await shown()).toBe("ok    terminal shells: start, answer and end");
  const note = join(place.home, ".local", "share", "holdpoint", "shells", "start");
  writeFileSync(note, readFileSync(note, "utf8").replace(/^.*\n/, "/nowhere/node\n"));
  expect(await shown()).toMatch(
    /^FAIL {2}terminal shells: no terminal starts: .*\/nowhere\/node: No such file/,
  );
});
