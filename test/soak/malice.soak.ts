import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canCage, openCage } from "./cage.js";
import { cagedNames, destructive, maliceText } from "./malice-texts.js";
import { startDice } from "./nonsense-texts.js";
import { type Finding, holdAgainst } from "./truth.js";

// Destructive lines, damaged and among nonsense, run by a real bash in a cage: what loses a file there, or starts a program that
// is asked about, was not let through as a line.
const count = Math.round(5_000 * Number(process.env["HOLDPOINT_SOAK"] ?? 1));
const seed = Number(process.env["MALICE_SEED"] ?? 11);
const lines = readFileSync(new URL("../expand/nl2bash.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

test.runIf(canCage())("no nonsense around it makes a destructive line pass", async () => {
  const cage = openCage(cagedNames);
  try {
    const check = holdAgainst(cage);
    const dice = startDice(seed);
    const found: Finding[] = [];
    let [started, lost] = [0, 0];
    for (let done = 0; done < count; done += 500) {
      const texts = done === 0 ? [...destructive] : [];
      while (texts.length < 500) texts.push(maliceText(lines, dice));
      for (const [at, ran] of cage.run("bash", texts).entries()) {
        started += ran.started.length;
        lost += ran.lost.length;
        const findings = await check("bash", texts[at] ?? "", ran);
        found.push(...findings.filter(({ kind }) => kind !== "not foretold"));
      }
    }
    console.log(
      `malice: ${count} texts, ${started} programs started, ${lost} files lost, ${found.length} let through`,
    );
    expect(started).toBeGreaterThan(count / 3);
    expect(found).toEqual([]);
  } finally {
    cage.close();
  }
});
