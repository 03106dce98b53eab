import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openScreen, type PersonScreen } from "./screen.js";
import { makePlace, type Place } from "./session.js";

// A person in front of a terminal, and an agent below it: who answers, and what then runs.

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
});

beforeEach(() => {
  for (const name of ["one", "two", "three"]) writeFileSync(join(place.outside, name), `${name}\n`);
});

afterAll(() => {
  screen?.kill();
  place.remove();
});

const exists = (name: string): boolean => existsSync(join(place.outside, name));
const out = (name: string): string => join(place.outside, name);

/** An agent: a program without a shim that runs each command in turn and says how it ended. */
function agent(...commands: readonly string[]): readonly string[] {
  const path = join(place.base, "agent.cjs");
  const program = `const { spawnSync } = require("node:child_process");
for (const command of ${JSON.stringify(commands)}) {
  const { status } = spawnSync("bash", ["-c", command], { stdio: ["ignore", "inherit", "inherit"] });
  console.log("status " + status);
}
`;
  writeFileSync(path, program);
  return [process.execPath, path];
}

const card = /a command waits for you|commands wait for you/;
/** Keys count only once the card has been seen for a moment. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

/** As root the kernel lets anyone push keys into any terminal, so an allow needs the word on the card. */
async function allow(screen: PersonScreen, key: "a" | "s", word?: string): Promise<void> {
  await screen.see(card);
  await moment();
  const typed = word ?? /and type (\S+)/.exec(screen.text())?.[1];
  screen.press(key);
  if (typed === undefined) return;
  await new Promise((resolve) => setTimeout(resolve, 150));
  screen.press(`${typed}\r`);
}

async function press(screen: PersonScreen, keys: string): Promise<void> {
  await screen.see(card);
  await moment();
  screen.press(keys);
}

test("allow once lets exactly that call run, and the next one asks again", async () => {
  screen = openScreen(place, agent(`rm ${out("one")}`, `rm ${out("two")}`));
  await allow(screen, "a");
  await screen.see("question q2");
  expect([exists("one"), exists("two")]).toEqual([false, true]);
  await press(screen, "d");
  expect(await screen.exited).toBe(0);
  expect(screen.text()).toMatch(/status 0[\s\S]*status 126/);
  expect(exists("two")).toBe(true);
});

test("the same thing once more asks again after an allow once, not after an allow for the session", async () => {
  screen = openScreen(place, agent(`truncate -s 0 ${out("three")}`, `truncate -s 0 ${out("three")}`));
  await allow(screen, "s");
  await screen.see(/status 0\s+status 0/);
  expect(await screen.exited).toBe(0);
});

test.each([
  ["d", "d"],
  ["Enter", "\r"],
  ["Esc", "\u001b"],
  ["Ctrl-C", "\u0003"],
])("denied by %s, and the session goes on", async (_name, keys) => {
  screen = openScreen(place, agent(`rm ${out("one")}`, "echo still here"));
  await press(screen, keys);
  await screen.see("still here");
  expect(await screen.exited).toBe(0);
  expect(screen.text()).toContain("holdpoint: denied");
  expect(exists("one")).toBe(true);
});

// Codex starts each command through a text that reads back the variables of an earlier shell, the earlier token among them.
test.fails("asked once about a command whose shell puts back another token", async () => {
  const text = `export HOLDPOINT_LINE=text.1.1; exec /bin/bash -c 'rm ${out("one")}'`;
  screen = openScreen(place, agent(text));
  await allow(screen, "a");
  await screen.see("status 0");
  expect(exists("one")).toBe(false);
});

test("a refused effect is not asked about again, whoever calls", async () => {
  screen = openScreen(place, agent(`rm ${out("one")}`, `/bin/rm -f ${out("one")}`, `unlink ${out("one")}`));
  await press(screen, "d");
  await screen.see(/status 126[\s\S]*status 126[\s\S]*status 126/);
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});

test("a reason that the human types reaches the agent", async () => {
  screen = openScreen(place, agent(`rm ${out("one")}`));
  await press(screen, "r");
  await moment();
  screen.press("ask Ada first\r");
  await screen.see("ask Ada first");
  expect(await screen.exited).toBe(0);
  expect(screen.text()).toContain("ask Ada first");
  expect(exists("one")).toBe(true);
});

test("nobody answers in time", async () => {
  screen = openScreen(place, agent(`rm ${out("one")}`), ["-q", "--timeout", "2s"]);
  await screen.see(card);
  await screen.see("status 126");
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});

test("what is critical wants its name typed; anything else is no answer", async () => {
  const line =
    'curl -s --max-time 2 http://127.0.0.1:9/graphql/v2 --connect-to backboard.railway.app:443:127.0.0.1:9 https://backboard.railway.app/graphql/v2 -d \'{"query":"mutation { volumeDelete(volumeId: \\"vol-12345\\") }"}\'';
  screen = openScreen(place, agent(line));
  await press(screen, "a");
  await moment();
  screen.press("yes\r");
  await moment();
  await screen.see("vol-12345");
  expect(screen.text()).not.toContain("status");
  screen.press("\u001b");
  await moment();
  screen.press("\u001b");
  await screen.see("status 126");
  expect(await screen.exited).toBe(0);
});

test("keys typed before the card was there are no answer", async () => {
  screen = openScreen(place, agent("sleep 1", `rm ${out("one")}`), ["-q", "--timeout", "4s"]);
  await screen.see("status 0");
  screen.press("aaaa");
  await screen.see("status 126");
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});

test("an agent that pushes keys into its own terminal does not approve itself", async () => {
  const push = join(place.base, "push.py");
  writeFileSync(
    push,
    `import fcntl, os, sys, termios, threading, time
def push():
    for _ in range(30):
        time.sleep(0.1)
        for fd in (0, 1, 2):
            for c in b"a\\n":
                try: fcntl.ioctl(fd, termios.TIOCSTI, bytes([c]))
                except OSError: pass
        try:
            tty = os.open(os.ttyname(0), os.O_RDWR | os.O_NOCTTY)
            os.write(tty, b"a\\n"); os.close(tty)
        except OSError: pass
threading.Thread(target=push, daemon=True).start()
import subprocess
print("status", subprocess.run(["rm", "-f", ${JSON.stringify(out("one"))}]).returncode)
`,
  );
  screen = openScreen(
    place,
    [
      "/usr/bin/env",
      "-u",
      "NONE",
      process.execPath,
      "-e",
      `require("child_process").spawnSync("python3", [${JSON.stringify(push)}], { stdio: "inherit" })`,
    ],
    ["-q", "--timeout", "4s"],
  );
  await screen.see(card);
  await screen.see("status 126");
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});

test("a full-screen program underneath is drawn again", async () => {
  writeFileSync(
    join(place.workspace, "long.txt"),
    Array.from({ length: 200 }, (_, i) => `line ${i + 1} of the file\n`).join(""),
  );
  const vim = [
    "vim",
    "-u",
    "NONE",
    "-N",
    "--cmd",
    // In a variable, or the editor itself would be asked about.
    `set nocp | let job = ['rm', '-f', '${out("one")}']`,
    "-c",
    "silent! call timer_start(1000, {-> job_start(g:job)})",
    "long.txt",
  ];
  screen = openScreen(place, vim);
  await screen.see("line 5 of the file");
  await press(screen, "d");
  await screen.unsee(card);
  await screen.see("line 5 of the file");
  screen.press(":q!\r");
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});

test("two questions at once: one after the other, each for itself", async () => {
  writeFileSync(
    join(place.base, "two.cjs"),
    `const { spawn } = require("node:child_process");
for (const name of ${JSON.stringify([out("one"), out("two")])})
  spawn("rm", ["-f", name], { stdio: "inherit" }).on("close", (status) => console.log("status", status));
`,
  );
  screen = openScreen(place, [process.execPath, join(place.base, "two.cjs")]);
  await allow(screen, "a");
  await screen.see("question q2");
  await press(screen, "d");
  await screen.see("status 126");
  expect(await screen.exited).toBe(0);
  expect(screen.text()).toContain("status 0");
  expect([exists("one"), exists("two")].filter(Boolean)).toHaveLength(1);
});

test("a loop is one card", async () => {
  screen = openScreen(place, agent(`for f in ${place.outside}/*; do rm "$f"; done`));
  await allow(screen, "a");
  await screen.see("status 0");
  expect(await screen.exited).toBe(0);
  expect(["one", "two", "three"].map(exists)).toEqual([false, false, false]);
});

test("a caller that goes away takes its card along", async () => {
  const impatient = `require("child_process").spawnSync("rm", ["-f", ${JSON.stringify(out("one"))}], { timeout: 2000 }); console.log("gone on")`;
  screen = openScreen(place, [process.execPath, "-e", impatient]);
  await screen.see(card);
  await screen.see("gone on");
  await screen.unsee(card);
  expect(await screen.exited).toBe(0);
  expect(exists("one")).toBe(true);
});
