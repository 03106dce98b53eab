import { optionOf } from "../../expand/option.js";
import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Env, envFrom } from "../../model/env.js";

/** How a shell was started: its options, and what stands behind them. */
export interface Invocation {
  /** Letters; `P` for POSIX mode and `f` for no start-up files at all. */
  readonly flags: string;
  /** Words of `-o` and `-O`. */
  readonly options: readonly string[];
  readonly startFiles: readonly Arg[];
  readonly operands: readonly Arg[];
}

/** Options of shells are no getopt: `-euo pipefail`, `+x`, `-c` whose text comes after all other options. */
export function readInvocation(words: readonly Arg[]): Invocation {
  let flags = "";
  const options: string[] = [];
  const startFiles: Arg[] = [];
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !isKnown(word)) break;
    if (word === "--" || word === "-") {
      at += 1;
      break;
    }
    const next = words[at + 1];
    if (/^--?(rcfile|init-file)$/.test(word)) {
      if (next !== undefined) startFiles.push(next);
      at += 1;
    } else if (/^--./.test(word)) {
      if (/^--(emulate)$/.test(word)) at += 1;
      flags += longFlags.get(word) ?? "";
    } else if (/^[-+]./.test(word)) {
      if (word.startsWith("-")) flags += word.slice(1);
      if (next !== undefined && isKnown(next) && isNoFiles(word, next)) flags += "f";
      // Each `o` or `O` of a cluster takes a word of its own.
      const count = word.slice(1).replace(/[^oO]/g, "").length;
      if (word.startsWith("-")) options.push(...words.slice(at + 1, at + 1 + count).filter(isKnown));
      at += count;
    } else break;
  }
  return { flags, options, startFiles, operands: words.slice(at) };
}

/** `-o norcs`, `+o RCS`: zsh's `-f` in letters. */
function isNoFiles(word: string, name: string): boolean {
  const option = name.toLowerCase().replaceAll("_", "");
  return (word === "-o" && option === "norcs") || (word === "+o" && option === "rcs");
}

/** `P` for POSIX mode and `f` for no start-up files at all, as zsh says it; the others are the letters of bash. */
const longFlags: ReadonlyMap<string, string> = new Map([
  ["--version", "n"],
  ["--help", "n"],
  ["--login", "l"],
  ["--posix", "P"],
  ["--no-rcs", "f"],
]);

/** Options that a bash or an sh starts with, by their long names: `-f`, `-O nullglob`, `-o noglob`. */
export function startOptions(name: string, words: readonly Arg[]): readonly string[] {
  if (name === "zsh") return [];
  const { flags, options } = readInvocation(words);
  const isPosix = words.includes("--posix") ? ["posix"] : [];
  return [...[...flags].flatMap((letter) => optionOf(letter) ?? []), ...options, ...isPosix];
}

/**
 * What the shell itself would set of its options, where aliases hang on it: bash follows them in a text in POSIX mode, at a
 * terminal, or when told to (`bash -O expand_aliases -c …`), other shells of its kind always. Undefined: nothing.
 */
export function startEnv(name: string, { argv, env }: Pick<Call, "argv" | "env">): Env | undefined {
  const { flags, options } = readInvocation(argv.slice(1));
  const isOn = /[iP]/.test(flags) || options.some((each) => /^(?:posix|expand_aliases)$/.test(each));
  return isOn || !/^r?bash$/.test(name) ? envFrom([["BASHOPTS", "expand_aliases"]], env) : undefined;
}
