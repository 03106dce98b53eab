import { afterEach, beforeEach, expect, test } from "vitest";
import { makePlace, type Place } from "../scripts/session.js";
import {
  clientsFolder,
  compileC,
  factor,
  recordsOf,
  sizeOf,
  startGuarded,
  until,
  verifyLog,
  watchSize,
} from "./guarded.js";

// Very many calls at once, each known beforehand: none lost, none answered for another, each in the log.

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(() => place.remove());

test.each([
  ["shim", 20_000],
  ["wire", 100_000],
] as const)("64 clients (%s) make %i calls", async (kind, usual) => {
  const calls = Math.round(usual * factor);
  const folder = clientsFolder(place, 64);
  const session = startGuarded(place, [compileC(place, "clients"), kind, "64", String(calls), folder]);
  await until(() => place.logs().length > 0, "a log");
  const begun = sizeOf(session.pid);
  const size = watchSize(session.pid);
  const { status, stdout, stderr } = await session.ended;
  const most = size();
  const came = JSON.parse(stdout);
  console.log(
    `load ${kind}: ${calls} calls of 64 clients in ${came.seconds} s: ${came.wrong} wrong, ${came.lost} lost; longest ${came.longest} ms; ` +
      `when the first client was done the slowest had ${came.slowest} of ${came.share}; broker ${begun?.megabytes} MB, at most ${most.quarters.join(", ")} MB in each quarter, ${most.descriptors} descriptors`,
  );
  expect([status, came.done, came.wrong, came.lost, stderr]).toEqual([0, calls, 0, 0, ""]);
  const [path = ""] = place.logs();
  const seen = new Map<string, number>();
  let next = 0;
  for (const { seq, event, verdict, argv = [] } of recordsOf(path)) {
    expect(seq).toBe(next);
    next += 1;
    if (event !== "exec" || argv[0]?.endsWith("clients")) continue;
    // Only the last word is a call's own.
    const key = `${verdict} ${argv.at(-1)}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  expect([...seen.values()].every((count) => count === 1)).toBe(true);
  expect(seen.size).toBe(calls);
  for (let client = 0; client < 64; client++)
    for (let turn = 0; turn < Math.floor(calls / 64); turn++) {
      const isRefused = turn % 16 === 15;
      const name = `${!isRefused && turn % 2 === 1 ? "scratch" : "none"}/${client}-${turn}`;
      if (!seen.has(`${isRefused ? "deny" : "allow"} ${folder}/${name}`))
        throw new Error(`no record: ${name}`);
    }
  expect(verifyLog(place, path)).toMatchObject({ status: 0, text: expect.stringContaining(": whole, ") });
  expect(most.descriptors).toBeLessThan((begun?.descriptors ?? 0) + 150);
});
