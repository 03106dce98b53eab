import { decodeBytes, encodeBytes } from "../model/bytes.js";

/**
 * A word as shims/shell.c carries it: `=` and a text, or `%` and bytes in hexadecimal, for Node's argv cannot hold bytes that are no
 * UTF-8. What is decoded keeps such bytes as model/bytes.ts says.
 */
export function decodeWord(word: string): string {
  if (word.startsWith("=")) return word.slice(1);
  if (/^%(?:[0-9a-f]{2})*$/.test(word)) return decodeBytes(Buffer.from(word.slice(1), "hex"));
  throw new Error("`holdpoint shell` is started by the programs that `holdpoint init` installs");
}

export function encodeWord(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? `=${text}` : `%${encodeBytes(text).toString("hex")}`;
}
