export interface Text {
  readonly text: string;
  readonly weight: number;
}

const mostWords = 12;

/** What somebody looks for, word by word; the small words that stand in every sentence are left out. */
export function searchWords(text: string): readonly string[] {
  const words = splitWords(text);
  const telling = words.filter((word) => !small.has(word));
  return (telling.length > 0 ? telling : words).slice(0, mostWords);
}

/** How much each word is at home in the texts: 0 not at all, a text's whole weight where it stands there as a word. */
export function weigh(words: readonly string[], texts: readonly Text[]): readonly number[] {
  const taken = texts.map(({ text, weight }) => ({
    plain: text.toLowerCase(),
    weight,
    words: splitWords(text),
  }));
  return words.map((word) =>
    Math.max(0, ...taken.map((text) => text.weight * nearness(word, text.plain, text.words))),
  );
}

function nearness(word: string, text: string, words: readonly string[]): number {
  if (!text.includes(word) && !text.includes(stem(word))) return 0;
  if (words.includes(word)) return 1;
  const root = stem(word);
  if (words.some((one) => stem(one) === root)) return 0.8;
  if (root.length >= 3 && words.some((one) => one.startsWith(root))) return 0.6;
  return text.includes(word) && word.length >= 3 ? 0.3 : 0;
}

/** `deletes`, `deleted`, `deleting`, `delete` are one. */
function stem(word: string): string {
  return word.length < 5 ? word : word.replace(/(?:ing|ed|es|s|e)$/, "");
}

function splitWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const small: ReadonlySet<string> = new Set(
  "a an and are at be by for from in into is it no not of on or that the their they this to what with".split(
    " ",
  ),
);
