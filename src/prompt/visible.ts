/**
 * Text that an agent chose, for a human's eyes: what would be invisible, would move the cursor, or would turn the reading
 * order round is written as ⟨U+XXXX⟩ (a byte that is not UTF-8 as ⟨0xNN⟩). The brackets themselves are written so
 * too, which is why a mark cannot be forged. What is left has a width that `textWidth` knows.
 */
export function showUntrusted(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  // Only here: to read these takes a millisecond of each start.
  const combining = /^(?!\p{Default_Ignorable_Code_Point})\p{M}$/u;
  const base = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
  // Controls, formats (bidi, tags, zero width), surrogates, private use, unassigned; separators other than the space, which
  // look like one; fillers and selectors that show nothing; the blank Braille cell; our own brackets.
  const hidden = /^(?:[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800⟨⟩]|(?! )\p{Zs})$/u;
  let out = "";
  let marks = 0;
  let isBase = false;
  for (const char of text) {
    // A mark joins the character before it: with none, or stacked high, it would draw over the card's own lines.
    if (combining.test(char)) {
      marks += 1;
      out += isBase && marks <= mostMarks ? char : mark(char);
      continue;
    }
    marks = 0;
    isBase = base.test(char);
    out += hidden.test(char) ? mark(char) : char;
  }
  return out;
}

/**
 * The last net, for lines of our own that quote somebody: what was shown before stays as it is, and so do newlines. Whatever else
 * a terminal acts on is marked.
 */
export function showQuoting(text: string): string {
  if (/^[ -~\n]*$/.test(text)) return text;
  return text.replace(/[^\n⟨⟩]+/g, showUntrusted);
}

const mostMarks = 2;
function mark(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `⟨0x${hex(code - 0xdc00, 2)}⟩`;
  return `⟨U+${hex(code, 4)}⟩`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}
