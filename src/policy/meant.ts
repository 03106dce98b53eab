import { nearest } from "./nearest.js";

/** What a word that is not known may have meant, to follow a message; else the words that there are. */
export function meant(
  word: string,
  known: readonly string[],
  otherWords: ReadonlyMap<string, string> = new Map(),
): string {
  const other = otherWords.get(word.toLowerCase());
  if (other !== undefined) return `; did you mean "${other}"?`;
  const [first] = nearest(word, known, 1);
  return first === undefined ? `; known: ${known.join(", ")}` : `; did you mean "${first}"?`;
}
