import { expect, test } from "vitest";
import { createHandle } from "../../src/broker/handle.js";
import { type AlertCase, type AlertPort, eventsOf } from "../../src/model/alert.js";
import type { Effect } from "../../src/model/effect.js";
import type { Judgement } from "../../src/model/judgement.js";
import type { Answer, Asker } from "../../src/model/question.js";
import {
  allowOnce,
  allowSession,
  fakeBench,
  fakeCaller,
  fileDelete,
  judged,
  memoryLog,
  refusal,
  settle,
  shimCall,
} from "./fakes.js";

// What is told, and what waits for it: each step as it happens, in its order.

const outside: Effect = {
  ...fileDelete("/keep/a"),
  bounds: "outside",
  boundsBecause: "holdpoint.yaml: files.write",
};
const rm = shimCall(["rm", "/keep/a"]);

/** A human, a log and whoever is told, who write down what they hear; telling takes until it is let go. */
function scene(
  judgement: Judgement,
  answers: readonly Answer[] = [],
  more: { mode?: "deny" | "observe" } = {},
) {
  const steps: string[] = [];
  let letGo = () => {};
  const told: AlertCase[] = [];
  const alerts: AlertPort & { unsettled: Promise<void> | undefined } = {
    unsettled: undefined,
    tell(each) {
      told.push(each);
      steps.push(`told ${eventsOf(each).join("+")} ${each.verdict}${each.isObserved ? " observed" : ""}`);
      return new Promise((done) => {
        letGo = () => done(["command x"]);
      });
    },
  };
  const rest = [...answers];
  const asker: Asker = {
    async ask() {
      steps.push("asked");
      return rest.shift() ?? refusal();
    },
  };
  const memory = memoryLog();
  const log = {
    ...memory,
    write(body: Parameters<typeof memory.write>[0], durable: boolean) {
      steps.push(`record ${body.event} ${body.verdict ?? ""}`.trim());
      memory.write(body, durable);
    },
  };
  const bench = fakeBench({
    ...{ judge: () => judgement, log, alerts, ...more },
    ...(answers.length === 0 ? {} : { asker }),
  });
  const handle = createHandle(bench);
  const call = async () => {
    const reply = await handle(rm, fakeCaller());
    steps.push(reply.verb === "exit" ? `exit ${reply.status}` : reply.verb);
  };
  const settled = async () => {
    for (let at = 0; at < 5; at++) await settle();
    return steps.splice(0);
  };
  return { call, told, settled, alerts, letGo: () => letGo() };
}

test("outside: told before the question is put, and again of its answer, before the reply", async () => {
  const { call, told, settled, letGo } = scene(judged("ask", [outside]), [refusal("not that one")]);
  void call();
  expect(await settled()).toEqual(["told outside ask"]);
  letGo();
  expect(await settled()).toEqual([
    "record exec ask",
    "record ask",
    "asked",
    "record answer deny",
    "told outside+denied deny",
  ]);
  letGo();
  expect(await settled()).toEqual(["exit 126"]);
  expect(told.map(({ reason, answer }) => [reason, answer])).toEqual([
    [undefined, undefined],
    ["not that one", { by: "ann", how: "key d" }],
  ]);
});

test("outside, allowed once: one alert; the call below that draws on it is none", async () => {
  const { call, settled, letGo } = scene(judged("ask", [outside]), [allowOnce]);
  void call();
  expect(await settled()).toEqual(["told outside ask"]);
  letGo();
  expect(await settled()).toEqual(["record exec ask", "record ask", "asked", "record answer allow", "exec"]);
});

test("allowed for the session: each time is told, and waited for", async () => {
  const { call, settled, letGo } = scene(judged("ask", [outside]), [allowSession]);
  void call();
  await settled();
  letGo();
  await settled();
  void call();
  expect(await settled()).toEqual(["record exec allow", "told outside allow"]);
  letGo();
  expect(await settled()).toEqual(["exec"]);
});

test("denied: on record, then told, then the reply", async () => {
  const { call, settled, letGo } = scene(judged("deny", [fileDelete("/keep/a")]));
  void call();
  expect(await settled()).toEqual(["record exec deny", "told denied deny"]);
  letGo();
  expect(await settled()).toEqual(["exit 126"]);
});

test("mode deny: what would be asked is denied, and told as both", async () => {
  const { call, settled, letGo } = scene(judged("ask", [outside]), [], { mode: "deny" });
  void call();
  expect(await settled()).toEqual(["record exec deny", "told outside+denied deny"]);
  letGo();
  expect(await settled()).toEqual(["exit 126"]);
});

test.each<[string, Judgement, string]>([
  ["a denial", judged("deny", [fileDelete("/keep/a")]), "told denied deny observed"],
  ["outside", judged("ask", [outside]), "told outside ask observed"],
])("mode observe: %s is told before the call runs", async (_name, judgement, expected) => {
  const { call, settled, letGo } = scene(judgement, [], { mode: "observe" });
  void call();
  expect(await settled()).toEqual([`record exec ${judgement.verdict}`, expected]);
  letGo();
  expect(await settled()).toEqual(["exec"]);
});

test.each<[string, Judgement, readonly Answer[], readonly string[]]>([
  ["allowed", judged("allow"), [], ["record exec allow", "exec"]],
  ["allowed, inside", judged("allow", [{ ...outside, bounds: "inside" }]), [], ["record exec allow", "exec"]],
  [
    ...(["asked, and allowed", judged("ask", [fileDelete("/keep/a")]), [allowOnce]] as const),
    ["record exec ask", "record ask", "asked", "record answer allow", "exec"],
  ],
])("nothing to tell: %s", async (_name, judgement, answers, expected) => {
  const { call, told, settled } = scene(judgement, answers);
  void call();
  expect([await settled(), told]).toEqual([expected, []]);
});

test("what is told of the log holds the question, and the call", async () => {
  const { call, settled, alerts } = scene(judged("ask", [fileDelete("/keep/a")]), [allowOnce]);
  let letGo = () => {};
  alerts.unsettled = new Promise((done) => (letGo = done));
  void call();
  expect(await settled()).toEqual([]);
  letGo();
  expect((await settled()).slice(-2)).toEqual(["record answer allow", "exec"]);
});
