import { expect, it } from "vitest";
import { showUntrusted } from "../../src/prompt/visible.js";

const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
  ["plain", "rm -rf 'a b' \\ é 漢字 😀", "rm -rf 'a b' \\ é 漢字 😀"],
  ["escape", "\u001b[2J", "⟨U+001B⟩[2J"],
  ["title", "\u001b]0;x\u0007", "⟨U+001B⟩]0;x⟨U+0007⟩"],
  ["newline, tab, return", "a\nb\tc\rd", "a⟨U+000A⟩b⟨U+0009⟩c⟨U+000D⟩d"],
  ["one-byte CSI", "\u009b2J", "⟨U+009B⟩2J"],
  ["bidi", "\u202egpj\u202c\u2066\u2069\u200e\u061c", "⟨U+202E⟩gpj⟨U+202C⟩⟨U+2066⟩⟨U+2069⟩⟨U+200E⟩⟨U+061C⟩"],
  ["zero width", "a\u200b\u200d\u2060\ufeffb", "a⟨U+200B⟩⟨U+200D⟩⟨U+2060⟩⟨U+FEFF⟩b"],
  ["tags and selectors", "\u{e0041}\ufe0f\u{e0100}", "⟨U+E0041⟩⟨U+FE0F⟩⟨U+E0100⟩"],
  ["soft hyphen and fillers", "\u00ad\u3164\u115f\u034f", "⟨U+00AD⟩⟨U+3164⟩⟨U+115F⟩⟨U+034F⟩"],
  [
    "spaces that are none",
    "a\u00a0b\u2003c\u3000d\u2028e\u2800",
    "a⟨U+00A0⟩b⟨U+2003⟩c⟨U+3000⟩d⟨U+2028⟩e⟨U+2800⟩",
  ],
  ["a byte that is not UTF-8", "a\udcff", "a⟨0xFF⟩"],
  ["a lone surrogate", "\ud800", "⟨U+D800⟩"],
  ["private use", "\ue0b0", "⟨U+E0B0⟩"],
  ["a forged mark", "⟨U+0041⟩", "⟨U+27E8⟩U+0041⟨U+27E9⟩"],
  ["marks without a letter", "\u0301 a\u0301", "⟨U+0301⟩ a\u0301"],
  ["stacked marks", "z\u0334\u0334\u0334", "z\u0334\u0334⟨U+0334⟩"],
];

it.each(cases)("%s", (_, text, shown) => {
  expect(showUntrusted(text)).toBe(shown);
});
