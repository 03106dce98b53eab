import { expect, test } from "vitest";
import { jsonText } from "../../src/model/json-text.js";

const mark = "\u0301";

test.each([
  ["plain", "rm -rf build\n", '"rm -rf build\\n"'],
  [
    "letters of any language, and what stands on them",
    `caf\u00e9 e${mark} \u6f22…`,
    `"caf\u00e9 e${mark} \u6f22…"`,
  ],
  ["two marks stay, the third does not", `e${mark.repeat(4)}`, `"e${mark.repeat(2)}${"\\u0301".repeat(2)}"`],
  ["what a terminal acts on", "a\u007fb\u009b2Jc", '"a\\u007fb\\u009b2Jc"'],
  ["what nobody sees", "a\u200bb\u202ec", '"a\\u200bb\\u202ec"'],
  ["beyond 16 bits", "\u{1f600} \u{e0041}", '"\u{1f600} \\udb40\\udc41"'],
  ["half of a pair", "\ud83d!", '"\\ud83d!"'],
])("%s", (_name, text, expected) => {
  expect(jsonText(text)).toBe(expected);
  expect(JSON.parse(expected)).toBe(text);
});

test("an indented document keeps its own newlines", () => {
  expect(jsonText({ a: "…\u200b" }, 1)).toBe('{\n "a": "…\\u200b"\n}');
});
