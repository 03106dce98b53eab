import { expect, test } from "vitest";
import { type Effect, type FileEffect, opaqueEffect, plainEffect } from "../../src/model/effect.js";
import type { Condition, Rule, Test } from "../../src/model/rule.js";
import { decide } from "../../src/policy/decide.js";
import { matchRules } from "../../src/policy/match.js";

const remove: FileEffect = {
  ...plainEffect("rm", "delete", "/home/dev/project/.env"),
  resource: "file",
  place: "workspace",
  recursive: false,
  aspect: "content",
  recovery: "none",
  extent: { kind: "exact", count: 3, unit: "files" },
};
const any = (field: string, ...of: string[]) => ({ field, test: { kind: "any", of } satisfies Test });
const none = (field: string, ...of: string[]) => ({ field, test: { kind: "none", of } satisfies Test });
const over = (count: number) => ({ field: "extent", test: { kind: "over", count } satisfies Test });

test.each<[string, Condition, Effect, boolean]>([
  ["all fields fit", [any("action", "delete"), any("resource", "file")], remove, true],
  ["one does not", [any("action", "delete"), any("resource", "sql")], remove, false],
  ["not", [none("recovery", "git", "recreate")], remove, true],
  ["not, but it is", [none("recovery", "none")], remove, false],
  ["a field that this kind of effect lacks", [any("host", "x")], remove, false],
  ["nor can it be denied", [none("host", "x")], remove, false],
  ["glob, dot files too", [any("target", "/home/dev/project/**")], remove, true],
  ["glob on another folder", [any("target", "/home/dev/other/**")], remove, false],
  [
    "a name with glob characters, exactly",
    [any("target", "/a/[x].txt")],
    { ...remove, target: "/a/[x].txt" },
    true,
  ],
  ["a name that nobody gave", [any("target", "")], { ...remove, target: "" }, true],
  ["nobody gave, but somebody did", [any("target", "")], remove, false],
  ["boolean", [any("recursive", "false")], remove, true],
  ["over", [over(2)], remove, true],
  ["not over", [over(3)], remove, false],
  ["unknown extent is over anything", [over(1e9)], opaqueEffect("rm", "$X", "why"), true],
  [
    "at least three may be more",
    [over(5)],
    { ...remove, extent: { kind: "at-least", count: 3, unit: "files" } },
    true,
  ],
])("%s", (_name, when, effect, expected) => {
  expect(matchRules([rule({ when })], [effect]).length === 1).toBe(expected);
});

test("an exception lifts its own rule only, and the strictest of the rest wins", () => {
  const rules = [
    rule({ id: "a/ask", when: [any("action", "delete")], severity: "high" }),
    rule({
      id: "a/deny",
      when: [any("action", "delete")],
      then: "deny",
      severity: "low",
      unless: [[any("tool", "rm")]],
    }),
    rule({ id: "a/note", when: [any("resource", "file")], then: "allow", severity: "critical" }),
  ];
  const matches = matchRules(rules, [remove]);
  expect(matches.map((match) => match.rule)).toEqual(["a/ask", "a/note"]);
  expect(decide(matches)).toEqual({ verdict: "ask", severity: "high" });
  expect(decide(matchRules(rules, [{ ...remove, tool: "find" }]))).toEqual({
    verdict: "deny",
    severity: "low",
  });
  expect(decide([])).toEqual({ verdict: "allow", severity: "info" });
});

function rule(part: Partial<Rule>): Rule {
  return {
    id: "a/x",
    origin: "test",
    when: [],
    unless: [],
    then: "ask",
    severity: "medium",
    because: "why",
    instead: undefined,
    locked: false,
    ...part,
  };
}
