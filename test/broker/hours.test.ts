import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createHandle } from "../../src/broker/handle.js";
import type { Answer, Asker } from "../../src/model/question.js";
import { fakeBench, fakeCaller, fakeClock, refusal, shimCall } from "./fakes.js";

// A session of many hours, by a clock that a test turns: what it keeps must not grow with the calls that it has seen.

const callsAnHour = 12_000;
/** So that what is kept weighs more than what varies by itself. */
const long = "x".repeat(1000);

/** Refuses one thing, once; to all others nobody says anything. */
function fewWords(): Asker {
  let isAsked = false;
  return {
    ask(_question, signal) {
      if (!isAsked) {
        isAsked = true;
        return Promise.resolve(refusal());
      }
      return new Promise<Answer>((resolve) =>
        signal.addEventListener("abort", () =>
          resolve({ decision: "deny", cause: "time-out", by: "test", how: "abort", reason: undefined }),
        ),
      );
    },
  };
}

test("ten hours of calls, shells, questions and refusals: no timer stays, and nothing grows", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const clock = fakeClock();
  let alive = 0;
  const bench = fakeBench({
    clock,
    asker: fewWords(),
    log: { write() {}, close() {} },
    // Of every second shell nothing can be seen: it runs in a sandbox. The others live for a hundred calls.
    isAlive: (pid) => pid % 2 === 0 && pid > alive - 100,
    world: { findProgram: (name, path) => `${path.split(":").at(-1)}/${name}` },
  });
  const handle = createHandle(bench);
  const run = (argv: readonly string[], pid: number, env: Readonly<Record<string, string>> = {}) =>
    handle(shimCall(argv, env, { pid }), fakeCaller());
  expect(await run(["rm", "/keep/refused"], 1)).toMatchObject({ status: 126 });
  const weights: number[] = [];
  for (let hour = 0; hour < 10; hour++) {
    const answers: Promise<unknown>[] = [];
    for (let at = 0; at < callsAnHour; at++) {
      alive = hour * callsAnHour + at;
      const kind = at % 4;
      // Programs of ever new folders.
      if (kind === 0) await run(["ls"], alive, { PATH: `/hp/bin:/venv/${alive}/${long}/bin` });
      // Shells: each is a line.
      else if (kind === 1) await run(["bash", "-c", `true ${alive}`], alive + (at % 8 === 1 ? 0 : 1));
      // What was refused, with ever new things beside it.
      else if (kind === 2) await run(["rm", "/keep/refused", `/keep/${alive}/${long}`], alive);
      else if (at % 400 === 3) answers.push(run(["rm", `/keep/asked-${alive}`], alive));
      if (at % 200 === 0) await clock.advance(60_000);
    }
    // The last have their time, too.
    await clock.advance(600_000);
    for (const answer of answers) expect(await answer).toMatchObject({ verb: "exit", status: 126 });
    await clock.advance(600_000);
    expect(clock.pending).toBe(0);
    collect();
    weights.push(process.memoryUsage().heapUsed / 1e6);
  }
  // Within the first half all that has a bound has come to it. Without bounds this would be 30 MB.
  expect(Math.max(...weights.slice(5)) - Math.max(...weights.slice(0, 5))).toBeLessThan(8);
});
