import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

// SECURITY.md's tables and the tests that try what they say: test/security.yaml has an entry for each row, and no other.

interface Entry {
  readonly way: string;
  readonly test?: string;
  readonly words?: string;
  readonly untested?: true;
}

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const entries: readonly Entry[] = parse(read("test/security.yaml"));
const ways = read("SECURITY.md")
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\|\s*(?:way\s*\||-)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/)[1]?.trim() ?? "");

test("each row has one entry", () => {
  const found = ways.map((way) => entries.filter((entry) => way.startsWith(entry.way)).length);
  expect(ways.filter((_, at) => found[at] !== 1)).toEqual([]);
  expect(entries.length).toBe(ways.length);
});

test.each(entries.filter((entry) => entry.test !== undefined))("$way: its test is there", (entry) => {
  expect(read(entry.test ?? "")).toContain(entry.words);
});

test("no more than these are said to be caught without a test of their own", () => {
  expect(entries.filter(({ untested }) => untested === true).length).toBeLessThanOrEqual(17);
});
