import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSharedLog, readSharedStart } from "../../src/audit/shared-log.js";
import { verifyLog } from "../../src/audit/verify.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shared-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const redact = (text: string): string => text;
const open = (patience = 5000) =>
  openSharedLog({ folder, session: "claude-1", redact, now: () => new Date(), patience });
async function write(line: string, patience?: number): Promise<void> {
  const log = await open(patience);
  log.write({ event: "line", line, cwd: "/srv" }, false);
  log.close();
}
const logs = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const linesOf = (name: string): readonly unknown[] =>
  readFileSync(join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line).line);
const verdicts = () => Promise.all(logs().map((name) => verifyLog(join(folder, name))));

test("one writer goes on where the other ended", async () => {
  await write("a");
  await write("b");
  await write("c");
  expect(logs().map(linesOf)).toEqual([["a", "b", "c"]]);
  expect(await verdicts()).toEqual([{ ok: true, records: 3, ended: false, changes: 0 }]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".turn"))).toEqual([]);
  expect(readSharedStart(folder, "claude-1")).toMatchObject({ cwd: "/srv" });
  expect(readSharedStart(folder, "claude-2")).toBeUndefined();
});

test("many at once take turns", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, at) => write(String(at))));
  expect(logs()).toHaveLength(1);
  expect(await verdicts()).toEqual([{ ok: true, records: 20, ended: false, changes: 0 }]);
});

test("a writer that was killed in its turn leaves its file behind, and the next one goes on in another", async () => {
  await write("a");
  // No process has this id.
  writeFileSync(join(folder, "claude-1.turn"), "4194305\n");
  await write("b");
  await write("c");
  expect(logs().map(linesOf).sort()).toEqual([["a"], ["b", "c"]]);
  expect(await verdicts()).toEqual([
    { ok: true, records: 1, ended: false, changes: 0 },
    { ok: true, records: 2, ended: false, changes: 0 },
  ]);
});

test("a writer that stands still holds nobody up for ever", async () => {
  const still = await open();
  await write("b", 50);
  still.write({ event: "line", line: "a" }, false);
  still.close();
  expect(logs().map(linesOf).sort()).toEqual([["a"], ["b"]]);
  expect((await verdicts()).every(({ ok }) => ok)).toBe(true);
});

test.each([
  ["edited", (text: string) => text.replace('"b"', '"x"')],
  ["cut off", (text: string) => text.slice(0, -5)],
  ["without its last record", (text: string) => `${text.split("\n")[0]}\n`],
])("a log that was %s is not gone on with", async (_what, change) => {
  await write("a");
  await write("b");
  const [name = ""] = logs();
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
  await write("c");
  const [first, second] = await verdicts();
  expect([first?.ok, second]).toEqual([false, { ok: true, records: 1, ended: false, changes: 0 }]);
});
