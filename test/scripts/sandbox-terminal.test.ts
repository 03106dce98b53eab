import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makePlace, type Place } from "./session.js";
import { openShell, type ShellScreen } from "./shell-screen.js";
import { starters } from "./starters.js";

// A person's shell in a session with --sandbox: jobs, keys, full screens, a card in the middle, and the end of it all.

const shells: readonly { readonly name: string; readonly files: Readonly<Record<string, string>> }[] = [
  { name: "bash", files: { ".bashrc": "PS1='[$?] '\n" } },
  { name: "zsh", files: { ".zshenv": "", ".zshrc": "PS1='[%?] '\nunsetopt promptsp\n" } },
];

const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(starters())("as $name", ({ why, before, uid, name: who }) => {
  if (why !== undefined) console.warn(`no sandbox for ${who} here: ${why}`);
  let place: Place;
  let shell: ShellScreen | undefined;
  beforeAll(async () => {
    place = await makePlace();
    for (const { files } of shells)
      for (const [path, text] of Object.entries(files)) writeFileSync(join(place.home, path), text);
    if (uid !== undefined) spawnSync("chown", ["-R", `${uid}:${uid}`, place.base]);
  });
  afterEach(() => shell?.kill());
  afterAll(() => place.remove());

  async function open(name: string, more: readonly string[] = []): Promise<ShellScreen> {
    const flags = ["--sandbox", "--mode", "ask", ...more];
    const opened = openShell(place, { command: [name, "-i"], flags, before });
    shell = opened;
    await opened.prompt();
    return opened;
  }

  /** Processes, as this machine counts them, with the word in their arguments. */
  const having = (word: string): readonly string[] =>
    readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && textOf(`/proc/${pid}/cmdline`).includes(word));

  const each = shells.flatMap(({ name }) => [
    [name, []],
    [name, ["--net"]],
  ]) as readonly (readonly [string, readonly string[]])[];

  test.skipIf(why !== undefined).each(each)(
    "%s %s: jobs, keys, sizes, full screens, a card, the end",
    async (name, more) => {
      writeFileSync(join(place.workspace, "old.txt"), "old\n");
      const screen = await open(name, more);
      await screen.line("stty size; test -t 0 && tty", 0);
      await screen.see("30 100");
      screen.resize(120, 40);
      await screen.line("until stty size | grep '40 120'; do :; done", 0);

      screen.press("sleep 300\r");
      await expect.poll(() => having("sleep\u0000300").length, { timeout: 10_000 }).toBeGreaterThan(0);
      await moment();
      screen.press("\u001a");
      await screen.see(/(Stopped|suspended).*sleep 300/);
      await screen.line("bg; jobs", 0);
      await screen.see(/[Rr]unning.*sleep 300/);
      screen.press("fg\r");
      await moment();
      screen.press("\u0003");
      await screen.prompt(130);
      await screen.line("true", 0);
      screen.press("sh -c 'trap \"exit 3\" INT; echo wai''ting; while :; do sleep 0.1; done'\r");
      await screen.see("waiting");
      screen.press("\u0003");
      await screen.prompt(3);

      screen.press("vim -u NONE -N new.txt\r");
      await screen.see(/"new.txt" \[New\]|"new.txt" \d+L/);
      screen.press("ihello there\u001b:wq\r");
      await screen.prompt(0);
      expect(readFileSync(join(place.workspace, "new.txt"), "utf8")).toContain("hello there");
      screen.press("seq 200 | less\r");
      await screen.see(/^38$/m);
      screen.press("q");
      await screen.prompt(0);
      await screen.line("script -q -c 'tty; echo in script' /dev/null", 0);
      await screen.see(/^in script$/m);

      screen.press("rm -f old.txt\r");
      await screen.see("waits for you");
      await screen.see("old.txt");
      await moment();
      const word = /and type (.+?) *$/m.exec(screen.text())?.[1];
      screen.press("a");
      if (word !== undefined) {
        await moment(150);
        screen.press(`${word}\r`);
      }
      await screen.prompt(0);
      expect(existsSync(join(place.workspace, "old.txt"))).toBe(false);
      screen.press("exit\r");
      expect(await screen.exited).toBe(0);
    },
    120_000,
  );

  test.skipIf(why !== undefined).each(["bash", "/bin/bash", "zsh"])(
    "%s: each typed line is judged before it runs, with the user's start-up file read",
    async (program) => {
      writeFileSync(join(place.workspace, "old.txt"), "old\n");
      const screen = await open(program, ["--mode", "deny"]);
      for (const line of ["{ :; } > old.txt", "f() { : > old.txt; }; f"]) {
        await screen.line(line);
        await screen.see("holdpoint: denied by rule files/lose-work");
      }
      expect(readFileSync(join(place.workspace, "old.txt"), "utf8")).toBe("old\n");
    },
  );

  test.skipIf(why !== undefined).each([
    ["Ctrl-D at the prompt", (screen: ShellScreen) => screen.press("\u0004")],
    ["the terminal is closed", (screen: ShellScreen) => screen.hangUp()],
    ["the broker is killed", (screen: ShellScreen) => screen.kill()],
  ])(
    "%s: nothing runs on",
    async (what, end) => {
      const screen = await open("bash");
      // Of a session of its own, and deaf to what a terminal says when it goes.
      const marker = `0.${process.pid}${what.codePointAt(4)}`;
      const left = `import os, signal, time\nif os.fork(): os._exit(0)\nos.setsid()\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nwhile True: time.sleep(1)`;
      writeFileSync(join(place.workspace, "left.py"), left);
      await screen.line(`python3 left.py ${marker} & true`, 0);
      // The first of the two has ended: who leads a group of processes cannot begin a session.
      await moment();
      await expect.poll(() => having(marker).length, { timeout: 10_000 }).toBe(1);
      end(screen);
      await screen.exited;
      await expect.poll(() => having(marker), { timeout: 20_000 }).toEqual([]);
    },
    60_000,
  );
});

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
