import { readFileSync } from "node:fs";
import type { Dice } from "./nonsense-texts.js";
import { program, word } from "./truth-words.js";

// What few scripts hold and bash does all the same, one a line: ⏎ is a new line in it, ⇥ a tab, WORD any word, PROG a program that
// only reads.

const rareWords = read("truth-rare-words.txt");
const rareStatements = read("truth-rare-statements.txt");

/** Scripts for an `sh` that is dash, each alone, behind some settings, in a function and in a substitution. */
export const posixScripts: readonly string[] = read("truth-posix.txt").flatMap((text) => [
  text,
  `set -- p 'q r'\nV=a.txt W='b c.txt'\n${text}`,
  `f() { ${text}\n}; f a 'b c'`,
  `exec > out\nV=$(${text}\n)\n/bin/echo $V; cat out`,
]);

/** One to four of them after each other, each on a line of its own more often than not. */
export function rareScript(dice: Dice): string {
  const list = Array.from({ length: 1 + dice.below(4) }, () => rareStatement(dice));
  return list.reduce((text, next) => text + (dice.below(4) === 0 ? "; " : "\n") + next);
}

function rareStatement(dice: Dice): string {
  return dice
    .pick(rareStatements)
    .replaceAll("PROG", () => (dice.below(4) === 0 ? program(dice) : dice.pick(["/bin/echo", "cat", "wc"])))
    .replaceAll("WORD", () => rareWord(dice));
}

function rareWord(dice: Dice): string {
  const kind = dice.below(4);
  return kind === 0
    ? word(dice)
    : kind === 1
      ? dice.pick(rareWords)
      : dice.pick(["x", "$V", '"$W"', "a.txt"]);
}

function read(name: string): readonly string[] {
  const lines = readFileSync(new URL(name, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => line.replaceAll("⏎", "\n").replaceAll("⇥", "\t"));
}
