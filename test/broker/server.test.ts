import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Handle } from "../../src/broker/conversation.js";
import type { Limits } from "../../src/broker/limits.js";
import { inTurns } from "../../src/broker/pace.js";
import type { Reply } from "../../src/broker/protocol.js";
import { type Listening, listenSocket } from "../../src/broker/server.js";
import type { VisitorLimits } from "../../src/broker/visitors.js";
import { encodeFrame } from "../../src/model/frame.js";
import { fakeCaller, settle, shimCall } from "./fakes.js";

// Callers that are too many, say nothing, or say half of it: each has an end, and the others their answer.

const usual: Limits = { callers: 10 };
const patient: VisitorLimits = { unheard: 100, halves: 1 << 24, bytes: 1 << 24, beats: 60, farewell: 60 };
const done: Reply = { verb: "exit", status: 0, message: "done" };
let folder: string;
let listening: Listening | undefined;
let turnedAway: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hp-server-"));
  turnedAway = 0;
});

afterEach(async () => {
  await listening?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(handle: Handle, more: Partial<Limits & VisitorLimits> = {}): Promise<Listening> {
  const limits = () => ({ ...usual, ...more });
  const visitors = { ...patient, ...more };
  const onTurnedAway = () => turnedAway++;
  listening = await listenSocket(join(folder, "sock"), handle, { limits, visitors, onTurnedAway });
  return listening;
}

/** A caller that sends these bytes; what it hears, without `wait`, once it was hung up on. */
function caller(bytes: Buffer): { readonly socket: Socket; readonly heard: Promise<string> } {
  const socket = connect(join(folder, "sock"));
  const parts: Buffer[] = [];
  socket.on("data", (chunk) => parts.push(chunk));
  socket.on("error", () => {});
  socket.write(bytes);
  const heard = new Promise<string>((resolve) =>
    socket.on("close", () =>
      resolve(Buffer.concat(parts).toString("latin1").replaceAll("\0\0\0\u0005wait\0", "")),
    ),
  );
  return { socket, heard };
}

/** However slow the machine. */
function seen(check: () => void): Promise<void> {
  return vi.waitFor(check, 20_000);
}

function call(word = ""): Buffer {
  return encodeFrame(["holdpoint/1", "call", "rm", "1", "1", "/", "null", "2", "rm", word, "0"]);
}

test("more callers than may wait are told so, in order, and those who wait are answered", async () => {
  const answers: ((reply: Reply) => void)[] = [];
  const { open } = await serve(() => new Promise((resolve) => answers.push(resolve)));
  const first = Array.from({ length: 10 }, () => caller(call()));
  await seen(() => expect(answers).toHaveLength(10));
  // With a call of their own that is longer than what a socket holds unread.
  const more = Array.from({ length: 30 }, () => caller(call("x".repeat(1 << 19))));
  const heard = await Promise.all(more.map((each) => each.heard));
  const told = heard.filter((text) =>
    text.includes("exit\u0000126\0holdpoint: denied: too many commands of this session"),
  );
  // Past an eighth more they are hung up on: the shim denies by itself.
  expect(heard.every((text) => text === "" || told.includes(text))).toBe(true);
  expect(told.length).toBeGreaterThan(0);
  expect([open.size, answers.length, turnedAway]).toEqual([10, 10, 30]);
  for (const answer of answers.splice(0)) answer(done);
  for (const { heard } of first) expect(await heard).toContain("done");
  const later = caller(call());
  await seen(() => expect(answers).toHaveLength(1));
  answers[0]?.(done);
  expect(await later.heard).toContain("done");
  await seen(() => expect(open.size).toBe(0));
});

test("calls that are too long together are refused; the rest is answered", async () => {
  const answers: ((reply: Reply) => void)[] = [];
  await serve(() => new Promise((resolve) => answers.push(resolve)), { callers: 20, bytes: 1_500_000 });
  const small = Array.from({ length: 9 }, () => caller(call()));
  await seen(() => expect(answers).toHaveLength(9));
  const large = [caller(call("x".repeat(1_000_000)))];
  await seen(() => expect(answers).toHaveLength(10));
  for (let at = 0; at < 3; at++) large.push(caller(call("x".repeat(1_000_000))));
  await seen(() => expect([answers.length, turnedAway]).toEqual([10, 3]));
  for (const answer of answers) answer(done);
  const heard = await Promise.all([...small, ...large].map((each) => each.heard));
  expect(heard.filter((text) => text.includes("done"))).toHaveLength(10);
  expect(heard.filter((text) => text.includes("too long together"))).toHaveLength(3);
});

test("who says nothing, or half of it, or stays after the answer, is hung up on; who waits is not", async () => {
  const answers: ((reply: Reply) => void)[] = [];
  const { open } = await serve(() => new Promise((resolve) => answers.push(resolve)), { beats: 0 });
  const waiting = caller(call());
  const silent = Array.from({ length: 4 }, () => caller(Buffer.alloc(0)));
  const halves = Array.from({ length: 5 }, () => caller(call().subarray(0, 20)));
  for (const { heard } of [...silent, ...halves])
    expect(await heard).toContain("holdpoint: denied: the call never ended");
  await seen(() => expect([answers.length, open.size]).toEqual([1, 1]));
  answers[0]?.(done);
  expect(await waiting.heard).toContain("done");
});

test("a caller that is gone right after its answer, or before, leaves nothing behind", async () => {
  const { open } = await serve(async () => done);
  for (let turn = 0; turn < 30; turn++) {
    const { socket } = caller(call());
    if (turn % 3 === 0) socket.destroy();
    else if (turn % 3 === 1) socket.once("data", () => socket.destroy());
    else socket.once("data", () => socket.end());
  }
  await seen(() => expect(open.size).toBe(0));
  expect(await caller(call()).heard).toContain("done");
});

test("a new socket in the place of one that was removed; who waits on the old one is answered", async () => {
  const answers: ((reply: Reply) => void)[] = [];
  const made = await listenSocket(
    join(folder, "sock"),
    () => new Promise((resolve) => answers.push(resolve)),
  );
  listening = made;
  const before = caller(call());
  await seen(() => expect(answers).toHaveLength(1));
  rmSync(join(folder, "sock"));
  await made.again();
  const after = caller(call());
  await seen(() => expect(answers).toHaveLength(2));
  for (const answer of answers) answer(done);
  expect(await before.heard).toContain("done");
  expect(await after.heard).toContain("done");
});

test("calls are taken up in order, a few in one go, and those whose caller has left are not judged", async () => {
  const begun: string[] = [];
  const handle = inTurns(async ({ argv }) => {
    begun.push(argv[1] ?? "");
    return done;
  });
  const leaving = new AbortController();
  const calls = Array.from({ length: 1000 }, (_, at) =>
    handle(
      shimCall(["rm", String(at)]),
      at === 500 ? { ...fakeCaller(), gone: leaving.signal } : fakeCaller(),
    ),
  );
  leaving.abort();
  expect(begun.length).toBeLessThan(20);
  const before = begun.length;
  await settle();
  expect(begun.length - before).toBeLessThan(20);
  await Promise.all(calls);
  const all = Array.from({ length: 1000 }, (_, at) => String(at));
  expect(begun).toEqual(all.filter((each) => each !== "500"));
});
