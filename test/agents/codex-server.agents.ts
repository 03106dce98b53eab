import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, expect, test } from "vitest";
import { openScreen, openTerminal, type PersonScreen } from "../scripts/screen.js";
import { codex } from "./codex.js";
import { openInstallation } from "./installation.js";
import { type Lab, openLab, says } from "./lab.js";
import { lastWord } from "./model.js";

// Codex's interface leaves a server in the background that runs what the model wants, with the environment of its first start.

const installation = openInstallation();
let lab: Lab | undefined;
let screen: PersonScreen | undefined;

afterEach(async () => {
  screen?.kill();
  for (const pid of servers()) process.kill(pid);
  await expect.poll(servers, { timeout: 20_000 }).toEqual([]);
  await lab?.close();
  screen = lab = undefined;
});
afterAll(() => installation.remove());

const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const flags = ["--sandbox", "danger-full-access"];

test.each([
  ["a new conversation", []],
  ["one that goes on", ["resume", "--last"]],
])("a server that a plain launch left runs nothing of a guarded one: %s", async (_name, words) => {
  lab = await openLab(codex, (step) => [step.query, step.mutation]);
  const program = installation.program(codex);
  const { CI: _ci, ...env } = lab.env;
  screen = openTerminal({ ...lab.place, env }, program, flags);
  await screen.see(codex.frame, 60_000);
  await expect.poll(servers, { timeout: 60_000 }).not.toEqual([]);
  await leave(screen);

  screen = openScreen({ ...lab.place, env: lab.env }, [program, ...words, ...flags, says]);
  await screen.see("[railway/volume-delete]", 60_000);
  await moment();
  screen.press("d");
  await screen.see(lastWord, 60_000);
  await leave(screen);
  expect(lab.server.queries).toEqual(["project"]);
  expect(lab.server.mutations).toEqual([]);
  expect(lab.verdicts("project(id: 1)")).toContain("allow");
  expect(lab.leftovers()).toEqual([]);
});

async function leave(screen: PersonScreen): Promise<void> {
  await moment();
  for (const key of codex.quit) {
    screen.press(key);
    await moment();
  }
  await screen.exited;
}

/** Its processes, by the home that they run from. */
function servers(): readonly number[] {
  const home = lab?.place.home;
  if (home === undefined) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .filter((pid) => read(`/proc/${pid}/cmdline`).startsWith(`${home}/.codex/packages/`))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
