import fc from "fast-check";
import { expect, it } from "vitest";
import { showUntrusted } from "../../src/prompt/visible.js";
import { cutEnd, cutMiddle, textWidth } from "../../src/prompt/width.js";

const cases: readonly (readonly [text: string, width: number, end: string, middle: string])[] = [
  ["short", 10, "short", "short"],
  ["0123456789abcdefghij0123456789", 24, "0123456789abcdefghij012…", "01234567…15 more…3456789"],
  ["漢字漢字漢字漢字漢字漢字漢字", 9, "漢字漢字…", "漢字漢字…"],
  ["e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301"],
  ["abcdef", 0, "", ""],
];

it.each(cases)("%s in %i", (text, width, end, middle) => {
  expect([cutEnd(text, width), cutMiddle(text, width)]).toEqual([end, middle]);
});

it("is never wider than asked", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.nat(100), (text, width) => {
      const shown = showUntrusted(text);
      return textWidth(cutEnd(shown, width)) <= width && textWidth(cutMiddle(shown, width)) <= width;
    }),
  );
});
