import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, makePlace, type Place } from "../scripts/session.js";
import { factor } from "./guarded.js";
import { writeLongLog } from "./long-log.js";

// The log of a session that did very much, and very many logs: read and checked in memory that does not grow with them.

const bytes = Math.round(factor * 2 ** 30);
const logs = Math.max(10, Math.round(factor * 10_000));
let place: Place;
let path = "";
let records = 0;

beforeAll(async () => {
  place = await makePlace();
  const folder = join(place.home, ".local", "state", "holdpoint", "sessions");
  ({ path, records } = writeLongLog(folder, "aaaaaaa", bytes));
}, 1_200_000);

afterAll(() => place.remove());

interface Read {
  readonly status: number | string;
  readonly lines: number;
  readonly last: string;
  readonly stderr: string;
  readonly firstMs: number;
  readonly ms: number;
  /** The most that it ever had, as the system counts it. */
  readonly megabytes: number;
}

/** `take`: so many bytes are read of what it says, and then its pipe is closed. */
function read(args: readonly string[], take = Number.POSITIVE_INFINITY): Promise<Read> {
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, ...args], {
    env: place.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [lines, taken, firstMs, megabytes] = [0, 0, 0, 0];
  let last = "";
  let stderr = "";
  const look = setInterval(() => {
    try {
      const [, high = "0"] =
        /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "latin1")) ?? [];
      megabytes = Math.max(megabytes, Math.round(Number(high) / 1024));
    } catch {}
  }, 50);
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    firstMs ||= performance.now() - begun;
    taken += text.length;
    lines += text.split("\n").length - 1;
    last = text.slice(-300);
    if (taken > take) child.stdout.destroy();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) =>
    child.once("close", (code, signal) => {
      clearInterval(look);
      const ms = Math.round(performance.now() - begun);
      resolve({
        status: code ?? signal ?? "?",
        lines,
        last,
        stderr,
        firstMs: Math.round(firstMs),
        ms,
        megabytes,
      });
    }),
  );
}

const shown = ({ firstMs, ms, megabytes, lines }: Read): string =>
  `first after ${firstMs} ms, all ${lines} lines in ${(ms / 1000).toFixed(1)} s, at most ${megabytes} MB`;

test("a log of 1 GB: its first page at once, all of it, only its denials, checked; and a reader that goes away", async () => {
  const whole = await read(["log"]);
  console.log(`log of ${Math.round(bytes / 2 ** 20)} MB, ${records} records: ${shown(whole)}`);
  expect(whole).toMatchObject({ status: 0, lines: records, stderr: "" });
  expect(whole.last).toContain("status 0");
  const json = await read(["log", "--json"]);
  console.log(`as JSON: ${shown(json)}`);
  expect(json).toMatchObject({ status: 0, lines: records, stderr: "" });
  expect(json.last).toContain('"event":"session.end"');
  const denied = await read(["log", "--only", "denied"]);
  console.log(`denials: ${shown(denied)}`);
  expect(denied).toMatchObject({ status: 0, lines: Math.floor(records / 1000), stderr: "" });
  const checked = await read(["log", "verify", path]);
  console.log(`verify: ${shown(checked)}`);
  expect(checked).toMatchObject({ status: 0, last: `${path}: whole, ${records} records\n` });
  const head = await read(["log", "--json"], 10_000);
  console.log(`a reader that goes away: ${shown(head)}`);
  expect(head).toMatchObject({ status: 141, stderr: "" });
  for (const { megabytes } of [whole, json, denied, checked, head]) expect(megabytes).toBeLessThan(300);
  // Of a whole reading a small part.
  if (factor >= 0.2) expect([whole.firstMs < whole.ms / 4, head.ms < json.ms / 4]).toEqual([true, true]);
});

test("10,000 logs are listed, and the newest is found", async () => {
  const folder = join(place.home, ".local", "state", "holdpoint", "sessions");
  for (let at = 0; at < logs; at++) writeLongLog(folder, `b${String(at).padStart(6, "0")}`, 0);
  const list = await read(["log", "--list"]);
  console.log(`list of ${logs + 1} logs: ${shown(list)}`);
  expect(list).toMatchObject({ status: 0, lines: logs + 1, stderr: "" });
  const newest = await read(["log"]);
  console.log(`the newest of them: ${shown(newest)}`);
  expect(newest).toMatchObject({ status: 0, lines: 2 });
  expect(list.megabytes).toBeLessThan(300);
});
