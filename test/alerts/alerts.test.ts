import { expect, test } from "vitest";
import { type Alerts, openAlerts } from "../../src/alerts/alerts.js";
import type { Sent, Sink } from "../../src/alerts/sink.js";
import { alertWords } from "../../src/commands/session-alerts.js";
import type { AlertCase, AlertEvent } from "../../src/model/alert.js";
import { type Credential, type Effect, plainEffect } from "../../src/model/effect.js";
import type { RecordBody } from "../../src/model/record.js";
import { fakeClock, fileDelete, judged, settle } from "../broker/fakes.js";

const key = "sk_live_0123456789abcdef";

function sink(
  on: readonly AlertEvent[],
  answer: () => Promise<Sent>,
  name = "webhook https://hooks.example",
) {
  const bodies: Record<string, unknown>[] = [];
  const one: Sink = {
    name,
    on,
    send({ body }) {
      bodies.push(JSON.parse(body));
      return answer();
    },
  };
  return { one, bodies };
}

const ok = async (): Promise<Sent> => ({ ok: true });
const never = () => new Promise<Sent>(() => {});
const all: readonly AlertEvent[] = ["log", "credential", "outside", "denied"];

function open(...sinks: readonly { readonly one: Sink }[]) {
  const clock = fakeClock();
  const lost: string[] = [];
  const alerts: Alerts = openAlerts({
    sinks: sinks.map(({ one }) => one),
    session: { session: "abcdefg", label: "codex", host: "build-7", log: "/logs/a.jsonl" },
    words: alertWords((text) => text.replaceAll(key, "‹redacted›")),
    clock,
    onLost: (reason) => lost.push(reason),
  });
  return { clock, lost, alerts };
}

const volume: Effect = {
  ...plainEffect("curl", "delete", "vol-1"),
  ...{ resource: "cloud", provider: "railway", service: "", type: "volume", operation: "volumeDelete" },
  ...{
    bounds: "outside",
    boundsBecause: "holdpoint.yaml: production allows nothing",
    environment: "production",
  },
};

function a(
  verdict: AlertCase["verdict"],
  effects: readonly Effect[],
  more: Partial<AlertCase> = {},
): AlertCase {
  const record: RecordBody = {
    event: "exec",
    argv: ["curl", "-H", `k: ${key}`],
    cwd: "/proj",
    agent: "codex",
  };
  return { judgement: judged(verdict, effects), mode: "ask", record, isObserved: false, verdict, ...more };
}

async function isSettled(promise: Promise<unknown> | undefined): Promise<boolean> {
  return Promise.race([(promise ?? Promise.resolve()).then(() => true), settle().then(() => false)]);
}

test("an alert says what, where, by whom and why, and no secret", async () => {
  const hook = sink(all, ok);
  const { alerts } = open(hook);
  await alerts.tell(a("ask", [volume]));
  const { id, time, ...body } = hook.bodies[0] ?? {};
  expect([id, time]).toEqual([expect.stringMatching(/^alert_[\w-]{36}$/), "1970-01-01T00:16:40.000Z"]);
  expect(body).toEqual({
    ...{ version: 1, event: "outside", events: ["outside"] },
    ...{ session: "abcdefg", label: "codex", host: "build-7", log: "/logs/a.jsonl", count: 1, alike: true },
    summary:
      "codex on build-7 wants to, and asks: delete volume vol-1 at Railway. holdpoint.yaml: production allows nothing",
    text: "curl -H 'k: ‹redacted›'",
    argv: ["curl", "-H", "k: ‹redacted›"],
    ...{ cwd: "/proj", agent: "codex", mode: "ask", verdict: "ask", observed: false, severity: "medium" },
    effects: [JSON.parse(JSON.stringify(volume))],
    would: ["delete volume vol-1 at Railway"],
    using: [],
    unlisted: 0,
    matches: [{ rule: "files/delete", verdict: "ask", severity: "medium", because: "cannot be had again" }],
    manifest: ["holdpoint.yaml: production allows nothing"],
  });
});

test("where a credential came from is told, as data and in words", async () => {
  const hook = sink(all, ok);
  const { alerts } = open(hook);
  const place = { file: "/w/infra/token", line: 3, key: "API_TOKEN", kind: "generic", modified: 0 } as const;
  const credential: Credential = {
    ...{ name: "authorization", from: "env:TOKEN", fingerprint: "a81f3c", standing: "unrelated" },
    places: [place],
  };
  await alerts.tell(a("ask", [{ ...volume, bounds: "credential", credentials: [credential] }]));
  const { effects, using } = hook.bodies[0] ?? {};
  expect(effects).toMatchObject([{ credentials: [credential] }]);
  expect(using).toEqual([
    expect.stringMatching(
      /^API_TOKEN from variable TOKEN; the same lies in \/w\/infra\/token:3, last changed in \w+ 19\d\d; unrelated to the purpose$/,
    ),
  ]);
});

const bounded = (bounds: Effect["bounds"], more: Partial<Effect> = {}): Effect => ({
  ...fileDelete("/keep/a"),
  ...(bounds === undefined ? {} : { bounds }),
  ...(more.action === undefined ? {} : { action: more.action }),
  ...(more.recovery === undefined ? {} : { recovery: more.recovery }),
});

test.each<[string, AlertCase, readonly string[] | undefined]>([
  ["asked, no manifest", a("ask", [fileDelete("/keep/a")]), undefined],
  ["denied", a("deny", [fileDelete("/keep/a")]), ["denied"]],
  ["denied, nobody could say why", a("deny", []), ["denied"]],
  ["outside, destructive", a("ask", [bounded("outside", { recovery: "none" })]), ["outside"]],
  ["outside, git has it", a("ask", [bounded("outside", { recovery: "git" })]), undefined],
  ["outside, a read", a("ask", [bounded("outside", { action: "read", recovery: "needless" })]), undefined],
  ["outside, sent", a("ask", [bounded("outside", { action: "send" })]), ["outside"]],
  ["granted", a("allow", [bounded("granted")]), undefined],
  ["a credential, reading", a("ask", [bounded("credential", { action: "read" })]), ["credential"]],
  [
    "all at once",
    a("deny", [bounded("outside"), bounded("credential")]),
    ["credential", "outside", "denied"],
  ],
  ["let through for the session", a("allow", [bounded("outside")]), ["outside"]],
  ["observed", a("deny", [bounded("never")], { isObserved: true }), ["denied"]],
])("what counts: %s", async (_name, each, events) => {
  const hook = sink(all, ok);
  const { alerts } = open(hook);
  await alerts.tell(each);
  expect(hook.bodies[0]?.["events"]).toEqual(events);
});

test("each sink hears of what it is for", async () => {
  const log = sink(["log"], ok);
  const denied = sink(["denied"], ok);
  const outside = sink(["outside", "credential"], ok);
  const { alerts } = open(log, denied, outside);
  await alerts.tell(a("deny", [volume]));
  alerts.tellOfLog("it was cut");
  expect([log, denied, outside].map(({ bodies }) => bodies.map(({ event }) => event))).toEqual([
    ["log"],
    ["outside"],
    ["outside"],
  ]);
});

test("side by side, a second at most, and not again while it hangs", async () => {
  const slow = sink(all, never, "slow");
  const quick = sink(all, ok);
  const { clock, alerts } = open(slow, quick);
  const told = alerts.tell(a("deny", [fileDelete("/keep/1")]));
  expect([await isSettled(told), quick.bodies.length]).toEqual([false, 1]);
  await clock.advance(1000);
  expect(await isSettled(told)).toBe(true);
  const next = alerts.tell(a("deny", [fileDelete("/keep/2")]));
  expect([await isSettled(next), quick.bodies.length, slow.bodies.length]).toEqual([true, 2, 2]);
});

test("one that answers again is waited for again", async () => {
  let answer: (sent: Sent) => void = () => {};
  const hook = sink(all, () => new Promise((done) => (answer = done)));
  const { clock, alerts } = open(hook);
  void alerts.tell(a("deny", [fileDelete("/keep/1")]));
  await clock.advance(1000);
  expect(alerts.tell(a("deny", [fileDelete("/keep/2")]))).toBe(undefined);
  answer({ ok: true });
  await settle();
  expect(await isSettled(alerts.tell(a("deny", [fileDelete("/keep/3")])))).toBe(false);
});

test("a refused connection is tried again while the call waits", async () => {
  const answers: Sent[] = [{ ok: false, reason: "ECONNREFUSED", isFinal: false }, { ok: true }];
  const hook = sink(all, async () => answers.shift() ?? { ok: true });
  const { clock, alerts } = open(hook);
  const told = alerts.tell(a("deny", [fileDelete("/keep/1")]));
  expect(await isSettled(told)).toBe(false);
  await clock.advance(250);
  expect(await isSettled(told)).toBe(true);
  expect(hook.bodies[0]).toEqual(hook.bodies[1]);
});

test("the same again and again is one alert, and one that counts", async () => {
  const hook = sink(all, ok);
  const { clock, alerts } = open(hook);
  const same = () => alerts.tell(a("deny", [fileDelete("/keep/1"), fileDelete("/keep/2")]));
  await same();
  for (let at = 0; at < 10; at++) expect(same()).toBe(undefined);
  await clock.advance(60_000);
  expect(hook.bodies.map(({ count, summary }) => [count, summary])).toEqual([
    [1, "codex on build-7 was denied: delete /keep/1. cannot be had again"],
    [10, "codex on build-7 was denied: delete /keep/1 (10 times). cannot be had again"],
  ]);
});

test("the log's own trouble holds the next call, however harmless its alert", async () => {
  const hook = sink(all, never);
  const { clock, alerts } = open(hook);
  alerts.tellOfLog("the audit log was cut");
  expect(hook.bodies).toMatchObject([{ event: "log", reason: "the audit log was cut" }]);
  const call = alerts.tell(a("ask", [fileDelete("/keep/1")]));
  expect(await isSettled(call)).toBe(false);
  await clock.advance(1000);
  expect([await isSettled(call), alerts.unsettled]).toEqual([true, undefined]);
});

test("an alert stays below 64 KiB, whatever an agent puts into a call", async () => {
  const hook = sink(all, ok);
  const { alerts } = open(hook);
  const long = "é\u202e".repeat(500_000);
  const many = Array.from({ length: 5000 }, (_, at) => fileDelete(`/keep/${at}/${long.slice(0, 5000)}`));
  const record: RecordBody = { event: "exec", argv: ["rm", ...Array<string>(100).fill(long)], cwd: long };
  await alerts.tell(a("deny", many, { record, reason: long }));
  expect(Buffer.byteLength(JSON.stringify(hook.bodies[0]))).toBeLessThan(64 * 1024);
  expect(hook.bodies[0]).toMatchObject({ event: "denied", unlisted: 5000 });
  expect(hook.bodies[0]?.["summary"]).not.toContain("\u202e");
});

test("what cannot be put into words is told all the same", async () => {
  const hook = sink(all, ok);
  const { alerts, lost } = open(hook);
  const judgement = judged("deny", [fileDelete("/keep/1")]);
  // Joined, it is longer than any string.
  const record: RecordBody = { event: "exec", argv: Array<string>(1000).fill("x".repeat(1_000_000)) };
  await alerts.tell({ ...a("deny", []), judgement, record });
  expect([hook.bodies[0], lost]).toEqual([
    expect.objectContaining({ event: "denied", summary: "codex: what was called cannot be told" }),
    [],
  ]);
});

test("at the end what was held back goes out, and what cannot is counted", async () => {
  const good = sink(all, ok);
  const bad = sink(all, async () => ({ ok: false, reason: "answered 410", isFinal: true }), "bad");
  const { lost, alerts } = open(good, bad);
  for (let at = 0; at < 3; at++) void alerts.tell(a("deny", [fileDelete("/keep/1")]));
  expect(await alerts.close(2000)).toBe(2);
  expect(good.bodies.map(({ count }) => count)).toEqual([1, 2]);
  expect(lost).toEqual(["bad: answered 410", "bad: answered 410"]);
});
