import { expect, test } from "vitest";
import { applyConfig } from "../../src/policy/config.js";
import { parseOwnFile } from "../../src/policy/own-file.js";
import { parseManifest } from "../../src/scope/manifest.js";
import { fakeWorld } from "../fake-world.js";

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");
const laughs = lines(9, (at) => `k${at + 1}: &k${at + 1} [${`*k${at},`.repeat(9)}]`);

/** None is taken, and none runs for as long as a test may. */
const bombs: readonly (readonly [what: string, text: string, says: string])[] = [
  ["a billion laughs", `version: 1\nk0: &k0 [x]\n${laughs}`, "unfolds into too much"],
  ["an alias of itself", "version: 1\nrules: &r [*r]", '"rules'],
  ["20,000 anchors", `version: 1\n${lines(10_000, (at) => `k${at}: &k${at} x`)}`, '"k0"'],
  ["10,000 keys", `version: 1\nenvironments:\n${lines(10_000, (at) => `  k${at}: 1`)}`, '"environments.k0"'],
  ["a key twice", "version: 1\nenvironments: {a: {}, b: {}, a: {}}", "stands twice"],
  ["a number and its text", 'version: 1\nenvironments: {1: {}, "1": {}}', "stands twice"],
  ["a key of every object", "version: 1\nenvironments: {constructor: {}}", "cannot be a key"],
  ["the key of every object", "version: 1\n__proto__: {rules: []}", "cannot be a key"],
  ["a merge", "version: 1\nenvironments: {a: &a {}, b: {<<: *a}}", '"environments'],
  ["lists in lists", `version: 1\nrules: ${"[".repeat(20_000)}`, "nested too deep"],
  [
    "maps in maps, closed",
    `version: 1\nrules: ${"{a: ".repeat(5_000)}1${"}".repeat(5_000)}`,
    "nested too deep",
  ],
  ["a quote that stays open", `version: "${"x".repeat(200_000)}`, "quot"],
  ["two documents", "version: 1\n---\nversion: 1\n", "second document"],
];

test.each(bombs)("%s", (_, text, says) => {
  const around = { ...fakeWorld(), home: "/home/me" };
  const results = [
    applyConfig(text, "/w/config.yaml", []),
    parseManifest(text, "/w/holdpoint.yaml", around),
    parseOwnFile(text, "/w/x.yaml"),
  ];
  const problems = results.map((result) => (result.ok ? ["taken"] : result.problems));
  expect(problems.map((each) => each.length > 0 && each.length <= 10)).toEqual([true, true, true]);
  expect(problems[0]?.[0]?.toLowerCase()).toContain(says.toLowerCase());
  expect(problems.flat()).not.toContain("taken");
});
