import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProcessState } from "../../src/launcher/process-state.js";
import { findTool, type OuterTerminal, openTerminal, prepareSession, sessionLine } from "./outer-terminal.js";

// A shell with job control, a session in it, and a program in that: stopping and going on are as without the session.

let folder = "";
let remove = () => {};
beforeAll(async () => {
  ({ folder, remove } = await prepareSession());
});
afterAll(() => remove());

const stopped = /Stopped/;
const open = (script: string, more: Partial<Parameters<typeof openTerminal>[0]> = {}): OuterTerminal =>
  openTerminal({ folder, script, jobControl: true, ...more });

/** The shell has its prompt, and its terminal is what it was; `cmp` ran in that very shell. */
async function sameTerminal(terminal: OuterTerminal): Promise<void> {
  terminal.send("stty -g > after; cmp before after && echo SAME' 'TERMINAL\n");
  await terminal.waitFor("SAME TERMINAL");
}

async function continued(terminal: OuterTerminal, status: number): Promise<void> {
  terminal.send("fg; echo ended' 'with $?\n");
  await terminal.waitFor(`ended with ${status}`);
  await sameTerminal(terminal);
  terminal.kill("SIGHUP");
}

const stopsItself = (signal: string): string =>
  `stty raw; echo READY; head -c 1 >/dev/null; stty -raw; kill -${signal} $$; echo AGAIN; exit 4`;

describe("Ctrl-Z and fg", () => {
  const programs: readonly (readonly [name: string, script: string, withoutCompiler: boolean])[] = [
    ["a program that stops itself by SIGSTOP", stopsItself("STOP"), false],
    ["a program that stops itself by SIGTSTP", stopsItself("TSTP"), false],
    ["a program that leaves it to the kernel", "echo READY; read -r a; read -r b; echo AGAIN; exit 4", false],
    ["a program below it", "echo READY; sleep 0.7; read -r line; echo AGAIN; exit 4", false],
    ["without a leader, by SIGSTOP", stopsItself("STOP"), true],
    [
      "without a leader, left to the kernel",
      "echo READY; while :; do sleep 0.1; [ -e go ] && echo AGAIN && exit 4; done",
      true,
    ],
  ];

  it.each(programs)("%s", async (_, script, withoutCompiler) => {
    const terminal = open(script, { withoutCompiler });
    await terminal.waitFor("READY");
    terminal.send("\u001a");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("touch go; fg; echo ended' 'with $?\n");
    await terminal.waitFor(sessionLine);
    terminal.send("x\ny\n");
    await terminal.waitFor("AGAIN");
    await terminal.waitFor("ended with 4");
    await sameTerminal(terminal);
    terminal.kill("SIGHUP");
  });

  it("a session in a script", async () => {
    writeFileSync(join(folder, "script.sh"), `${sessionLine}\necho after $?\n`);
    const terminal = open("echo READY; read -r line; exit 4", { line: "sh ../script.sh" });
    await terminal.waitFor("READY");
    terminal.send("\u001a");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("fg\n");
    await terminal.waitFor("script.sh");
    terminal.send("x\n");
    await terminal.waitFor("after 4");
    await sameTerminal(terminal);
    terminal.kill("SIGHUP");
  });

  it("in the background it runs on, until it wants the terminal", async () => {
    const terminal = open("echo READY; read -r one; echo GOT $one; read -r two; echo AND $two; exit 4");
    await terminal.waitFor("READY");
    terminal.send("\u001a");
    await terminal.waitFor(stopped);
    terminal.send("bg\n");
    await terminal.waitFor(" &");
    terminal.send("wait; jobs\n");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("fg; echo ended' 'with $?\n");
    await terminal.waitFor(sessionLine);
    terminal.send("x\ny\n");
    await terminal.waitFor("AND y");
    await terminal.waitFor("ended with 4");
    await sameTerminal(terminal);
    terminal.kill("SIGHUP");
  });
});

describe("stops that nobody typed", () => {
  it("the program's own, and kill -TSTP of the session", async () => {
    const terminal = open(
      "printf 'last words'; kill -TSTP $$; echo AGAIN; while [ ! -e go ]; do sleep 0.05; done; exit 4",
    );
    await terminal.waitFor("last words");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("fg\n");
    await terminal.waitFor("AGAIN");
    process.kill(terminal.sessionPid(), "SIGTSTP");
    await terminal.waitFor(stopped);
    terminal.send("touch go\n");
    await continued(terminal, 4);
  });

  it("a shell that is suspended", async () => {
    const terminal = open("exec bash --norc --noprofile -i");
    await terminal.waitFor("bash");
    terminal.send("PS1='inner ''> '\n");
    await terminal.waitFor("inner >");
    terminal.send("suspend\n");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("fg\n");
    await terminal.waitFor("inner >");
    terminal.send("exit 5\n");
    await terminal.waitFor("exit\r\n");
    await terminal.waitFor("$ ");
    terminal.send("echo ended' 'with $?\n");
    await terminal.waitFor("ended with 5");
    terminal.kill("SIGHUP");
  });

  it("a job of a shell inside is that shell's own", async () => {
    const terminal = open("exec bash --norc --noprofile -i");
    await terminal.waitFor("bash");
    terminal.send("PS1='inner ''> '\n");
    await terminal.waitFor("inner >");
    terminal.send("cat\n");
    await terminal.waitFor("cat\r\n");
    terminal.send("hello\n");
    await terminal.waitFor(/hello\r\nhello/);
    terminal.send("\u001a");
    await terminal.waitFor(stopped);
    await terminal.waitFor("inner >");
    terminal.send("echo $((6*7)); kill %1\n");
    await terminal.waitFor("42");
    await terminal.waitFor("inner >");
    terminal.send("wait; exit 5\n");
    await terminal.waitFor("exit\r\n");
    await terminal.waitFor("$ ");
    terminal.send("echo ended' 'with $?\n");
    await terminal.waitFor("ended with 5");
    terminal.kill("SIGHUP");
  });

  it("where nobody could continue it, the kernel does not let it stop", async () => {
    const terminal = openTerminal({ folder, script: "echo READY; sleep 0.5; kill -TSTP $$; exit 4" });
    await terminal.waitFor("READY");
    terminal.send("\u001a");
    await terminal.waitFor("SAME TERMINAL");
    expect((await terminal.ended).status).toBe(4);
  });
});

describe("a card", () => {
  it("is not stopped by Ctrl-Z, and a program that stops behind it stops the session after it", async () => {
    const script = `echo READY; (sleep 0.8; kill -STOP $$) & echo '{"seconds":20}' > "$ASK"; read -r answer < "$ANSWER"; echo "$answer"; exit 4`;
    const terminal = open(script);
    await terminal.waitFor("Would");
    await sleep(1200);
    terminal.send("\u001a");
    await sleep(400);
    terminal.send("d");
    await terminal.waitFor(stopped);
    await sameTerminal(terminal);
    terminal.send("fg; echo ended' 'with $?\n");
    await terminal.waitFor('"decision":"deny"');
    await terminal.waitFor("ended with 4");
    await sameTerminal(terminal);
    terminal.kill("SIGHUP");
  });
});

describe("full-screen programs", () => {
  const programs = [
    ["vim", "vim -u NONE -i NONE -n text", "\u001a", ":q!\r"],
    ["vim", "vim -u NONE -i NONE -n text", ":stop\r", ":q!\r"],
    ["less", "less text", "\u001a", "q"],
  ] as const;
  for (const [tool, command, stop, quit] of programs)
    it.skipIf(findTool(tool) === undefined)(`${tool}, ${JSON.stringify(stop)}`, async () => {
      const terminal = open(`seq -f 'line %g of it' 100 > text; exec ${command}`);
      await terminal.waitFor("line 20 of it");
      await sleep(300);
      terminal.send(stop);
      await terminal.waitFor(stopped);
      await sameTerminal(terminal);
      terminal.send("fg; echo ended' 'with $?\n");
      await terminal.waitFor("line 20 of it");
      await sleep(300);
      terminal.send(quit);
      await terminal.waitFor("ended with 0");
      await sameTerminal(terminal);
      expect(terminal.text().split("\u001b[?1049h").length).toBe(
        terminal.text().split("\u001b[?1049l").length,
      );
      terminal.kill("SIGHUP");
    });
});

describe("the end of the terminal", () => {
  it("ends the session and its program", async () => {
    const terminal = open('echo $$ > "../pid-$PPID"; echo $$ > program; echo READY; sleep 60');
    await terminal.waitFor("READY");
    const session = terminal.sessionPid();
    terminal.kill("SIGKILL");
    await terminal.ended;
    for (let tries = 0; tries < 300 && isThere(session); tries++) await sleep(20);
    expect(isThere(session)).toBe(false);
  });

  it("a session that is killed leaves a terminal that works", async () => {
    const script =
      "stty raw -echo; printf '\\033[?1049h\\033[?1002;1006h\\033[?25lREADY'; echo $$ > program; sleep 60";
    const terminal = open(script, { line: `(${sessionLine})` });
    await terminal.waitFor("READY");
    process.kill(terminal.sessionPid(), "SIGKILL");
    // The shell and the leader hear of it at the same time.
    await terminal.waitFor(/Killed.*\[\?1047l.*\(B|\[\?1047l.*\(B.*Killed/s);
    await sameTerminal(terminal);
    terminal.kill("SIGHUP");
  });
});

function isThere(pid: number): boolean {
  const state = readProcessState(pid);
  return state !== undefined && state.state !== "Z" && readFileSync(`/proc/${pid}/cmdline`, "latin1") !== "";
}
