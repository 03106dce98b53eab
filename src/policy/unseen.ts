/**
 * Characters that nobody sees: controls, formats (bidi, zero width), separators that are not the space. Two words that differ by one of
 * them look the same, and in a message they could move the cursor.
 */
export const unseen = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** `U+200B` */
export function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
