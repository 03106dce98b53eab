import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type Effect, effectKey, plainEffect } from "../../src/model/effect.js";
import type { Match, Rule } from "../../src/model/rule.js";
import { applyConfig } from "../../src/policy/config.js";
import { matchRules } from "../../src/policy/match.js";
import { configLines } from "../../src/report/config-text.js";
import type { Denial, Held } from "../../src/report/denials.js";
import { exceptionsFor } from "../../src/report/exceptions.js";
import { builtin, judgeExample } from "../example-judge.js";

function denialOf(held: readonly Held[], cause = "a rule forbids it"): Denial {
  return {
    text: "line",
    cwd: "/",
    time: "",
    outcome: "denied",
    cause,
    answeredBy: undefined,
    held,
    count: 1,
  };
}

function heldIn(matches: readonly Match[], effects: readonly Effect[]): readonly Held[] {
  return matches.flatMap((match) => {
    const effect = effects[match.effect];
    return match.verdict === "allow" || effect === undefined ? [] : [{ match, effect }];
  });
}

/** The rules with the exceptions of a denial, by way of the text that a person would paste. */
function pasted(denial: Denial): readonly Rule[] | string {
  const found = exceptionsFor(denial);
  if (!found.ok) return found.reason;
  const lines = configLines(found.exceptions.map((exception) => ({ number: 1, exception })));
  expect(lines.join("")).toMatch(/^[ -~]*$/);
  const applied = applyConfig(`${lines.join("\n")}\n`, "config.yaml", builtin.rules);
  if (!applied.ok) throw new Error(applied.problems.join("\n"));
  return applied.config.rules;
}

const folder = new URL("../cases/", import.meta.url);
const lines: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .flatMap((name) =>
    parse(readFileSync(new URL(name, folder), "utf8"))
      .filter((each: { verdict: string }) => each.verdict !== "allow")
      .map((each: { line: string }) => each.line),
  );

test("what golden cases hold is let through by what is said to, and nothing else is", async () => {
  const reasons = new Set<string>();
  const before: (readonly Held[])[] = [];
  // Each takes the whole way through a config.
  for (const line of lines.filter((_, at) => at % 15 === 0)) {
    const { matches, effects } = await judgeExample(line);
    const held = heldIn(matches, effects);
    before.push(held);
    const rules = pasted(denialOf(held));
    if (typeof rules === "string") {
      reasons.add(rules.replace(/rule \S+/, "rule …"));
      continue;
    }
    expect({ line, left: heldIn(matchRules(rules, effects), effects) }).toEqual({ line, left: [] });
    const lifted = new Set(held.map(({ effect }) => without(effect)));
    for (const other of before.slice(-60)) {
      const effects = other.map(({ effect }) => effect);
      const left = new Set(matchRules(rules, effects).map(({ effect }) => effect));
      const gone = effects.filter((effect, index) => !left.has(index) && !lifted.has(without(effect)));
      expect({ line, gone }).toEqual({ line, gone: [] });
    }
  }
  // Every other one can be allowed.
  expect([...reasons]).toEqual(["rule … is locked: it has no exceptions"]);
}, 120_000);

/** As far as a condition can tell: how the rows of a statement are chosen is left out. */
function without(effect: Effect): string {
  const { scope: _, ...rest } = effect;
  return effectKey({ ...rest, because: "" })
    .split("\u0000")
    .slice(0, 4)
    .join(" ");
}

const rule = builtin.rules.find(({ id }) => id === "files/lose-work");

function deletion(target: string, fields: Partial<Match> = {}): Held {
  if (rule === undefined) throw new Error("no rule");
  const { id, then, severity, because, instead, locked } = rule;
  return {
    match: { rule: id, effect: 0, verdict: then, severity, because, instead, locked, ...fields },
    effect: {
      ...plainEffect("rm", "delete", target),
      ...{ resource: "file", place: "workspace", recursive: false, aspect: "content", recovery: "none" },
    },
  };
}

const ofDeletion = (target: string, rules: readonly Rule[]) =>
  matchRules(rules, [deletion(target).effect]).length;

test("any name is written so that it is this name and no other", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({ unit: fc.constantFrom(..."a./*?[]{}()!+@|\\^$\"':#, \n-~\u202e\udc80"), minLength: 1 }),
  );
  fc.assert(
    fc.property(names, names, (name, other) => {
      const rules = pasted(denialOf([deletion(`/srv/${name}`)]));
      // Said, not guessed: a name that no condition can say.
      if (typeof rules === "string") expect(rules).toBe("its name cannot be written as a condition");
      else {
        expect(ofDeletion(`/srv/${name}`, rules)).toBe(0);
        if (other !== name) expect(ofDeletion(`/srv/${other}`, rules)).toBe(1);
        expect(ofDeletion("/srv/a", rules)).toBe(name === "a" ? 0 : 1);
      }
    }),
    {
      numRuns: 200,
      // Each try of a smaller one takes the whole way through a config: all of them would take an hour.
      endOnFailure: true,
      // Always tried: each would mean another name, or none, if it were a glob.
      examples: [
        ["a\\b", "ab"],
        ["*", "a"],
        ["?", "b"],
        ["[ab]", "b"],
        ["{a,b}", "a"],
        ["@(a|b)", "b"],
        ["!(a)", "b"],
        ["a+", "aa"],
        ["**", "a/b"],
        ["a\\*", "a*"],
        ["x # y", "x"],
        ["a\nb", "a b"],
        // picomatch looked for the end of it for ever.
        ["(\\\\", "("],
        ["\\\\,", "\\,"],
        ["*a".repeat(50), "a"],
      ],
    },
  );
});

test.each<[string, Denial, string]>([
  [
    "a locked rule",
    denialOf([deletion("/x", { locked: true })]),
    "rule files/lose-work is locked: it has no exceptions",
  ],
  ["no rule", denialOf([], "it could not be judged"), "no rule denied it, but this: it could not be judged"],
  ["a secret", denialOf([deletion("/x/‹redacted›")]), "its name holds a secret, which no config should"],
  [
    "too many things",
    denialOf(Array.from({ length: 13 }, (_, at) => deletion(`/x/${at}`))),
    'it does too many things to name each; an "unless" of your own in files/lose-work can',
  ],
])("%s has no exception", (_name, denial, reason) => {
  expect(exceptionsFor(denial)).toEqual({ ok: false, reason });
});
