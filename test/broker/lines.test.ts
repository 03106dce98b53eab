import { expect, test } from "vitest";
import { Lines } from "../../src/broker/lines.js";

function open(alive: Set<number>) {
  let now = 0;
  let count = 0;
  const lines = new Lines({
    now: () => now,
    isAlive: (pid) => alive.has(pid),
    isShell: (pid) => pid < 100,
    makeToken: () => `t${++count}`,
    onRefused: () => {},
  });
  return {
    lines,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test("a line dies with its process, and its grants with it", () => {
  const alive = new Set([1, 2]);
  const { lines, pass } = open(alive);
  const first = lines.open(1, undefined, undefined);
  lines.adopt(undefined, 1);
  alive.delete(1);
  pass(5000);
  lines.open(2, undefined, undefined);
  expect([lines.find(first.token), lines.boxes(undefined)]).toEqual([undefined, []]);
});

test("a process that cannot be seen from here (its own pid namespace) keeps its line for an hour", () => {
  const { lines, pass } = open(new Set([2]));
  const line = lines.open(7, undefined, undefined);
  pass(60_000);
  lines.open(2, undefined, undefined);
  expect(lines.find(line.token)).toBe(line);
  pass(3_600_000);
  lines.open(2, undefined, undefined);
  expect(lines.find(line.token)).toBeUndefined();
});

test("what a call may draw on: its line, the lines around it, and those without a token", () => {
  const { lines } = open(new Set([1]));
  const outer = lines.open(1, undefined, undefined);
  const inner = lines.open(1, outer, undefined);
  const loose = lines.adopt(undefined, 1);
  expect(lines.boxes(inner)).toEqual([inner.released, outer.released, loose.released]);
  expect(lines.boxes(inner)[0]).toBe(inner.released);
});

test("a token of nobody's is none", () => {
  const { lines } = open(new Set([1]));
  const forged = ["x", "", "stdin.1", "stdin.1.2/../..", "stdin..1", `${"a/".repeat(9)}.stdin.1.2`];
  expect(forged.map((token) => lines.find(token))).toEqual(Array(forged.length).fill(undefined));
});

test("a shell's own token hangs below the line that it names", () => {
  const { lines } = open(new Set([1]));
  const outer = lines.open(1, undefined, undefined);
  const own = lines.find(`${outer.token}.stdin.12.345.6`);
  expect([own?.isShells, own?.outer]).toEqual([true, outer]);
  expect(lines.find("stdin.12.345")?.outer).toBeUndefined();
  expect(lines.find("stdin.1.2.3.stdin.4.5.6")?.outer?.token).toBe("stdin.1.2.3");
});

test("a refusal ends the text it stands in, for the shell that runs it and no other process", () => {
  const { lines } = open(new Set([1, 2]));
  const text = lines.open(1, undefined, undefined, true);
  const script = lines.open(2, undefined, undefined);
  lines.refuse(text, 1);
  lines.refuse(text, 100);
  lines.refuse(script, 2);
  lines.refuse(lines.find("text.3.17"), 3);
  const asked: readonly (readonly [string, number])[] = [
    [text.token, 1],
    [text.token, 2],
    [text.token, 100],
    [script.token, 2],
    ["text.3.17", 3],
    ["text.3.18", 3],
  ];
  expect(lines.isOver(lines.find(text.token), { pid: 1, parentPid: 0 })).toBe(true);
  expect(asked.map(([token, parentPid]) => lines.isOver(lines.find(token), { pid: 9, parentPid }))).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
  ]);
});

test("a text whose shell has used its mark is not judged already", () => {
  const left = new Set<string>();
  const lines = new Lines({
    ...{ now: () => 0, isAlive: () => true, isShell: () => true, onRefused: () => {} },
    marks: { leave: (token) => left.add(token).has(token), take: (token) => left.delete(token) },
  });
  const call = {
    name: "bash",
    pid: 1,
    parentPid: 0,
    cwd: "/",
    stdin: "none",
    argv: [],
    env: new Map(),
  } as const;
  const presents = (isUsed: boolean) => {
    const { token } = lines.open(1, undefined, "ls", true);
    lines.mark(lines.find(token) ?? expect.fail(), call, "");
    if (isUsed) left.clear();
    return [lines.present(token, "ls"), lines.present(token, "ls"), left.size];
  };
  expect([presents(false), presents(true)]).toEqual([
    [true, false, 0],
    [false, false, 0],
  ]);
});
