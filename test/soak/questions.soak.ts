import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePlace, type Place } from "../scripts/session.js";
import { factor, recordsOf, sizeOf, startGuarded, until, verifyLog, watchSize } from "./guarded.js";

// As many questions as callers may wait, and nobody there: each is denied when its time is over, in the order in which they came.

let place: Place;
/** In memory, where there is such a place: each question is put on disk twice, and a disk that is slow about it would make hours of this. */
let state: string;

beforeEach(async () => {
  place = await makePlace();
  state = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : place.base, "holdpoint-questions-"));
});

afterEach(() => {
  place.remove();
  rmSync(state, { recursive: true });
});

const logs = (): readonly string[] => {
  const folder = join(state, "holdpoint", "sessions");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => join(folder, name));
};

const rounds = 3;

test("10,000 questions at once, three times over: denied in order after the time-out, in memory that stays flat", async () => {
  const count = Math.max(50, Math.round(10_000 * factor));
  const files = join(place.outside, "files");
  for (let round = 0; round < rounds; round++) {
    mkdirSync(join(files, String(round)), { recursive: true });
    for (let at = 0; at < count; at++) writeFileSync(join(files, String(round), String(at)), "kept\n");
  }
  const program = join(place.base, "askers.mjs");
  const source = fileURLToPath(new URL("askers.ts", import.meta.url));
  buildSync({ entryPoints: [source], bundle: true, platform: "node", format: "esm", outfile: program });
  const config = join(place.home, "approve.yaml");
  writeFileSync(config, "version: 1\napprove: true\n");
  // All of them are to wait at once.
  const timeout = `${Math.max(10, Math.round(count / 100))}s`;
  const command = [process.execPath, program, String(count), files, String(rounds)];
  const session = startGuarded(place, command, {
    env: { XDG_STATE_HOME: state },
    flags: ["-q", "--mode", "ask", "--timeout", timeout, "--config", config],
  });
  await until(() => logs().length > 0, "a log");
  const begun = sizeOf(session.pid);
  const most: number[] = [];
  const lines = () => session.stdout().split("\n").length - 1;
  for (let round = 0; round < rounds; round++) {
    const size = watchSize(session.pid);
    await until(() => lines() > round || session.child.exitCode !== null, "a round", 1_500_000);
    most.push(size().megabytes);
  }
  const { status, stdout, stderr } = await session.ended;
  const came = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [path = ""] = logs();
  const answered: number[] = [];
  for (const { event, question = "" } of recordsOf(path))
    if (event === "answer") answered.push(Number(question.slice(1)));
  console.log(
    `questions: ${rounds} × ${count}, time-out ${timeout}; broker ${begun?.megabytes} MB, at most ${most.join(", ")} MB in each round; ` +
      came
        .map(({ sent, first, last }) => `sent in ${sent} s, answered from ${first} s to ${last} s`)
        .join("; "),
  );
  expect([status, stderr.slice(0, 500)]).toEqual([0, ""]);
  expect(came).toMatchObject(Array.from({ length: rounds }, () => ({ denied: count, other: 0, lost: 0 })));
  expect(answered).toEqual(Array.from({ length: rounds * count }, (_, at) => at + 1));
  expect(verifyLog(place, path)).toMatchObject({ status: 0 });
  // What a round needs the next finds again: the last may not need half as much more.
  expect(most[2] ?? 0).toBeLessThan(1.5 * (most[0] ?? 0));
});
