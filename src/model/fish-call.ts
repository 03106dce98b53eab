import { type Arg, isKnown } from "./arg.js";

/** What fish(1)'s own words say. https://fishshell.com/docs/current/cmds/fish.html */
export interface FishCall<Word extends Arg> {
  /** The letters of its options that take no value; long ones as their letter. */
  readonly flags: string;
  /** `-C`: before the rest, and whatever the rest is. */
  readonly first: readonly Word[];
  /** `-c`, each in its turn. */
  readonly texts: readonly Word[];
  /** A script and its arguments, or `$argv` of the texts. */
  readonly operands: readonly Word[];
}

/** `words` without argv[0]; `cut` takes the first characters off a word, whatever kind of word that is. */
export function readFishCall<Word extends Arg>(
  words: readonly Word[],
  cut: (word: Word, from: number) => Word,
): FishCall<Word> {
  let flags = "";
  const first: Word[] = [];
  const texts: Word[] = [];
  const take = (letter: string, value: Word | undefined) => {
    if (value !== undefined && letter === "c") texts.push(value);
    if (value !== undefined && letter === "C") first.push(value);
  };
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at];
    const text = word === undefined || isKnown(word) ? word : word.prefix;
    if (word === undefined || text === undefined || !/^-./.test(text)) break;
    if (text === "--") {
      at += 1;
      break;
    }
    if (text.startsWith("--")) {
      const [, name = "", value] = /^--([\w-]*)(=?)/.exec(text) ?? [];
      const letter = longNames.find(([long]) => long.startsWith(name))?.[1] ?? "";
      if (!valued.includes(letter)) flags += letter;
      else if (value === "=") take(letter, cut(word, name.length + 3));
      else take(letter, words[++at]);
      continue;
    }
    for (let letter = 1; letter < text.length; letter += 1) {
      const name = text.charAt(letter);
      if (!valued.includes(name)) flags += name;
      else if (letter + 1 < text.length) {
        take(name, cut(word, letter + 1));
        break;
      } else take(name, words[++at]);
    }
  }
  return { flags, first, texts, operands: words.slice(at) };
}

const valued = "cCdDfop";

const longNames: readonly (readonly [string, string])[] = [
  ["command", "c"],
  ["init-command", "C"],
  ["debug-output", "o"],
  ["debug-stack-frames", "D"],
  ["debug", "d"],
  ["features", "f"],
  ["profile-startup", "p"],
  ["profile", "p"],
  ["interactive", "i"],
  ["login", "l"],
  ["no-config", "N"],
  ["no-execute", "n"],
  ["private", "P"],
  ["print-rusage-self", "r"],
  ["print-debug-categories", "n"],
  ["version", "n"],
  ["help", "n"],
];
