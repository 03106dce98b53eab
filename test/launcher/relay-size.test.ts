import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTerminal, prepareSession, sessionLine } from "./outer-terminal.js";

// The program's terminal has the size and the modes of the human's, whatever happens to that and whenever.

let folder = "";
let remove = () => {};
beforeAll(async () => {
  ({ folder, remove } = await prepareSession());
});
afterAll(() => remove());

/** Says each size that it is told of, and ends with `q`. */
const watcher = `exec node -e '
  const say = () => console.log("SIZE " + process.stdout.columns + " " + process.stdout.rows + " END");
  process.stdout.on("resize", say); process.on("SIGCONT", () => process.stdout._refreshSize());
  process.stdin.setRawMode(true).on("data", (key) => String(key) === "q" ? process.exit(4) : say()); say(); console.log("READY");'`;
const sizes = (text: string): readonly string[] =>
  [...text.matchAll(/SIZE (\d+ \d+) END/g)].map(([, size]) => size ?? "");

it("the program is told once of each size, down to one cell and back", async () => {
  const terminal = openTerminal({ folder, script: watcher });
  await terminal.waitFor("READY");
  for (const [columns, rows] of [
    [60, 15],
    [1, 1],
    [200, 70],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.waitFor(`SIZE ${columns} ${rows} END`);
  }
  terminal.send("q");
  expect((await terminal.ended).status).toBe(4);
  expect(sizes(terminal.text())).toEqual(["80 24", "60 15", "1 1", "200 70"]);
});

it("under a card of any size it is told as well, and sees it when the card is gone", async () => {
  const terminal = openTerminal({ folder, script: watcher });
  await terminal.waitFor("READY");
  terminal.ask({ seconds: 20 });
  await terminal.waitFor("Would");
  for (const [columns, rows] of [
    [1, 1],
    [5, 2],
    [70, 20],
  ] as const) {
    terminal.resize(columns, rows);
    await sleep(200);
  }
  await terminal.waitFor("a once");
  terminal.send("d");
  await terminal.waitFor("SIZE 70 20 END");
  terminal.send("q");
  expect((await terminal.ended).status).toBe(4);
});

it("in a flood of output", async () => {
  const terminal = openTerminal({
    folder,
    script: "echo READY; yes 'a line of words' & read -r x; kill $!; stty size; exit 4",
  });
  await terminal.waitFor("READY");
  for (let at = 0; at < 20; at++) {
    terminal.resize(20 + at, 5 + at);
    await sleep(15);
  }
  terminal.send("x\n");
  await terminal.waitFor("24 39");
  expect((await terminal.ended).status).toBe(4);
});

it("a size that changed while the session was stopped", async () => {
  const terminal = openTerminal({
    folder,
    script: "echo READY; kill -STOP $$; stty size; echo OVER; exit 4",
    jobControl: true,
  });
  await terminal.waitFor("Stopped");
  terminal.resize(64, 13);
  terminal.send("fg\n");
  await terminal.waitFor("13 64");
  await terminal.waitFor("OVER");
  terminal.kill("SIGHUP");
});

it("a session that was stopped from outside takes the terminal again", async () => {
  const terminal = openTerminal({
    folder,
    script: "echo READY; read -r x; echo got $x; exit 4",
    jobControl: true,
  });
  await terminal.waitFor("READY");
  process.kill(terminal.sessionPid(), "SIGSTOP");
  await terminal.waitFor("Stopped");
  terminal.resize(64, 13);
  terminal.send("stty -a | grep -c ' icanon'\n");
  await terminal.waitFor(/[\r\n]1\r/);
  terminal.send("fg\n");
  await terminal.waitFor("program.mjs");
  terminal.send("word\n");
  await terminal.waitFor("got word");
  terminal.send("stty -g > after; cmp before after && echo SAME' 'TERMINAL\n");
  await terminal.waitFor("SAME TERMINAL");
  terminal.kill("SIGHUP");
});

it("the modes that the human has set", async () => {
  const terminal = openTerminal({
    folder,
    script: "stty -g > inner; cmp mine inner && echo SAME' 'MODES; exit 4",
    jobControl: true,
    line: `stty erase ^H -ixon; stty -g > mine; ${sessionLine}`,
  });
  await terminal.waitFor("SAME MODES");
  terminal.kill("SIGHUP");
});
