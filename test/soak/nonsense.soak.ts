import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sizes } from "./nonsense-sizes.js";
import { babble, damage, startDice } from "./nonsense-texts.js";
import { openWatched, type Watched } from "./nonsense-watch.js";

// Texts that nobody would write, judged in a thread that is ended when it hangs: none throws, none takes a second for each
// 100 kB, and no damage makes the rest of a text pass.
const factor = Number(process.env["HOLDPOINT_SOAK"] ?? 1);
const seed = Number(process.env["NONSENSE_SEED"] ?? 11);
const lines = readFileSync(new URL("../expand/nl2bash.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
/** Milliseconds of the processor: a second for texts of up to 100 kB, and for longer ones as much for each kB. */
const longest = (text: string) => Math.max(1000, text.length / 100);

let watched: Watched;
beforeAll(async () => {
  watched = await openWatched();
});
afterAll(() => watched.close());

interface Named {
  readonly name: string;
  readonly text: string;
}

/** Judges all, and says what failed and what took longest. */
async function judgeAll(what: string, texts: Iterable<Named>, parts = false): Promise<readonly unknown[]> {
  const failed: unknown[] = [];
  let [count, stopped, total] = [0, 0, 0];
  let slowest = { ms: 0, name: "" };
  const some = async (part: readonly Named[]) => {
    const judged = await watched.judge(
      part.map(({ text }) => text),
      parts,
    );
    for (const [at, { verdict, ms, thrown, looser }] of judged.entries()) {
      const name = part[at]?.name ?? "";
      count += 1;
      total += ms;
      if (verdict !== "allow") stopped += 1;
      if (ms > slowest.ms) slowest = { ms, name };
      const isLong = ms > longest(part[at]?.text ?? "");
      if (verdict === "threw" || verdict === "hung" || isLong || looser !== undefined)
        failed.push({ name, verdict, ms, thrown, looser });
    }
  };
  let part: Named[] = [];
  for (const one of texts) {
    part.push(one);
    if (part.length === 200) {
      await some(part);
      part = [];
    }
  }
  await some(part);
  const share = `${count} texts, ${stopped} not allowed, ${(total / count).toFixed(2)} ms of the processor each`;
  console.log(
    `${what}: ${share}; slowest ${slowest.ms.toFixed(0)} ms: ${JSON.stringify(slowest.name.slice(0, 200))}`,
  );
  return failed;
}

function* damaged(count: number): Iterable<Named> {
  const dice = startDice(seed);
  for (let at = 0; at < count; at += 1) {
    const text = damage(dice.pick(lines), dice);
    yield { name: text, text };
  }
}

function* babbled(count: number): Iterable<Named> {
  const dice = startDice(seed);
  for (let at = 0; at < count; at += 1) {
    const text = babble(dice);
    yield { name: text, text };
  }
}

test("lines of the corpus with characters deleted, inserted and swapped", async () => {
  expect(await judgeAll("damaged lines", damaged(100_000 * factor), true)).toEqual([]);
});

test("letters and bytes in any order", async () => {
  expect(await judgeAll("babble", babbled(30_000 * factor))).toEqual([]);
});

test("everything deep in itself, and 2 MB long", async () => {
  expect(await judgeAll("deep and long", sizes([10, 50, 1000, 20_000]))).toEqual([]);
});
