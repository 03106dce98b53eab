import { expect, test } from "vitest";
import { ageWords, parseAge } from "../../src/backups/age.js";

const now = Date.parse("2026-05-10T12:00:00Z");
const hour = 3_600_000;

test.each([
  ["3h", 3 * hour],
  ["1d 4h", 28 * hour],
  ["1d4h30m", 28.5 * hour],
  ["0.5h", hour / 2],
  ["7200", 2 * hour],
  ["\n\n 90m \nmore", 1.5 * hour],
  ["2026-05-10T09:00:00Z", 3 * hour],
  ["2026-05-10 11:00:00 +02:00", 3 * hour],
  ["2026-05-10T11:00:00.5+0200", 3 * hour - 500],
  [String((now - hour) / 1000), hour],
  [String(now - hour), hour],
  ["2026-05-11T12:00:00Z", -24 * hour],
])("%j is an age", (text, age) => {
  expect(parseAge(text, now)).toBe(age);
});

test.each([
  "",
  "\n",
  "fresh",
  "3 hours",
  "-3h",
  "2026-05-10",
  "2026-05-10T09:00:00",
  "3h ago",
  "1e3",
  "h",
  "x".repeat(200),
])("%j is none", (text) => {
  expect(parseAge(text, now)).toBeUndefined();
});

test.each([
  [0, "0 seconds"],
  [1000, "1 second"],
  [90_000, "90 seconds"],
  [hour, "60 minutes"],
  [24 * hour, "24 hours"],
  [72 * hour, "3 days"],
])("%d ms in words", (age, words) => {
  expect(ageWords(age)).toBe(words);
});
