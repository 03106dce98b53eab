import { expect, test } from "vitest";
import { Outbox } from "../../src/alerts/outbox.js";
import type { Sent, Sink } from "../../src/alerts/sink.js";
import { fakeClock, settle } from "../broker/fakes.js";

const ok: Sent = { ok: true };
const down: Sent = { ok: false, reason: "answered 500", isFinal: false };
const wrong: Sent = { ok: false, reason: "answered 404", isFinal: true };

/** Answers with the next of the list, the last again and again; `undefined` never answers, until it is called off. */
function scripted(answers: readonly (Sent | undefined)[]) {
  const tries: string[] = [];
  const open = { now: 0, most: 0 };
  const sink: Sink = {
    name: "webhook https://hooks.example",
    on: ["denied"],
    send({ id }, signal) {
      const answer = answers[Math.min(tries.length, answers.length - 1)];
      tries.push(id);
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      const end = (sent: Sent) => {
        open.now -= 1;
        return sent;
      };
      if (answer !== undefined) return Promise.resolve(end(answer));
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(end(down))));
    },
  };
  const clock = fakeClock();
  const lost: string[] = [];
  return { tries, open, clock, lost, box: new Outbox(sink, clock, (reason) => lost.push(reason)) };
}

const message = (id: string) => ({ id, body: "{}" });
const isSettled = async (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), settle().then(() => false)]);

test("delivered by a later try, under the same id", async () => {
  const { tries, clock, lost, box } = scripted([down, down, ok]);
  const sent = box.put(message("a"), "denied");
  expect(await isSettled(sent)).toBe(false);
  await clock.advance(250);
  expect(await isSettled(sent)).toBe(false);
  await clock.advance(2000);
  expect([await isSettled(sent), tries, lost]).toEqual([true, ["a", "a", "a"], []]);
});

test("given up after six tries, and said once why", async () => {
  const { tries, clock, lost, box } = scripted([down]);
  const sent = box.put(message("a"), "denied");
  for (let minute = 0; minute < 20; minute++) {
    await settle();
    await clock.advance(60_000);
  }
  expect([await isSettled(sent), tries.length, lost]).toEqual([
    true,
    6,
    ["webhook https://hooks.example: answered 500 (tried 6 times)"],
  ]);
});

test("what cannot come right is tried once", async () => {
  const { tries, lost, box } = scripted([wrong]);
  expect(await isSettled(box.put(message("a"), "denied"))).toBe(true);
  expect([tries.length, lost]).toEqual([1, ["webhook https://hooks.example: answered 404"]]);
});

test("a sink that hangs has four tries open and fifty waiting of each kind, no more", async () => {
  const { tries, open, clock, lost, box } = scripted([undefined]);
  for (let at = 0; at < 1000; at++) void box.put(message(`a${at}`), "denied");
  void box.put(message("b"), "outside");
  expect([tries.length, open.most, lost.length]).toEqual([4, 4, 950]);
  const closed = box.close(2000);
  await clock.advance(2000);
  await closed;
  await settle();
  expect([tries.length, open.now, lost.length]).toEqual([4, 0, 1001]);
});

test("at the end: once more at once, then given up and called off", async () => {
  const { tries, open, clock, lost, box } = scripted([down, undefined]);
  const sent = box.put(message("a"), "denied");
  await settle();
  const closed = box.close(2000);
  await settle();
  expect(tries).toEqual(["a", "a"]);
  await clock.advance(2000);
  await closed;
  await settle();
  expect([await isSettled(sent), open.now, lost]).toEqual([
    true,
    0,
    ["webhook https://hooks.example: not delivered in time"],
  ]);
  await box.put(message("late"), "denied");
  expect([tries.length, lost.length]).toEqual([2, 2]);
});
