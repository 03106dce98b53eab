import { expect, test } from "vitest";
import { ageWords, dayWords } from "../../src/prompt/time-words.js";

const now = new Date(2026, 5, 15, 0, 30).getTime();
const minute = 60_000;

test.each<[string, readonly [number, number, number, number?, number?], string]>([
  ["this very day", [2026, 5, 15, 0, 10], "today"],
  ["40 minutes ago, and another day", [2026, 5, 14, 23, 50], "yesterday"],
  ["two days", [2026, 5, 13, 23], "2 days ago"],
  ["the last that is counted", [2026, 5, 2, 1], "13 days ago"],
  ["the month from then on", [2026, 5, 1, 1], "in June"],
  ["an earlier month", [2026, 2, 3], "in March"],
  ["another year", [2025, 11, 3], "in December 2025"],
  ["over summer time", [2026, 2, 29], "in March"],
  ["a clock that is ahead", [2026, 5, 17], "in June 2026"],
])("a day: %s", (_name, [year, month, day, hour = 12, minutes = 0], words) => {
  expect(dayWords(new Date(year, month, day, hour, minutes).getTime(), now)).toBe(words);
});

test("what is no time", () => {
  expect(dayWords(1e300, now)).toBe("at an unknown time");
});

test.each([
  [0, "just now"],
  [-5 * minute, "just now"],
  [minute, "a minute ago"],
  [59.9 * minute, "59 minutes ago"],
  [60 * minute, "an hour ago"],
  [47 * 60 * minute, "47 hours ago"],
  [48 * 60 * minute, "2 days ago"],
])("ago: %d ms, %s", (ago, words) => {
  expect(ageWords(now - ago, now)).toBe(words);
});
