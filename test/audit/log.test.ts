import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { headPath } from "../../src/audit/chain.js";
import { openLog } from "../../src/audit/log.js";
import { LogFiles } from "../../src/audit/log-files.js";
import { createRedactor } from "../../src/audit/redact.js";
import { verifyLog } from "../../src/audit/verify.js";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-log-"));
  mkdirSync(join(folder, "sessions"));
  path = join(folder, "sessions", "log.jsonl");
  const log = openLog({
    path,
    session: "s1",
    redact: (text) => text.replace("hunter2", "‹redacted›"),
    now: () => new Date(0),
  });
  log.write({ event: "session.start", argv: ["codex"] }, true);
  log.write({ event: "exec", verdict: "allow", argv: ["curl", "-u", "x:y", "hunter2-secret"] }, false);
  log.write({ event: "exec", verdict: "deny", argv: ["rm", "-rf", "/"] }, true);
  log.write({ event: "session.end", status: 0 }, true);
  log.close();
});

afterEach(() => rmSync(folder, { recursive: true }));

test("records are whole, private and in order", async () => {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { seq: 0, time: "1970-01-01T00:00:00.000Z", session: "s1", event: "session.start", prev: "0".repeat(64) },
    { seq: 1, argv: ["curl", "-u", "x:‹redacted›", "‹redacted›-secret"] },
    { seq: 2, verdict: "deny" },
    { seq: 3, event: "session.end" },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await verifyLog(path)).toEqual({ ok: true, records: 4, ended: true, changes: 0 });
});

const lines = (): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);
const put = (list: readonly string[]): void => writeFileSync(path, `${list.join("\n")}\n`);

test.each<[string, () => void, object]>([
  ["edited", () => put(lines().with(1, lines()[1]?.replace("curl", "true") ?? "")), { line: 3, whole: 2 }],
  ["removed", () => put(lines().toSpliced(1, 1)), { line: 2, whole: 1 }],
  [
    "reordered",
    () => put([lines()[0] ?? "", lines()[2] ?? "", lines()[1] ?? "", lines()[3] ?? ""]),
    { line: 2, whole: 1 },
  ],
  [
    "last one edited",
    () => put(lines().with(3, lines()[3]?.replace('"status":0', '"status":1') ?? "")),
    { line: 0, whole: 4 },
  ],
  ["last one removed", () => put(lines().slice(0, 3)), { line: 0, whole: 3 }],
  ["two removed at the end", () => put(lines().slice(0, 2)), { line: 0, whole: 2 }],
  ["cut off within a record", () => truncateSync(path, statSync(path).size - 20), { line: 4, whole: 3 }],
  ["emptied", () => writeFileSync(path, ""), { line: 0, whole: 0 }],
  ["head removed", () => rmSync(headPath(path)), { line: 0, whole: 4 }],
  ["first one removed", () => put(lines().slice(1)), { line: 1, whole: 0 }],
])("verify shows it: %s", async (_name, damage, expected) => {
  damage();
  expect(await verifyLog(path)).toMatchObject({ ok: false, ...expected });
});

test("a record that the head does not know yet is whole: its writer was killed in between", async () => {
  const before = lines();
  const head = readFileSync(headPath(path), "utf8");
  const third = JSON.parse(before[3] ?? "").prev;
  writeFileSync(headPath(path), head.replace(/^\d+ [0-9a-f]+/, `${"2".padStart(12, "0")} ${third}`));
  expect(await verifyLog(path)).toMatchObject({ ok: true, records: 4 });
});

test("after a sync, the head knows the record that was written before", () => {
  const own = join(folder, "synced.jsonl");
  const log = openLog({ path: own, session: "s1", redact: (text) => text, now: () => new Date(0) });
  log.write({ event: "session.start", argv: ["codex"] }, true);
  log.write({ event: "line" }, false);
  const head = () => Number(readFileSync(headPath(own), "utf8").slice(0, 12));
  const before = head();
  log.sync();
  expect([before, head()]).toEqual([0, 1]);
  log.close();
});

test("the head is behind by no more than one record, and never behind one that had to be on disk", async () => {
  const own = join(folder, "head.jsonl");
  const log = openLog({ path: own, session: "s2", redact: createRedactor(), now: () => new Date(0) });
  const head = () => Number(readFileSync(headPath(own), "utf8").slice(0, 12));
  log.write({ event: "exec" }, true);
  const seen = [head()];
  log.write({ event: "exec" }, false);
  seen.push(head());
  log.write({ event: "exec" }, false);
  seen.push(head());
  expect(await verifyLog(own)).toMatchObject({ ok: true, records: 3 });
  await new Promise(setImmediate);
  seen.push(head());
  log.write({ event: "exec" }, false);
  log.write({ event: "exec" }, true);
  seen.push(head());
  log.write({ event: "exec" }, false);
  log.close();
  expect([...seen, head()]).toEqual([0, 0, 1, 2, 4, 5]);
  expect(await verifyLog(own)).toMatchObject({ ok: true, records: 6 });
});

test("a second writer, and a writer after the end, are refused", () => {
  const options = { path, session: "s1", redact: (text: string) => text, now: () => new Date(0) };
  expect(() => openLog(options)).toThrow();
  const other = openLog({ ...options, path: join(folder, "other.jsonl") });
  other.close();
  expect(() => other.write({ event: "exec" }, false)).toThrow(/closed/);
});

const edit = (file: string, from: string, to: string): void =>
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to), { flag: "r+" });

const replace = (file: string): void => {
  renameSync(file, `${file}.old`);
  writeFileSync(file, "");
};

test.each<[string, (own: string) => void, RegExp]>([
  ["added to", (own) => appendFileSync(own, "{}\n"), /s3\.jsonl" was added to/],
  ["cut", (own) => truncateSync(own, 10), /was cut/],
  ["emptied", (own) => truncateSync(own), /was cut/],
  ["edited, to the same length", (own) => edit(own, "codex", "gemin"), /was written to/],
  ["deleted", (own) => rmSync(own), /was deleted or moved/],
  ["moved away", (own) => renameSync(own, `${own}.old`), /was deleted or moved/],
  ["replaced", (own) => replace(own), /was replaced/],
  ["its head deleted", (own) => rmSync(headPath(own)), /s3\.head" was deleted/],
  ["its head changed", (own) => edit(headPath(own), "0", "1"), /s3\.head" was changed/],
])(
  "the writer tells, once and before the next record that gates something, that it was %s",
  (_name, damage, expected) => {
    const own = join(folder, "s3.jsonl");
    const troubles: string[] = [];
    const log = openLog({
      ...{ path: own, session: "s3", redact: createRedactor(), now: () => new Date(0) },
      onTrouble: ({ kind, reason }) => troubles.push(`${kind} ${reason}`),
    });
    log.write({ event: "session.start", argv: ["codex"] }, true);
    log.write({ event: "exec" }, true);
    expect(troubles).toEqual([]);
    damage(own);
    for (let at = 0; at < 2; at++) log.write({ event: "exec", verdict: "deny" }, true);
    log.close();
    expect(troubles).toEqual([expect.stringMatching(expected)]);
    expect(troubles[0]).toMatch(/^changed the audit log was changed while the session runs: "/);
  },
);

test("where each record is looked after, an edit of the same length shows after any of them", async () => {
  const own = join(folder, "s5.jsonl");
  const troubles: string[] = [];
  const log = openLog({
    ...{ path: own, session: "s5", redact: createRedactor(), now: () => new Date(0), isWatched: true },
    onTrouble: ({ reason }) => troubles.push(reason),
  });
  log.write({ event: "exec", argv: ["codex"] }, false);
  await new Promise(setImmediate);
  log.write({ event: "exec" }, true);
  log.write({ event: "exec" }, false);
  await new Promise(setImmediate);
  edit(own, "codex", "gemin");
  log.write({ event: "exec" }, true);
  log.close();
  expect(troubles).toEqual([expect.stringContaining("was written to by somebody else")]);
});

test("nothing is told of what the writer does itself, nor of a link, a reader or a backup", async () => {
  const own = join(folder, "s4.jsonl");
  const troubles: unknown[] = [];
  const log = openLog({
    ...{ path: own, session: "s4", redact: createRedactor(), now: () => new Date(0) },
    onTrouble: (trouble) => troubles.push(trouble),
  });
  for (let at = 0; at < 20; at++) {
    log.write({ event: "exec" }, at % 3 === 0);
    if (at % 4 === 0) await new Promise(setImmediate);
    if (at === 7) linkSync(own, `${own}.backup`);
    readFileSync(own);
  }
  log.close();
  expect([troubles, await verifyLog(own)]).toEqual([[], { ok: true, records: 20, ended: false, changes: 0 }]);
});

const begun = (own: string, troubles: string[]) => {
  const log = openLog({
    ...{ path: own, session: "s6", redact: createRedactor(), now: () => new Date(0) },
    onTrouble: ({ kind, reason }) => {
      troubles.push(reason);
      // As a session does: after the record that is being written.
      if (kind === "changed") queueMicrotask(() => log.write({ event: "alert", reason }, true));
    },
  });
  log.write({ event: "session.start", argv: ["codex"] }, true);
  log.write({ event: "exec", argv: ["ls"] }, false);
  return log;
};

const link = (own: string): void => {
  rmSync(own);
  symlinkSync("/nonexistent/x", own);
};

const folderInstead = (own: string): void => {
  for (const file of [own, headPath(own)]) rmSync(file);
  mkdirSync(own);
};

test.each<[string, (own: string) => void]>([
  ["the log", (own) => rmSync(own)],
  ["its head", (own) => rmSync(headPath(own))],
  ["the whole folder", (own) => rmSync(join(own, ".."), { recursive: true })],
  ["the log, and another stands there", replace],
  ["the log, and a link to nothing stands there", link],
  ["both, and a folder stands there", folderInstead],
])("what was deleted is put back before a record that gates something: %s", async (_name, damage) => {
  const own = join(folder, "sessions", "s6.jsonl");
  const troubles: string[] = [];
  const log = begun(own, troubles);
  damage(own);
  log.write({ event: "exec", verdict: "deny" }, true);
  // Before the writer has returned, and with it the call.
  expect(readFileSync(own, "utf8").split("\n").at(-2)).toContain('"seq":2,');
  await new Promise(setImmediate);
  log.write({ event: "exec", verdict: "deny" }, true);
  log.close();
  expect(troubles).toEqual([
    expect.stringMatching(/(deleted|replaced).*put back; its last record 1, hash [0-9a-f]{64}$/),
  ]);
  expect(await verifyLog(own)).toEqual({ ok: true, records: 5, ended: false, changes: 1 });
  expect([statSync(own).mode & 0o777, statSync(headPath(own)).mode & 0o777]).toEqual([0o600, 0o600]);
});

test("what cannot be put back lets nothing run, and is put back once it can be", async () => {
  const own = join(folder, "sessions", "s6.jsonl");
  const troubles: string[] = [];
  const log = begun(own, troubles);
  const sessions = join(own, "..");
  rmSync(sessions, { recursive: true });
  writeFileSync(sessions, "");
  expect(() => log.write({ event: "exec", verdict: "deny" }, true)).toThrow(/without which nothing is run/);
  expect(() => log.write({ event: "exec", verdict: "deny" }, true)).toThrow(/without which nothing is run/);
  rmSync(sessions);
  log.write({ event: "exec", verdict: "deny" }, true);
  await new Promise(setImmediate);
  log.close();
  expect(await verifyLog(own)).toMatchObject({ ok: true, records: 4, changes: 1 });
});

test("a log that goes on without the records before says so", async () => {
  put(lines().slice(2));
  expect(await verifyLog(path)).toEqual({
    ...{ ok: false, line: 1, whole: 0 },
    reason: expect.stringMatching(/^has number 2: the 2 before are gone .* the 2 that are there are whole$/),
  });
});

test("where an open file cannot be copied, the new log goes on in the chain, and says what is gone", async () => {
  const own = join(folder, "s7.jsonl");
  const files = LogFiles.open(own, true, "/nonexistent");
  rmSync(own);
  expect([files.gone(), files.putBack("")]).toEqual([
    `"${own}" was deleted or moved away`,
    "put back without the records before",
  ]);
  expect([files.gone(), readFileSync(own, "utf8")]).toEqual([undefined, ""]);
  files.close();
});

test("a clock that jumps changes the times that records say, and neither their order nor the chain", async () => {
  const own = join(folder, "s8.jsonl");
  const hour = 3_600_000;
  const times = [10 * hour, 1000 * hour, 2 * hour, 0, 11 * hour];
  let at = 0;
  const log = openLog({
    ...{ path: own, session: "s8", redact: createRedactor(), now: () => new Date(times[at] ?? 0) },
    isWatched: true,
    onTrouble: ({ reason }) => expect.unreachable(reason),
  });
  for (; at < times.length; at++) log.write({ event: "exec" }, at % 2 === 0);
  log.close();
  const found = readFileSync(own, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(found.map(({ seq, time }) => [seq, Date.parse(time)])).toEqual([...times.entries()]);
  expect(await verifyLog(own)).toMatchObject({ ok: true, records: 5, changes: 0 });
});
