import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canPushKeys } from "../../src/launcher/pushed-keys.js";
import { type OuterTerminal, openTerminal, prepareSession } from "./outer-terminal.js";

let folder = "";
let remove = () => {};
beforeAll(async () => {
  ({ folder, remove } = await prepareSession());
});
afterAll(() => remove());

/** Puts the question that is the line it reads, prints the answer, and so on until `quit`. */
const agent = `
echo READY
while read -r line; do
  case $line in
    {*) echo "$line" > "$ASK"; read -r answer < "$ANSWER"; echo "$answer" ;;
    quit) exit 3 ;;
    *) echo "agent got <$line>" ;;
  esac
done`;

async function start(more: Partial<Parameters<typeof openTerminal>[0]> = {}): Promise<OuterTerminal> {
  const terminal = openTerminal({ folder, script: agent, ...more });
  await terminal.waitFor("READY");
  return terminal;
}

async function ask(terminal: OuterTerminal, question: Readonly<Record<string, unknown>> = {}): Promise<void> {
  terminal.send(`${JSON.stringify(question)}\n`);
  await terminal.waitFor("Would");
  await sleep(380);
}

async function answerOf(terminal: OuterTerminal): Promise<unknown> {
  return JSON.parse(await terminal.waitFor(/\{"decision".*?\}/));
}

async function quit(terminal: OuterTerminal): Promise<unknown> {
  terminal.send("\u0015quit\n");
  await terminal.waitFor("SAME TERMINAL");
  return (await terminal.ended).status;
}

const allowed = (grant: string, key: string) => ({
  decision: "allow",
  grant,
  by: "someone",
  how: `test: ${key}`,
});
const denied = (key: string, reason?: string) => ({
  decision: "deny",
  cause: "human",
  by: "someone",
  how: `test: ${key}`,
  ...(reason === undefined ? {} : { reason }),
});
/** Of all that waits. */
const ctrlC = { ...denied("Ctrl-C"), all: true };
const absent = (cause: string) => ({ decision: "deny", cause, by: "holdpoint", how: `test: ${cause}` });
const volume = "3d2c42fb-9d1e-4f5a-a111-0123456789ab";

interface AnswerCase {
  readonly name: string;
  readonly question?: Readonly<Record<string, unknown>>;
  /** Sent one after another with a pause between. */
  readonly keys: readonly string[];
  readonly answer: unknown;
}

const answers: readonly AnswerCase[] = [
  { name: "a allows once", keys: ["a"], answer: allowed("once", "a") },
  { name: "s allows for the session", keys: ["s"], answer: allowed("session", "s") },
  { name: "d denies", keys: ["d"], answer: denied("d") },
  { name: "q denies", keys: ["q"], answer: denied("q") },
  { name: "Enter denies", keys: ["\r"], answer: denied("Enter") },
  { name: "Esc denies", keys: ["\u001b"], answer: denied("Esc") },
  { name: "Ctrl-C denies", keys: ["\u0003"], answer: ctrlC },
  { name: "Ctrl-D denies", keys: ["\u0004"], answer: denied("Ctrl-D") },
  { name: "time-out denies", question: { seconds: 1 }, keys: [], answer: absent("time-out") },
  {
    name: "a caller that goes takes the card along",
    question: { abort: 600 },
    keys: [],
    answer: absent("caller-gone"),
  },
  {
    name: "a reason",
    keys: ["r", "use trash\u007f\u007f\u007f\u007f\u007fmv é\r"],
    answer: denied("r", "use mv é"),
  },
  { name: "Esc leaves the reason, then d", keys: ["r", "no", "\u001b", "", "d"], answer: denied("d") },
  {
    name: "a typed name",
    question: { name: "incident" },
    keys: ["a", `${volume}\r`],
    answer: allowed("once", "typed"),
  },
  {
    name: "a typed name for the session",
    question: { name: "incident" },
    keys: ["s", volume, "\r"],
    answer: allowed("session", "typed"),
  },
  {
    name: "a wrong name stays",
    question: { name: "incident" },
    keys: ["a", "3d2c\r", "\u0003"],
    answer: ctrlC,
  },
  {
    name: "a pasted name stays",
    question: { name: "incident" },
    keys: ["a", `\u001b[200~${volume}\r\u001b[201~`, "\r", "\u0003"],
    answer: ctrlC,
  },
  {
    name: "arrow keys, replies, mouse and focus are no answers",
    keys: [
      "\u001b[A",
      "\u001bOB",
      "\u001b[1;2A",
      "\u001b[?64;1;2c",
      "\u001b]11;rgb:aaaa/aaaa/aaaa\u001b\\",
      "\u001b[M a!",
      "\u001b[<0;3;4M",
      "\u001b[I",
      "\u001b[97u",
      "\u001ba",
      "\u001bPa\u001b\\",
      "d",
    ],
    answer: denied("d"),
  },
  { name: "a sequence in two halves is one", keys: ["\u001b[", "1;5", "a", "d"], answer: denied("d") },
  { name: "pasted text is no answer", keys: ["\u001b[200~a", "\u001b[20", "1~", "d"], answer: denied("d") },
  { name: "unbracketed paste is no answer", keys: ["add tests\n", "", "d"], answer: denied("d") },
  { name: "Ctrl-C of a kitty keyboard", keys: ["\u001b[99;5u"], answer: ctrlC },
  { name: "the whole plan, then a", keys: ["v", "j", " ", "k", "v", "a"], answer: allowed("once", "a") },
];

describe("answers", () => {
  it.concurrent.each(answers)("$name", async ({ question = {}, keys, answer }) => {
    const terminal = await start();
    await ask(terminal, question);
    for (const key of keys) {
      terminal.send(key);
      await sleep(key === "" ? 400 : 150);
    }
    const given = await answerOf(terminal);
    expect([given, await quit(terminal)]).toEqual([answer, 3]);
  });
});

describe("keys that were not meant for the card", () => {
  it("typed before it could be read", async () => {
    const terminal = await start();
    terminal.send("{}\n");
    await terminal.waitFor("Would");
    for (let at = 0; at < 8; at++) {
      terminal.send("a");
      await sleep(100);
    }
    await sleep(400);
    terminal.send("d");
    expect(await answerOf(terminal)).toEqual(denied("d"));
  });

  it("pushed into the agent's own terminal, and written to it", async () => {
    const terminal = await start({
      script: `${agent.replace("{*)", `{*) echo "$line" > "$ASK"; sleep 0.8; python3 ../push.py; read -r answer < "$ANSWER"; echo "$answer" ;;\n    unused)`)}`,
    });
    const program =
      "import fcntl,termios,os,sys\nfor c in 'a\\n':\n  fcntl.ioctl(0, termios.TIOCSTI, c.encode())\nos.write(os.open(os.ttyname(0), os.O_RDWR), b'a\\r')\n";
    writeFileSync(join(folder, "push.py"), program);
    terminal.send("{}\n");
    await terminal.waitFor("Would");
    await sleep(1800);
    terminal.send("d");
    expect(await answerOf(terminal)).toEqual(denied("d"));
    // What was pushed reached the one who pushed it.
    if (readFileSync("/proc/sys/dev/tty/legacy_tiocsti", "utf8").trim() === "1")
      await terminal.waitFor("agent got <a>");
  });

  // Root can reach the human's own terminal: there one key must not be enough.
  it.skipIf(!canPushKeys())("pushed into the human's terminal", async () => {
    const push = [
      "import fcntl, os, termios, time",
      "t = os.open(os.environ['OUTER'], os.O_RDWR | os.O_NOCTTY)",
      "for c in b'a', b'\\r':",
      "  fcntl.ioctl(t, termios.TIOCSTI, c)",
      "  time.sleep(0.4)",
    ].join("\n");
    writeFileSync(join(folder, "push-outer.py"), push);
    const answerTo = async (challenge: string) => {
      const terminal = await start({
        env: { CHALLENGE: challenge },
        script: agent.replace(
          'echo "$line" > "$ASK";',
          'echo "$line" > "$ASK"; sleep 0.8; python3 ../push-outer.py;',
        ),
      });
      terminal.send('{"seconds":4}\n');
      return answerOf(terminal);
    };
    expect(await Promise.all([answerTo("0"), answerTo("1")])).toEqual([
      allowed("once", "a"),
      absent("time-out"),
    ]);
  });

  it("a challenge word, where keys could be pushed into this terminal", async () => {
    const terminal = await start({ env: { CHALLENGE: "1" } });
    await ask(terminal);
    terminal.send("a");
    await terminal.waitFor(/Type [a-z]{4} to allow it once/);
    const word = /Type ([a-z]{4})/.exec(terminal.text())?.[1] ?? "";
    terminal.send(`${word}\r`);
    expect(await answerOf(terminal)).toEqual(allowed("once", "typed"));
  });
});

describe("the terminal", () => {
  it("asks twice, one after the other, and passes the agent's keys in between", async () => {
    const terminal = await start();
    await ask(terminal);
    terminal.send("a");
    const first = await answerOf(terminal);
    terminal.send("hello é\n");
    await terminal.waitFor("agent got <hello é>");
    await ask(terminal);
    terminal.send("d");
    expect([first, await answerOf(terminal), await quit(terminal)]).toEqual([
      allowed("once", "a"),
      denied("d"),
      3,
    ]);
  });

  it("draws anew when its size changes, and tells the agent", async () => {
    const terminal = await start({ script: agent.replace("quit)", "size) stty size ;;\n    quit)") });
    await ask(terminal);
    terminal.resize(40, 12);
    await terminal.waitFor("a once  s session");
    terminal.send("d");
    await answerOf(terminal);
    terminal.send("size\n");
    await terminal.waitFor("12 40");
  });

  it("gets back the modes that the agent had set, and the card's frame is cut at no sequence", async () => {
    const script = `printf '\\033[?1049h\\033[?25l\\033[?1000;1006h\\033[?2004h\\033[>1u\\033[3;9rREADY\\033[3'
      echo '{"seconds":1}' > "$ASK"; read -r x < "$ANSWER"; sleep 0.3; printf '1mDONE'; sleep 0.2`;
    const terminal = await start({ script });
    await terminal.waitFor("Would");
    const card = terminal.text();
    await terminal.waitFor("DONE");
    const after = terminal.text().slice(card.length);
    const entered = card.slice(card.indexOf("READY") + 5, card.indexOf("Would"));
    expect(entered.startsWith("\u001b[3\u0018\u001b7")).toBe(true);
    for (const part of ["\u001b[?1000;1006l", "\u001b[>0u", "\u001b[r"]) expect(entered).toContain(part);
    const left = after.slice(after.lastIndexOf("\u001b[2J"));
    for (const part of [
      "\u001b[<u",
      "\u001b[3;9r",
      "\u001b8",
      "\u001b[?1000;1006h",
      "\u001b[?2004h",
      "\u001b[?25l",
      "\u001b[31mDONE",
    ])
      expect(left).toContain(part);
  });

  it("holds a reply to the agent's query back until the card is gone", async () => {
    const script = `stty raw -echo; echo READY; echo '{"seconds":2}' > "$ASK"; dd bs=1 count=7 2>/dev/null | od -An -c; stty -raw`;
    const terminal = await start({ script });
    await terminal.waitFor("Would");
    terminal.send("\u001b[12;3R");
    await sleep(500);
    const before = terminal.text();
    await terminal.waitFor(/033 +\[ +1 +2 +; +3 +R/);
    expect(before).not.toMatch(/033 +\[/);
  });

  it("loses no byte of ten megabytes, nor of what came behind a card", async () => {
    const file = join(folder, "ten");
    let text = "";
    for (let at = 0; text.length < 6_000_000; at++) text += `${at} é 漢字 😀 \u001b[3${at % 8}m`;
    writeFileSync(file, text);
    const wanted = createHash("sha256").update(text).digest("hex");
    const script = `stty raw -echo; printf READY; cat ${file}; printf 'MIDDLE'; sleep 1; echo '{"seconds":2}' > "$ASK"; sleep 0.5; cat ${file}; printf 'END'`;
    const terminal = await start({ script });
    await terminal.ended;
    const all = terminal.output();
    const first = all.subarray(all.indexOf("READY") + 5, all.indexOf("MIDDLE"));
    const last = all.indexOf("END");
    const second = all.subarray(last - Buffer.byteLength(text), last);
    expect([first, second].map((part) => createHash("sha256").update(part).digest("hex"))).toEqual([
      wanted,
      wanted,
    ]);
  });

  it("loses none either without a pump, nor modes that change all the time", async () => {
    const frames = Array.from(
      { length: 20_000 },
      (_, at) => `\u001b[?2026h${at} é\u001b]8;;x:${at}\u0007\u001b[3${at % 8}m\u001b[?2026l`,
    );
    writeFileSync(join(folder, "frames"), frames.join(""));
    for (const withoutCompiler of [true, false]) {
      const terminal = await start({
        script: "stty raw; printf READY; cat ../frames; printf END",
        withoutCompiler,
      });
      await terminal.ended;
      const all = terminal.output().toString();
      expect(all.slice(all.indexOf("READY") + 5, all.indexOf("END"))).toBe(frames.join(""));
    }
  });

  const harms = [
    ["killed", "SIGKILL"],
    ["stopped", "SIGSTOP"],
  ] as const;
  it.each(harms)("goes on without a pump that was %s", async (_, signal) => {
    const terminal = await start();
    terminal.send("one\n");
    await terminal.waitFor("agent got <one>");
    process.kill(await pumpOf(terminal), signal);
    terminal.ask({ seconds: 20 });
    await terminal.waitFor("Would");
    // A key counts once the card has stood for a while.
    for (let tries = 0; tries < 12 && !terminal.text().includes("\u001b[?1049l"); tries++) {
      await sleep(700);
      terminal.send("d");
    }
    terminal.send("\u0015two\n");
    await terminal.waitFor("agent got <two>");
    expect(await quit(terminal)).toBe(3);
  });

  it("stops a flood at Ctrl-C, with little of it still to come", async () => {
    const terminal = await start({
      script: "trap 'printf INTERRUPTED; exit 3' INT; printf READY; yes flood",
    });
    await terminal.waitFor(/(?:flood\r\n){100}/);
    // All between the program and a terminal that does not read is full by now, and stays on the way when it is stopped.
    terminal.pause();
    await sleep(1000);
    const before = terminal.output().length;
    terminal.send("\u0003");
    await sleep(300);
    terminal.resume();
    await terminal.waitFor("INTERRUPTED");
    expect(terminal.output().length - before).toBeLessThan(300_000);
    expect((await terminal.ended).status).toBe(3);
  });

  it("waits for a slow one, and still has the last line", async () => {
    const terminal = await start({ script: "echo READY; seq 1 200000; echo LAST" });
    terminal.pause();
    await sleep(1500);
    terminal.resume();
    await terminal.waitFor("200000");
    await terminal.waitFor("LAST");
    expect((await terminal.ended).status).toBe(0);
  });
});

async function pumpOf(terminal: OuterTerminal): Promise<number> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
    const session = terminal.sessionPid();
    const children = readFileSync(`/proc/${session}/task/${session}/children`, "utf8").trim().split(" ");
    const pump = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/pump"));
    if (pump !== undefined) return Number(pump);
  }
  throw new Error("no pump");
}

const ends: readonly {
  readonly name: string;
  readonly script: string;
  readonly status: number;
  readonly env?: Readonly<Record<string, string>>;
}[] = [
  { name: "status", script: "exit 42", status: 42 },
  { name: "signal", script: "kill -9 $$", status: 137 },
  { name: "leftover that keeps the terminal", script: "sleep 3 & echo bye", status: 0 },
  { name: "own failure", script: "trap '' HUP; sleep 2", status: 1, env: { CRASH: "1" } },
  {
    name: "a card that is up when the agent ends",
    script: `echo '{}' > "$ASK"; sleep 0.5; exit 5`,
    status: 5,
  },
];

describe("the end", () => {
  it.each(ends)("$name", async ({ script, status, env = {} }) => {
    const terminal = openTerminal({ folder, script, env });
    await terminal.waitFor("SAME TERMINAL");
    expect((await terminal.ended).status).toBe(status);
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s is passed on", async (signal) => {
    const terminal = await start({
      script: `trap 'echo CAUGHT; exit 9' ${signal.slice(3)}; echo READY; while :; do sleep 0.1; done`,
    });
    process.kill(terminal.sessionPid(), signal);
    await terminal.waitFor("CAUGHT");
    await terminal.waitFor("SAME TERMINAL");
    expect((await terminal.ended).status).toBe(9);
  });
});

describe("a terminal that is shared with the agent", () => {
  const shells = [
    { name: "in the foreground", shell: "sh" },
    { name: "in the background, behind a shell with job control", shell: "bash -m" },
  ];
  it.each(shells)("$name", async ({ shell }) => {
    const script = `echo READY; (echo '{}' > "$ASK"; read -r answer < "$ANSWER"; echo "$answer"); exit 6`;
    const terminal = openTerminal({ folder, script, shell, door: "shared" });
    await terminal.waitFor("Would");
    await sleep(400);
    terminal.send("a");
    await terminal.waitFor(/Type [a-z]{4} to allow it once/);
    terminal.send("\u001b");
    await sleep(700);
    terminal.send("a");
    await sleep(100);
    const word = /Type ([a-z]{4})/.exec(terminal.text())?.[1] ?? "";
    terminal.send(`${word}\r`);
    expect(await answerOf(terminal)).toEqual(allowed("once", "typed"));
    await terminal.waitFor("SAME TERMINAL");
    expect((await terminal.ended).status).toBe(6);
  });
});
