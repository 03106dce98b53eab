import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canCage, openCage } from "./cage.js";
import { startDice } from "./nonsense-texts.js";
import { type Finding, holdAgainst } from "./truth.js";
import { posixScripts } from "./truth-rarities.js";
import { truthScript } from "./truth-scripts.js";

// Scripts of harmless programs, run by a real bash whose programs leave a trace: each that started was foretold, words and all, or
// the script was said to hold what cannot be foreseen. Of what is known not to be, see `classOf` in truth.ts: each class has
// a name and is counted; any other fails. TRUTH_OUT names a file for all of them.
const count = Math.round(20_000 * Number(process.env["HOLDPOINT_SOAK"] ?? 1));
const seed = Number(process.env["TRUTH_SEED"] ?? 11);

test.runIf(canCage())("what bash starts is what was foretold", async () => {
  const cage = openCage([]);
  try {
    const check = holdAgainst(cage);
    const dice = startDice(seed);
    const found: Finding[] = [];
    let [started, hung] = [0, 0];
    for (let done = 0; done < count; done += 500) {
      const texts = Array.from({ length: Math.min(500, count - done) }, () => truthScript(dice));
      for (const [at, ran] of cage.run("bash", texts).entries()) {
        started += ran.started.length;
        if (ran.timedOut) hung += 1;
        found.push(...(await check("bash", texts[at] ?? "", ran)));
      }
    }
    const classes = new Map<string, Set<string>>();
    const strange = found.filter((finding) => {
      if (finding.known === undefined) return true;
      classes.set(finding.known, (classes.get(finding.known) ?? new Set()).add(finding.text));
      return false;
    });
    console.log(
      `truth: ${count} scripts, ${started} programs started, ${hung} ended after 5 s, not foretold: ` +
        `${new Set(strange.map(({ text }) => text)).size} scripts` +
        [...classes].map(([name, texts]) => `, and ${texts.size}: ${name}`).join(""),
    );
    const out = process.env["TRUTH_OUT"];
    if (out !== undefined) writeFileSync(out, JSON.stringify(found, null, 1));
    expect(started).toBeGreaterThan(count);
    expect(strange).toEqual([]);
  } finally {
    cage.close();
  }
});

test.runIf(canCage())("what dash starts is what was foretold of sh", async () => {
  const cage = openCage([]);
  try {
    const check = holdAgainst(cage);
    const found: Finding[] = [];
    for (const [at, ran] of cage.run("dash", posixScripts).entries())
      found.push(...(await check("dash", posixScripts[at] ?? "", ran)));
    console.log(`truth: ${posixScripts.length} scripts of dash, not foretold: ${found.length} programs`);
    expect(found).toEqual([]);
  } finally {
    cage.close();
  }
});
