import { randomInt } from "node:crypto";
import { textWidth } from "./width.js";

/**
 * What a human types to allow: the resource's name when the effect is critical, a random word where an agent could
 * push keys into the terminal (it knows the name, but cannot read the screen), or both. Undefined: one key is enough.
 */
export function allowPhrase(typed: string | undefined, word: string | undefined): string | undefined {
  const parts = [typed !== undefined && isTypeable(typed) ? typed : undefined, word];
  const phrase = parts.filter((part) => part !== undefined).join(" ");
  return phrase === "" ? undefined : phrase;
}

/** Whether a human could type it, and see that it is right: no trailing space, nothing beyond ASCII, not a page long. */
export function isTypeable(text: string): boolean {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(text) && textWidth(text) <= 64;
}

/** Four letters that can be spoken. None begins with a letter that is a key of the card. */
export function makeWord(): string {
  return pick("bfghklmnptwz") + pick("aeiou") + pick("bdfgklmnprstvz") + pick("aeiou");
}

function pick(letters: string): string {
  return letters.charAt(randomInt(letters.length));
}
