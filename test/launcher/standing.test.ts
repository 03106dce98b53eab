import { expect, test } from "vitest";
import type { Processes, ProcessFacts } from "../../src/launcher/processes.js";
import { terminalName } from "../../src/launcher/processes.js";
import { judgeStanding } from "../../src/launcher/standing.js";

// A desktop: 1 init, 10 the login's manager (which adopts orphans), 20 a terminal's window process, 21 a shell in it, 30 the
// broker since tick 1000, 31 its agent. 40 is a tmux server from before; 60 another manager beside the session's line.
const script = "/usr/lib/holdpoint/bin/holdpoint.js";
const pts7 = (136 << 8) | 7;
type Row = readonly [
  pid: number,
  parent: number,
  name: string,
  startedAt: number,
  more?: Partial<ProcessFacts>,
];
const machine: readonly Row[] = [
  [1, 0, "init", 0],
  [10, 1, "systemd", 100],
  [20, 10, "gnome-terminal-", 200],
  [21, 20, "bash", 900],
  [30, 21, "node", 1000, { script }],
  [31, 30, "codex", 1001],
  [40, 10, "tmux: server", 300],
  [60, 1, "crond", 50],
  [70, 10, "dbus-daemon", 110],
];

function judge(rows: readonly Row[], holders: readonly number[] = [], needsTerminal = true) {
  const all = new Map(
    [...machine, ...rows].map(([pid, parent, name, startedAt, more]): [number, ProcessFacts] => [
      pid,
      {
        pid,
        parent,
        name,
        startedAt,
        terminal: pts7,
        session: undefined,
        script: undefined,
        verb: undefined,
        ...more,
      },
    ]),
  );
  const processes: Processes = { read: (pid) => all.get(pid), holders: () => holders };
  const standing = judgeStanding(99, { broker: 30, reaper: 10, script }, processes, needsTerminal);
  return standing.ok ? standing.terminal : standing.reason;
}

const approve = (parent: number, more: Partial<ProcessFacts> = {}): Row => [
  99,
  parent,
  "node",
  5000,
  { script, ...more },
];

test.each<readonly [name: string, rows: readonly Row[], holders: readonly number[]]>([
  ["a new window of the terminal that runs", [approve(90), [90, 20, "bash", 4000]], [20]],
  ["the very shell that the session was started from", [approve(21)], [20]],
  ["another pane of a tmux from before", [approve(90), [90, 40, "bash", 4000]], [40]],
  [
    "a terminal whose outer end leaked into another approver, below the same window process",
    [approve(21), [88, 20, "node", 4000, { script, verb: "approve" }], [89, 88, "cat", 4001]],
    [20, 88, 89],
  ],
  ["a terminal that a process held which is gone by now", [approve(21)], [20, 777]],
  ["a new login", [approve(90), [90, 80, "bash", 4000], [80, 79, "sshd", 3990], [79, 1, "sshd", 60]], []],
  ["a shell put into the container from outside", [approve(90), [90, 0, "bash", 4000]], []],
  [
    "a terminal of its own, started by an old desktop shell",
    [approve(90), [90, 85, "xterm", 4000], [85, 10, "gnome-shell", 150]],
    [90],
  ],
])("let in: %s", (_name, rows, holders) => {
  expect(judge(rows, holders)).toBe("pts/7");
});

const keptOut: readonly (readonly [
  name: string,
  refusal: RegExp,
  rows: readonly Row[],
  holders?: readonly number[],
])[] = [
  ["the agent's child", /started inside this session/, [approve(31)]],
  ["the broker's own", /started inside this session/, [approve(30)]],
  [
    "far below the agent",
    /inside this session/,
    [approve(90), [90, 91, "script", 4000], [91, 31, "sh", 3000]],
  ],
  [
    "adopted by the login's manager",
    /"python3" \(process 90\) was started after the session began.*"systemd"/,
    [approve(90), [90, 10, "python3", 4000]],
  ],
  ["itself adopted", /after the session began/, [approve(10)]],
  ["adopted by the first process", /after the session began/, [approve(1)]],
  ["of the same tick as the session", /after the session began/, [approve(90), [90, 10, "python3", 1000]]],
  [
    "a new tmux server",
    /"tmux: server" \(process 90\) was started after/,
    [approve(91), [91, 90, "sh", 4001], [90, 10, "tmux: server", 4000]],
  ],
  ["started by cron", /left to "crond"/, [approve(90), [90, 60, "sh", 4000]]],
  ["started by D-Bus", /left to "dbus-daemon"/, [approve(90), [90, 70, "sh", 4000]]],
  [
    "started by a manager that is no ancestor of the session",
    /left to "systemd"/,
    [approve(90), [90, 65, "sh", 4000], [65, 1, "systemd", 90]],
  ],
  [
    "with a session in its environment",
    /belongs to the guarded session abcdefg/,
    [approve(90), [90, 20, "bash", 4000, { session: "abcdefg" }]],
  ],
  [
    "below another session's broker",
    /started inside a session, by "node"/,
    [approve(90), [90, 91, "codex", 800], [91, 20, "node", 700, { script }]],
  ],
  ["another program", /is not this session's own holdpoint/, [approve(21, { script: "/tmp/holdpoint.js" })]],
  ["no script at all", /is not this session's own holdpoint/, [approve(21, { script: undefined })]],
  ["no terminal", /it has no terminal/, [approve(21, { terminal: 0 })]],
  [
    "a terminal in the broker's hands: the agent's own",
    /pts\/7 is held from elsewhere: process 30/,
    [approve(21)],
    [30],
  ],
  ["a terminal in the agent's hands", /pts\/7 is held from elsewhere: process 31/, [approve(21)], [20, 31]],
  ["an ancestor that cannot be seen", /where process 99 comes from cannot be seen/, [approve(555)]],
];
const cases = keptOut.map(([name, refusal, rows, holders = []]) => ({ name, refusal, rows, holders }));
test.each(cases)("kept out: $name", ({ refusal, rows, holders }) => {
  expect(judge(rows, holders)).toMatch(refusal);
});

test("a refusal and an end need no terminal", () => {
  expect(judge([approve(21, { terminal: 0 })], [], false)).toBeUndefined();
});

test("a loop of parents ends", () => {
  expect(judge([approve(90), [90, 91, "a", 1], [91, 90, "b", 1]])).toMatch(/cannot be seen/);
});

test.each([
  [pts7, "pts/7"],
  [(136 << 8) | (300 & 0xff) | ((300 & 0xfff00) << 12), "pts/300"],
  [(4 << 8) | 1, "tty1"],
  [(4 << 8) | 65, "ttyS1"],
])("terminal %i is %s", (number, name) => {
  expect(terminalName(number)).toBe(name);
});
