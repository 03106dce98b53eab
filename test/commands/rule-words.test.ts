import { expect, test } from "vitest";
import { conditionWords, wayBackWords } from "../../src/commands/rule-words.js";
import { searchWords, weigh } from "../../src/commands/search-words.js";
import { conditionFields } from "../../src/policy/condition.js";
import { nearest } from "../../src/policy/nearest.js";
import { parsePack } from "../../src/policy/pack.js";
import { builtin } from "../example-judge.js";

function condition(when: string) {
  const rule = `{id: a/b, when: ${when}, then: ask, because: c, back: d, match: [x], no-match: [y]}`;
  const parsed = parsePack(`pack: a\nrules: [${rule}]\n`, "a.yaml");
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.pack.rules[0]?.when ?? [];
}

test.each([
  ["{action: delete, resource: git}", "what deletes something in git"],
  [
    "{recovery: [none, unknown], place: outside, aspect: content, resource: file, action: [delete, modify]}",
    "what deletes or changes a file, namely its content, lying outside the workspace, where there is no way back or a way back is not known",
  ],
  ["{resource: guard}", "what does anything to the guard itself"],
  ["{action: delete}", "what deletes anything"],
  [
    "{action: delete, recovery: {not: [needless, recreate]}}",
    "what deletes anything, unless nothing is lost or it can be made again",
  ],
  [
    "{resource: cloud, provider: {not: [aws, railway]}, type: money}",
    "what does anything to something in a cloud, of the kind money, at anything but aws and railway",
  ],
  ["{resource: file, action: delete, extent: {over: 50}}", "what deletes a file, more than 50 of them"],
  [
    `{resource: cloud, type: [${"abcdefghijkl".split("").join(", ")}]}`,
    "what does anything to something in a cloud, of the kind a, b, c, d, e, f, g, h or 4 more",
  ],
  [
    "{resource: sql, restricted: false, statement: DELETE}",
    "what does anything to something in a database, by the statement DELETE, reaching every row",
  ],
])("in words: %s", (when, words) => {
  expect(conditionWords(condition(when))).toBe(words);
});

test.each([...conditionFields])("there are words for %s", (field, known = ["x"]) => {
  const test = field === "extent" ? "{over: 1}" : `[${known.join(", ")}]`;
  const words = conditionWords(condition(`{${field}: ${test}}`));
  expect(words).not.toContain(`with ${field}`);
  expect(words).not.toMatch(/undefined| {2}| ,/);
});

test.each([
  ["{action: delete}", "whether there is one or not"],
  ["{recovery: [none, unknown]}", "there is no way back or a way back is not known"],
  ["{recovery: {not: needless}}", "any case but: nothing is lost"],
])("the way back of %s: %s", (when, words) => {
  expect(wayBackWords(condition(when))).toBe(words);
});

test.each([
  ["files/lose-wrok", "files/lose-work"],
  ["lose-work", "files/lose-work"],
  ["git/stahs", "git/stash"],
  ["Rewrite-Remote", "git/rewrite-remote"],
  ["device-gone", "files/device-gone"],
])("who says %s means %s", (word, meant) => {
  const names = builtin.rules.map((rule) => rule.id);
  expect(nearest(word, names)[0]).toBe(meant);
});

test.each(["", "zzzzzzzzzz", "x".repeat(10_000)])("who says %j means nothing", (word) => {
  expect(nearest(word, ["files/lose-work", "git/stash"])).toEqual([]);
});

test.each([
  ["delete the volume", ["delete", "volume"]],
  ["--force", ["force"]],
  ["of the", ["of", "the"]],
  ["", []],
])("who looks for %j looks for %j", (text, words) => {
  expect(searchWords(text)).toEqual(words);
});

test.each([
  ["volume", "deletes a volume", 1],
  ["delete", "deletes a volume", 0.8],
  ["vol", "deletes a volume", 0.6],
  ["lum", "deletes a volume", 0.3],
  ["bucket", "deletes a volume", 0],
])("%s is at home in %j by %d", (word, text, weight) => {
  expect(weigh([word], [{ text, weight: 1 }])).toEqual([weight]);
});
