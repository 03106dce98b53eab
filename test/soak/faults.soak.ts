import { randomInt } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePlace, type Place } from "../scripts/session.js";
import { compileC, factor, recordsOf, startGuarded, until, verifyLog } from "./guarded.js";

// What goes wrong around a session in the mass. One of each kind is in test/scripts/faults.test.ts.

let place: Place;

beforeEach(async () => {
  place = await makePlace({ keepsTrash: true });
});

afterEach(() => place.remove());

test("a broker killed at any moment: nothing ran whose record was not written, and the log is whole", async () => {
  const runs = Math.max(1, Math.round(200 * factor));
  const traces = compileC(place, "traces");
  const came = { ran: 0, recorded: 0, kept: 0, early: 0, unended: 0, asked: 0 };
  for (let at = 0; at < runs; at++) {
    const folder = join(place.workspace, `run-${at}`);
    mkdirSync(folder);
    const workers = ["a", "b", "c"];
    for (const worker of workers)
      for (let n = 0; n < 20; n++) writeFileSync(join(folder, `kept-${worker}-${n}`), "kept\n");
    const before = new Set(place.logs());
    const { child, ended } = startGuarded(place, [traces, folder, ...workers]);
    const log = () => place.logs().find((path) => !before.has(path));
    // A fifth of them while the session is being put together.
    const isEarly = at % 5 === 0;
    if (!isEarly)
      await until(() => readdirSync(folder).some((name) => name.startsWith("to-")), "a first call");
    await new Promise((resolve) => setTimeout(resolve, randomInt(isEarly ? 600 : 400)));
    child.kill("SIGKILL");
    await ended;
    const path = log();
    const ran = tracesIn(folder, workers);
    came.ran += ran.length;
    if (path === undefined) {
      came.early += 1;
      expect(ran).toEqual([]);
      continue;
    }
    const recorded = new Set<string>();
    for (const { event, verdict, argv = [], trash } of recordsOf(path)) {
      if (event === "exec" && verdict === "allow")
        recorded.add(argv.slice(0, 1).concat(argv.slice(-1)).join(" "));
      if (trash !== undefined) came.kept += 1;
    }
    came.recorded += recorded.size;
    expect(ran.filter((trace) => !recorded.has(trace))).toEqual([]);
    const { status, text } = verifyLog(place, path);
    expect([status, text]).toEqual([0, expect.stringMatching(/: whole, \d+ records/)]);
    if (/not ended|no end/.test(text)) came.unended += 1;
  }
  console.log(
    `killed: ${runs} brokers, ${came.early} before their log; ${came.ran} calls ran, ${came.recorded} recorded as let run, ${came.kept} deletions for the trash; every log whole`,
  );
  if (factor >= 0.1) expect(came.ran).toBeGreaterThan(runs);
});

/** `rm PATH` and `mv … PATH` of each call that did something. */
function tracesIn(folder: string, workers: readonly string[]): readonly string[] {
  const names = new Set(readdirSync(folder));
  const found: string[] = [];
  for (const worker of workers)
    for (let n = 0; n < 500; n++) {
      const [moved, left] = [names.has(`to-${worker}-${n}`), names.has(`from-${worker}-${n}`)];
      // A worker makes both files and then deletes the first; without the second it had not come so far.
      if ((moved || left) && !names.has(`${worker}-${n}`)) found.push(`rm ${folder}/${worker}-${n}`);
      if (moved) found.push(`mv ${folder}/to-${worker}-${n}`);
      if (n < 20 && !names.has(`kept-${worker}-${n}`)) found.push(`rm ${folder}/kept-${worker}-${n}`);
    }
  return found;
}
