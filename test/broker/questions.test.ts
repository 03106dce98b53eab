import { expect, test } from "vitest";
import type { Plea } from "../../src/broker/question-card.js";
import { Questions } from "../../src/broker/questions.js";
import type { Answer, Asker } from "../../src/model/question.js";
import {
  allowOnce,
  allowSession,
  type FakeClock,
  fakeClock,
  fileDelete,
  judged,
  refusal,
  settle,
  slowAsker,
} from "./fakes.js";

function plea(target: string, line?: string, gone = new AbortController().signal): Plea {
  const judgement = judged("ask", [fileDelete(target)]);
  return { item: { text: `rm ${target}`, cwd: "/proj", judgement }, line, refusedBefore: 0, gone };
}

function open(
  asker: Asker | undefined,
  clock: FakeClock = fakeClock(),
  elsewhere = asker === undefined,
): Questions {
  return new Questions({ asker, elsewhere, session: "s", label: "agent", timeout: 300_000, clock });
}

const timedOut: Answer = {
  decision: "deny",
  cause: "time-out",
  by: "holdpoint",
  how: "time-out",
  reason: undefined,
};
const texts = (asker: ReturnType<typeof slowAsker>) =>
  asker.asked.map(({ items }) => items.map(({ text }) => text));

test("one card at a time, in order", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  const pending = ["/a", "/b"].map((target) => questions.put(plea(target)));
  await settle();
  expect(texts(asker)).toEqual([["rm /a"]]);
  asker.answer(allowOnce);
  await settle();
  expect(texts(asker)).toEqual([["rm /a"], ["rm /b"]]);
  asker.answer(refusal());
  expect(await Promise.all(pending.map(({ answer }) => answer))).toEqual([allowOnce, refusal()]);
  expect(pending.map(({ id }) => id)).toEqual(["q1", "q2"]);
});

test("what comes from one line within moments is one card with one answer", async () => {
  const asker = slowAsker();
  const clock = fakeClock();
  const questions = open(asker, clock);
  const pending = [questions.put(plea("/a", "L")), questions.put(plea("/b", "L"))];
  await settle();
  expect(texts(asker)).toEqual([]);
  await clock.advance(100);
  pending.push(questions.put(plea("/c", "L")));
  await clock.advance(50);
  expect(texts(asker)).toEqual([["rm /a", "rm /b", "rm /c"]]);
  pending.push(questions.put(plea("/d", "L")));
  asker.answer(allowOnce);
  await clock.advance(200);
  expect(texts(asker)).toEqual([["rm /a", "rm /b", "rm /c"], ["rm /d"]]);
  asker.answer(refusal());
  const answers = await Promise.all(pending.map(({ answer }) => answer));
  expect(answers).toEqual([allowOnce, allowOnce, allowOnce, refusal()]);
});

test("while another card is up, a line goes on gathering", async () => {
  const asker = slowAsker();
  const clock = fakeClock();
  const questions = open(asker, clock);
  questions.put(plea("/first"));
  questions.put(plea("/a", "L"));
  await clock.advance(1000);
  questions.put(plea("/b", "L"));
  asker.answer(allowOnce);
  await settle();
  expect(texts(asker)).toEqual([["rm /first"], ["rm /a", "rm /b"]]);
});

test("nobody answers: each question is denied at its own time, shown or not", async () => {
  const clock = fakeClock();
  const questions = open(slowAsker(), clock);
  const first = questions.put(plea("/a"));
  await clock.advance(200_000);
  const second = questions.put(plea("/b"));
  await clock.advance(100_000);
  expect(await first.answer).toEqual(timedOut);
  await clock.advance(200_000);
  expect(await second.answer).toEqual(timedOut);
});

test("an asker that never comes back does not hold up the verdicts", async () => {
  const clock = fakeClock();
  const questions = open({ ask: () => new Promise(() => {}) }, clock);
  const pending = ["/a", "/b"].map((target) => questions.put(plea(target)));
  await clock.advance(300_000);
  expect(await Promise.all(pending.map(({ answer }) => answer))).toEqual([timedOut, timedOut]);
});

test("a caller that goes away takes its card along, and the next one comes up", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  const caller = new AbortController();
  const first = questions.put(plea("/a", undefined, caller.signal));
  const waiting = new AbortController();
  questions.put(plea("/b", undefined, waiting.signal));
  questions.put(plea("/c"));
  await settle();
  waiting.abort();
  caller.abort();
  await settle();
  expect(texts(asker)).toEqual([["rm /a"], ["rm /c"]]);
  expect(await first.answer).toEqual({ ...timedOut, cause: "caller-gone", how: "caller-gone" });
});

const callers = (asker: ReturnType<typeof slowAsker>) =>
  asker.asked.map(({ items }) => items.map((item) => [item.text, item.callers]));

test("the same question from two callers is one, which says how many they are; either may leave", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  const caller = new AbortController();
  questions.put(plea("/first"));
  questions.put(plea("/a", undefined, caller.signal));
  const others = [questions.put(plea("/a")), questions.put(plea("/a"))];
  await settle();
  caller.abort();
  asker.answer(allowOnce);
  await settle();
  expect(callers(asker)).toEqual([[["rm /first", 1]], [["rm /a", 2]]]);
  asker.answer(allowOnce);
  expect(await Promise.all(others.map(({ answer }) => answer))).toEqual([allowOnce, allowOnce]);
});

test("a caller that comes while the card is up is not let through by its allow once", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  const first = questions.put(plea("/a"));
  await settle();
  const second = questions.put(plea("/a"));
  asker.answer(allowOnce);
  expect(await first.answer).toEqual(allowOnce);
  await settle();
  expect(callers(asker)).toEqual([[["rm /a", 1]], [["rm /a", 1]]]);
  asker.answer(refusal());
  expect(await second.answer).toEqual(refusal());
});

test.each([
  ["a refusal", refusal("no"), ["rm /a", "rm /c"]],
  ["an allow for the session", allowSession, ["rm /a", "rm /c"]],
  ["an allow once", allowOnce, ["rm /a", "unlink /a", "rm /c"]],
])("who waits already with the same effect: %s", async (_name, answer, asked) => {
  const asker = slowAsker();
  const questions = open(asker);
  questions.put(plea("/a"));
  const same = questions.put({ ...plea("/a"), item: { ...plea("/a").item, text: "unlink /a" } });
  questions.put(plea("/c"));
  for (const _each of asked) {
    await settle();
    asker.answer(answer);
  }
  expect(texts(asker)).toEqual(asked.map((text) => [text]));
  expect(await same.answer).toMatchObject({ decision: answer.decision });
});

test("an asker that throws is a failure, not an approval", async () => {
  const questions = open({ ask: () => Promise.reject(new Error("no terminal")) });
  expect(await questions.put(plea("/a")).answer).toEqual({ ...timedOut, cause: "failure", how: "failure" });
});

test("critical: the human types the resource's name", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  const judgement = judged("ask", [fileDelete("/volume-1")], "critical");
  questions.put({ ...plea("/x"), item: { text: "rm", cwd: "/", judgement }, refusedBefore: 2 });
  await settle();
  expect(asker.asked.map(({ typed, refusedBefore }) => [typed, refusedBefore])).toEqual([["/volume-1", 2]]);
});

const waiting = (questions: Questions) =>
  questions.waiting().map(({ question, isHere }) => [question.id, question.items.length, isHere]);

test("answered elsewhere: the card here is taken down, and a second answer comes too late", async () => {
  const asker = slowAsker();
  const questions = open(asker);
  let changes = 0;
  questions.onChange(() => void changes++);
  const first = questions.put(plea("/a"));
  await settle();
  expect(waiting(questions)).toEqual([["q1", 1, true]]);
  expect(questions.answer("q1", allowOnce)).toBe(true);
  expect(questions.answer("q1", refusal())).toBe(false);
  asker.answer(refusal());
  expect(await first.answer).toEqual(allowOnce);
  expect(waiting(questions)).toEqual([]);
  expect(changes).toBeGreaterThan(1);
});

test("a terminal that does not give its card back holds up nobody who was answered elsewhere", async () => {
  const clock = fakeClock();
  const questions = open({ ask: () => new Promise(() => {}) }, clock);
  const { answer } = questions.put(plea("/a"));
  await settle();
  questions.answer("q1", allowOnce);
  await clock.advance(1000);
  expect(await answer).toEqual(allowOnce);
});

test("what was opened elsewhere takes nothing more; what waits for the same is answered along with a refusal", async () => {
  const questions = open(undefined);
  const first = questions.put(plea("/a"));
  await settle();
  expect(questions.open("q1")?.items).toHaveLength(1);
  const second = questions.put(plea("/a"));
  const third = questions.put(plea("/b"));
  await settle();
  expect(waiting(questions)).toEqual([
    ["q1", 1, false],
    ["q2", 1, false],
    ["q3", 1, false],
  ]);
  questions.answer("q1", refusal());
  expect(await first.answer).toEqual(refusal());
  expect(await second.answer).toMatchObject({ decision: "deny", cause: "human" });
  expect(questions.open("q2")).toBeUndefined();
  questions.answer("q3", allowOnce);
  expect(await third.answer).toEqual(allowOnce);
});

test.each([
  [true, [["q1", 1, false]]],
  [false, []],
])("nobody is at the terminal any more, and somebody elsewhere may be: %s", async (elsewhere, left) => {
  const asker = slowAsker();
  const questions = open(asker, fakeClock(), elsewhere);
  questions.put(plea("/a"));
  await settle();
  asker.answer({ decision: "deny", cause: "nobody", by: "test", how: "gone", reason: undefined });
  await settle();
  expect(waiting(questions)).toEqual(left);
  expect(asker.asked).toHaveLength(1);
});

test("ten thousand questions with nobody to answer are denied in order after the time-out", async () => {
  const clock = fakeClock();
  const asker = slowAsker();
  const questions = open(asker, clock);
  const order: number[] = [];
  const pending = Array.from({ length: 10_000 }, (_, at) => {
    const { answer } = questions.put(plea(`/${at}`));
    return answer.then((given) => {
      order.push(at);
      return given;
    });
  });
  await settle();
  expect(questions.waiting()).toHaveLength(10_000);
  await clock.advance(300_000);
  expect(await Promise.all(pending)).toEqual(pending.map(() => timedOut));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(questions.waiting()).toEqual([]);
  // One card was up; none came after it.
  expect(asker.asked).toHaveLength(1);
});

test("the card hears how many wait behind it, and one answer denies them all", async () => {
  const asker = slowAsker();
  const clock = fakeClock();
  const heard: (number | undefined)[] = [];
  const following: Asker = {
    ask(question, signal, follow) {
      heard.push(question.behind);
      follow?.((later, what) => heard.push(what === "behind" ? later.behind : Number.NaN));
      return asker.ask(question, signal);
    },
  };
  const questions = open(following, clock);
  const first = questions.put(plea("/a"));
  await settle();
  const others = Array.from({ length: 3000 }, (_, at) => questions.put(plea(`/b${at % 1500}`)));
  await settle();
  await clock.advance(2000);
  expect([heard[0], heard.at(-1)]).toEqual([undefined, 3000]);
  expect(heard.length).toBeLessThan(100);
  asker.answer({ decision: "deny", cause: "human", by: "ann", how: "key d", reason: undefined, all: true });
  expect(await first.answer).toMatchObject({ cause: "human" });
  for (const { answer } of others)
    expect(await answer).toMatchObject({ decision: "deny", cause: "flood", how: "key d, to q1" });
  await settle();
  expect([questions.waiting(), asker.asked.length]).toEqual([[], 1]);
  // Nobody looked at them: what comes again is asked again.
  questions.put(plea("/b1"));
  await settle();
  expect(asker.asked).toHaveLength(2);
});

test("denied from elsewhere with all that waits: the card that is up here goes, too, and nobody was asked about the rest", async () => {
  const asker = slowAsker();
  const clock = fakeClock();
  const questions = open(asker, clock, true);
  const pending = ["/a", "/b", "/c"].map((word) => questions.put(plea(word)));
  await settle();
  const all = {
    decision: "deny",
    cause: "human",
    by: "ann",
    how: "approve",
    reason: undefined,
    all: true,
  } as const;
  expect(questions.answer("q2", all)).toBe(true);
  await clock.advance(2000);
  const causes = await Promise.all(
    pending.map(({ answer }) => answer.then((given) => "cause" in given && given.cause)),
  );
  expect([causes, questions.waiting(), asker.asked.length]).toEqual([["flood", "human", "flood"], [], 1]);
});
