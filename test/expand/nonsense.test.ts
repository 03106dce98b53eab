import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgeExample } from "../example-judge.js";
import { destructive } from "../soak/malice-texts.js";
import { babble, damage, startDice } from "../soak/nonsense-texts.js";

// A short form of test/soak/nonsense.soak.ts and malice.soak.ts: without a watch and without a real bash.
const lines = readFileSync(new URL("nl2bash.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

test("damaged lines and babble get a verdict", async () => {
  const dice = startDice(4);
  for (let at = 0; at < 1500; at += 1) {
    await judgeExample(damage(dice.pick(lines), dice));
    await judgeExample(babble(dice));
  }
});

test("what cannot be read behind a destructive line makes it no looser", async () => {
  // `bash <<E … E; ${` reads on to the end.
  const junk = [
    "((",
    "'",
    '"',
    "`",
    "$(",
    "<<E",
    "case x in",
    "if",
    "esac",
    ")",
    "}",
    ";;",
    "\u0000",
    "\udcff",
    "[[ (",
    "|",
  ];
  const passed: string[] = [];
  for (const text of destructive)
    for (const each of [text, ...junk.flatMap((one) => [`${text}\n${one}`, `${text}; ${one}`])])
      if ((await judgeExample(each)).verdict === "allow") passed.push(each);
  expect(passed).toEqual([]);
});
