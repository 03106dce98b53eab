/** Columns that shown text takes. Text of doubtful width counts as wide, so that a line ends early, never late. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The beginning, with `…` at its end when it does not fit. */
export function cutEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : `${take([...text], width - 1)}…`;
}

/** Beginning and end with `…` and the number of characters left out between them. Never wider than `width`. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const chars = [...text];
  const widest = `…${chars.length} more…`;
  if (width < widest.length + 8) return cutEnd(text, width);
  const room = width - widest.length;
  const head = take(chars, Math.ceil(room / 2));
  const tail = [...take(chars.toReversed(), Math.floor(room / 2))].toReversed().join("");
  return `${head}…${chars.length - [...head].length - [...tail].length} more…${tail}`;
}

export function charWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^\p{M}$/u.test(char)) return 0;
  return isWide(char) ? 2 : 1;
}

/** Made when it is asked: V8 takes long for the classes of Unicode. */
function isWide(char: string): boolean {
  // https://www.unicode.org/reports/tr11/ (W and F), and whatever a terminal may draw as a picture.
  return /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\p{Regional_Indicator}]$/u.test(
    char,
  );
}

function take(chars: readonly string[], width: number): string {
  let out = "";
  let used = 0;
  for (const char of chars) {
    used += charWidth(char);
    if (used > width) break;
    out += char;
  }
  return out;
}
