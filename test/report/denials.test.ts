import { expect, test } from "vitest";
import type { RecordBody } from "../../src/model/record.js";
import { deletion, gather, lost, removal } from "./record.js";

const asked = (question: string, target = "a"): RecordBody =>
  removal(target, { verdict: "ask", question, reason: "" });
const answer = (question: string, verdict: "allow" | "deny", by: string): RecordBody => ({
  ...{ event: "answer", verdict, question, reason: `${by} said so` },
  answer: { by, how: "key", grant: "none" },
});
const observed = { reason: "observed, not held" };

interface Short {
  readonly text: string;
  readonly outcome: string;
  readonly count: number;
  readonly answeredBy?: string;
}
interface Counts {
  readonly denied: number;
  readonly observed?: number;
  readonly followers?: number;
}

test.each<[string, readonly RecordBody[], readonly Short[], Counts]>([
  ["nothing", [{ event: "exec", verdict: "allow", argv: ["ls"] }], [], { denied: 0 }],
  ["a call", [removal("a")], [{ text: "rm a", outcome: "denied", count: 1 }], { denied: 1 }],
  [
    "the same effect in other words is the same denial",
    [removal("a"), removal("a", { argv: ["unlink", "a"] }), removal("a", { event: "line", line: "rm -f a" })],
    [{ text: "rm a", outcome: "denied", count: 3 }],
    { denied: 3 },
  ],
  [
    "another effect, another rule",
    [removal("a"), removal("b"), removal("a", { matches: [lost, { ...lost, rule: "files/outside" }] })],
    ["rm a", "rm b", "rm a"].map((text) => ({ text, outcome: "denied", count: 1 })),
    { denied: 3 },
  ],
  [
    "what follows from an earlier denial has nothing of its own to allow",
    [removal("a"), removal("b", { matches: [], reason: "a refusal ends the line" })],
    [{ text: "rm a", outcome: "denied", count: 1 }],
    { denied: 2, followers: 1 },
  ],
  [
    "a failure of the guard",
    [{ event: "line", verdict: "deny", line: "x", errors: ["no"], reason: "no", effects: [], matches: [] }],
    [{ text: "x", outcome: "denied", count: 1 }],
    { denied: 1 },
  ],
  [
    "observed",
    [removal("a", { ...observed, verdict: "ask" }), removal("b", observed), removal("b")],
    [
      { text: "rm a", outcome: "observed", count: 1 },
      { text: "rm b", outcome: "observed", count: 1 },
      { text: "rm b", outcome: "denied", count: 1 },
    ],
    { denied: 1, observed: 2 },
  ],
  [
    "nobody answered",
    [asked("q1"), { event: "ask", question: "q1" }, answer("q1", "deny", "holdpoint")],
    [{ text: "rm a", outcome: "denied", count: 1, answeredBy: "holdpoint" }],
    { denied: 1 },
  ],
  [
    "a human said yes, then no",
    [asked("q1"), answer("q1", "allow", "ann"), asked("q2", "b"), answer("q2", "deny", "ann")],
    [{ text: "rm b", outcome: "denied", count: 1, answeredBy: "ann" }],
    { denied: 1 },
  ],
  [
    "several callers with one question",
    [asked("q1"), asked("q1"), answer("q1", "deny", "ann"), answer("q1", "deny", "ann")],
    [{ text: "rm a", outcome: "denied", count: 2, answeredBy: "ann" }],
    { denied: 2 },
  ],
])("%s", (_name, bodies, expected, counts) => {
  const denials = gather(bodies);
  const found = denials.list().map(({ text, outcome, count, answeredBy }) => ({
    ...{ text, outcome, count },
    ...(answeredBy === undefined ? {} : { answeredBy }),
  }));
  expect(found).toEqual(expected);
  const { denied, observed, followers } = denials;
  expect({ denied, observed, followers }).toEqual({ observed: 0, followers: 0, ...counts });
});

test("the gravest rule comes first, and what no rule minds is left out", () => {
  const [denial] = gather([
    removal("a", {
      effects: [deletion("a"), deletion("b")],
      matches: [
        { ...lost, severity: "low" },
        { ...lost, effect: 1, verdict: "allow" },
        { ...lost, effect: 1, verdict: "deny", severity: "low", rule: "mine/never" },
      ],
    }),
  ]).list();
  expect(denial?.held.map(({ match, effect }) => `${match.rule} ${effect.target}`)).toEqual([
    "mine/never b",
    "files/lose-work a",
  ]);
});

test("an agent that tries a thousand things fills no memory", () => {
  const denials = gather(Array.from({ length: 1005 }, (_, at) => removal(`f${at}${"x".repeat(9000)}`)));
  expect(denials.list().length).toBe(1000);
  expect({ denied: denials.denied, unlisted: denials.unlisted }).toEqual({ denied: 1005, unlisted: 5 });
  expect(Math.max(...denials.list().map(({ text }) => text.length))).toBeLessThan(4100);
});
