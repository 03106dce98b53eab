import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { evidenceFiles } from "../../src/backups/evidence-files.js";
import { rememberTrust, sha256 } from "../../src/commands/manifest-store.js";
import { findPlaces } from "../../src/commands/places.js";
import { openTerminal, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Place } from "./session.js";

// A manifest wants a backup to be shown before a file goes; a person at a real terminal is asked, or is not.

let place: Place;
let screen: PersonScreen | undefined;

const manifest = (evidence: string): string => `version: 1
backups:
  - { for: { resource: file, target: "**/precious" }, evidence: ${JSON.stringify(evidence)}, max_age: 24h }
`;
const file = () => join(place.workspace, "holdpoint.yaml");
const precious = () => join(place.outside, "precious");

beforeEach(async () => {
  const made = await makePlace();
  const own = join(made.base, "run");
  mkdirSync(own);
  place = { ...made, env: { ...made.env, TMPDIR: own, XDG_RUNTIME_DIR: own } };
  writeFileSync(precious(), "data");
});
afterEach(() => {
  screen?.kill();
  screen = undefined;
  place.remove();
});

function declare(evidence: string, isTrusted = true): void {
  const text = manifest(evidence);
  writeFileSync(file(), text);
  if (!isTrusted) return;
  const trust = { file: file(), sha256: sha256(text), time: new Date().toISOString() };
  const trusted = evidenceFiles(evidence, place.workspace);
  rememberTrust(findPlaces(place.env), { ...trust, evidence: trusted }, text);
}

function script(text: string): void {
  writeFileSync(join(place.workspace, "age"), `#!/bin/sh\n${text}\n`);
  chmodSync(join(place.workspace, "age"), 0o755);
}

function remove(before = ""): PersonScreen {
  const line = `${before}rm ${precious()}`;
  screen = openTerminal(place, process.execPath, [cli, "run", "-q", "--", "bash", "-c", line]);
  return screen;
}

/** A key counts once the card has stood for a moment; the status. */
async function refuse(shown: PersonScreen): Promise<number> {
  const press = setInterval(() => shown.press("d"), 1_000);
  return shown.exited.finally(() => clearInterval(press));
}

/** Status 126, with nobody asked. */
async function denied(why: string): Promise<void> {
  const shown = remove();
  expect(await shown.exited).toBe(126);
  const text = shown.raw().replaceAll(/\s+/g, " ");
  expect(text).toContain(why);
  expect(text).not.toContain("found");
  expect(existsSync(precious())).toBe(true);
}

test("young enough: the card says how old it is, and asks all the same", async () => {
  script("echo 3h");
  declare("./age");
  const shown = remove();
  await shown.see("the last backup is 3 hours old");
  expect(await refuse(shown)).toBe(126);
  expect(existsSync(precious())).toBe(true);
  expect(records()).toContain('"kind":"backup"');
});

test.each([
  ["too old", "echo 2d 1h", "the last backup is 2 days old"],
  ["fails", "echo 3h; exit 3", '"./age" ended with 3'],
  ["says nothing", "exit 0", "printed no age"],
  ["from the future", "echo 4102444800", "lies in the future"],
])("%s: denied, and nobody is asked", async (_, text, why) => {
  script(text);
  declare("./age");
  await denied(why);
});

test("a script that is not what was trusted is not run", async () => {
  script("echo 3h");
  declare("./age");
  script(`touch ${join(place.outside, "ran")}; echo 1h`);
  await denied("is not what was trusted");
  expect(existsSync(join(place.outside, "ran"))).toBe(false);
});

test("a manifest that nobody trusted: its command is not run, and the card says so", async () => {
  script(`touch ${join(place.outside, "ran")}; echo 1h`);
  declare("./age", false);
  const shown = remove();
  await shown.see("no backup was looked for");
  expect(await refuse(shown)).toBe(126);
  expect(existsSync(join(place.outside, "ran"))).toBe(false);
});

test("a line of several words, with the person's own environment and not the call's", async () => {
  declare('test "$FROM" = person && printf "%s" 10m');
  place = { ...place, env: { ...place.env, FROM: "person" } };
  const shown = remove("export FROM=agent; ");
  await shown.see("the last backup is 10 minutes old");
});

test("where nobody can be asked it is not run", async () => {
  script(`touch ${join(place.outside, "ran")}; echo 1h`);
  declare("./age");
  const { status } = await execute(process.execPath, [cli, "run", "-q", "--", "rm", precious()], {
    cwd: place.workspace,
    env: place.env,
  });
  expect([status, existsSync(join(place.outside, "ran"))]).toEqual([126, false]);
});

function records(): string {
  const folder = join(place.home, ".local", "state", "holdpoint", "sessions");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}
