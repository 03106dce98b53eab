import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openTerminal, type PersonScreen } from "./screen.js";
import { cli, makePlace, type Place } from "./session.js";

// Where the command has no terminal of its own: who is asked, and that only the word on the card lets it through.

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
});

beforeEach(() => writeFileSync(join(place.outside, "one"), "one\n"));
afterEach(() => screen?.kill());
afterAll(() => place.remove());

const card = "command waits for you";
const out = (name: string): string => join(place.outside, name);
const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A line for the person's own shell; `HP` is holdpoint, `AGENT` runs `rm` on a file that cannot be had again. */
function open(line: string): PersonScreen {
  const agent = join(place.base, "agent.cjs");
  writeFileSync(
    agent,
    `const { status } = require("node:child_process").spawnSync("rm", ["-f", ${JSON.stringify(out("one"))}], { stdio: "inherit" });
console.log("status", status);
`,
  );
  const text = line
    .replaceAll("HP", `${process.execPath} ${cli} run -q`)
    .replaceAll("AGENT", `${process.execPath} ${agent}`)
    .replaceAll("ONE", out("one"));
  return openTerminal(place, "/bin/bash", ["--norc", "-c", text]);
}

async function allow(shown: PersonScreen): Promise<void> {
  await shown.see(/and type \S+/);
  await moment();
  const word = /and type (\S+)/.exec(shown.text())?.[1];
  expect(word).toBeDefined();
  shown.press("a");
  await moment(150);
  shown.press(`${word}\r`);
}

test.each([
  ["without a relay", "HP --no-relay -- AGENT"],
  ["output into a pipe", "HP -- AGENT | cat"],
  ["input from a pipe", "echo x | HP -- AGENT"],
  ["errors into a file, input from a pipe", "echo x | HP -- AGENT 2>/dev/null"],
  ["input from nowhere", "HP -- AGENT </dev/null"],
  ["the command itself, by its path", "HP -- /bin/rm -f ONE; echo status $?"],
  ["the command itself, by its path, output into a pipe", "(HP -- /bin/rm -f ONE; echo status $?) | cat"],
])("%s: a key alone is no answer, the word is", async (_name, line) => {
  screen = open(`${line}; echo over`);
  await screen.see(card);
  await moment();
  screen.press("a");
  await moment(150);
  screen.press("yes\r");
  await moment();
  expect(existsSync(out("one"))).toBe(true);
  screen.press("\u001b");
  await moment();
  await allow(screen);
  await screen.see("status 0");
  await screen.see("over");
  expect(existsSync(out("one"))).toBe(false);
});

test.each([
  ["no terminal at all: nobody is asked", "HP -- AGENT </dev/null 2>&1 | cat >ONE.log; cat ONE.log", 126],
  ["deny with one key", "HP --no-relay -- AGENT", 126],
])("%s", async (name, line) => {
  const text = name.startsWith("no") ? `setsid -w bash -c '${line}'` : line;
  screen = open(`${text}; echo over`);
  if (!name.startsWith("no")) {
    await screen.see(card);
    await moment();
    screen.press("d");
  }
  await screen.see("over");
  await screen.see("status 126");
  expect(existsSync(out("one"))).toBe(true);
});

test("a background job waits with its card until it is in front", async () => {
  screen = open("set -m; HP -- AGENT & sleep 2; echo not yet; fg >/dev/null; echo over");
  await screen.see("not yet");
  await allow(screen);
  await screen.see("status 0");
  await screen.see("over");
});

test.each([
  ["e", "ended", /over 0/],
  ["", "refused", /over 0/],
  ["k", "guarded", /over 0/],
])("left-over processes, and the person says '%s': %s", async (key, outcome, over) => {
  const log = join(place.base, `left-${outcome}`);
  const left = join(place.base, "left.cjs");
  writeFileSync(
    left,
    `const { spawn, spawnSync } = require("node:child_process");
if (process.argv[2] === undefined) spawn(process.execPath, [__filename, "on"], { stdio: "ignore", detached: true }).unref();
else setTimeout(() => {
  const { status, stderr } = spawnSync("rm", ["-f", ${JSON.stringify(out("one"))}], { encoding: "utf8" });
  require("node:fs").writeFileSync(${JSON.stringify(log)}, status + " " + stderr);
}, 3000);
`,
  );
  screen = open(`HP -- ${process.execPath} ${left}; echo over $?`);
  await screen.see("still running in this session");
  screen.press(`${key}\r`);
  if (outcome === "guarded") await allow(screen);
  await screen.see(over);
  if (outcome === "ended") return expect(existsSync(log)).toBe(false);
  await expect.poll(() => existsSync(log) && readFileSync(log, "utf8"), { timeout: 8000 }).toMatch(/^\d/);
  expect(readFileSync(log, "utf8")).toMatch(outcome === "guarded" ? /^0 $/ : /^126 .*the session has ended/);
});

const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
test.skipIf(!hasTmux)("a window that is closed ends the session, and is nothing to be noted", async () => {
  const tmux = ["-S", join(place.base, "tmux"), "-f", "/dev/null"];
  const line = `${process.execPath} ${cli} run -- /bin/bash --norc`;
  screen = openTerminal(place, "tmux", [...tmux, "new-session", line]);
  await screen.see("mode ask");
  screen.press("echo o''n\r");
  await screen.see(/^on/m);
  const { length } = place.records();
  spawnSync("tmux", [...tmux, "kill-session"], { env: place.env });
  await expect
    .poll(() => place.records().at(-1), { timeout: 20_000 })
    .toMatchObject({ event: "session.end" });
  expect(place.records().slice(length)).toEqual([expect.objectContaining({ event: "session.end" })]);
});

test.skipIf(!hasTmux)("a window that is closed at the last question leaves what still runs", async () => {
  const tmux = ["-S", join(place.base, "tmux"), "-f", "/dev/null"];
  const [pid, script] = [join(place.base, "pid"), join(place.base, "session.sh")];
  const command = "setsid sleep 60 & sleep 0.3";
  writeFileSync(script, `echo $$ > ${pid}\nexec ${process.execPath} ${cli} run -q -- sh -c '${command}'\n`);
  screen = openTerminal(place, "tmux", [...tmux, "new-session", `sh ${script}`]);
  await screen.see("leave them");
  const stat = `/proc/${readFileSync(pid, "utf8").trim()}/stat`;
  spawnSync("tmux", [...tmux, "kill-session"], { env: place.env });
  const isOver = () => !existsSync(stat) || readFileSync(stat, "utf8").includes(") Z ");
  await expect.poll(isOver, { timeout: 15_000 }).toBe(true);
  expect(place.records().at(-1)).toMatchObject({ event: "session.end", status: 0 });
  expect(place.records().filter(({ event }) => event === "alert")).toEqual([]);
});
