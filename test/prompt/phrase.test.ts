import { expect, it } from "vitest";
import { allowPhrase, makeWord } from "../../src/prompt/phrase.js";

const cases: readonly (readonly [
  typed: string | undefined,
  word: string | undefined,
  phrase: string | undefined,
])[] = [
  [undefined, undefined, undefined],
  ["prod-db", undefined, "prod-db"],
  [undefined, "kavu", "kavu"],
  ["prod-db", "kavu", "prod-db kavu"],
  ["a\u200bb", "kavu", "kavu"],
  ["ends in a space ", "kavu", "kavu"],
  ["x".repeat(65), "kavu", "kavu"],
  ["", "kavu", "kavu"],
];

it.each(cases)("%j and %j", (typed, word, phrase) => {
  expect(allowPhrase(typed, word)).toBe(phrase);
});

it("makes words that are no keys of the card", () => {
  for (let at = 0; at < 200; at++)
    expect(makeWord()).toMatch(/^[bfghklmnptwz][aeiou][bdfgklmnprstvz][aeiou]$/);
});
