import { type Arg, isKnown } from "../../model/arg.js";
import type { Interpreter } from "./interpreter-languages.js";

/** An interpreter's command line, taken apart. */
export interface InterpreterWords {
  readonly codes: readonly Arg[];
  /** The file whose code it runs. */
  readonly file: Arg | undefined;
  /** `python -m NAME` */
  readonly module: string | undefined;
  /** What the code finds as its arguments. */
  readonly words: readonly Arg[];
  /** It edits the files named instead of printing. */
  readonly edits: boolean;
  /** It only shows or checks something. */
  readonly shows: boolean;
  readonly readsInput: boolean;
}

export function readInterpreterWords(interpreter: Interpreter, argv: readonly Arg[]): InterpreterWords {
  const codes: Arg[] = [];
  let edits = false;
  let shows = false;
  let at = 1;
  const rest = (start: number, file: Arg | undefined, module?: string): InterpreterWords => ({
    codes,
    file,
    module,
    words: argv.slice(start),
    edits,
    shows,
    readsInput: interpreter.readsInput && codes.length === 0 && file === undefined && module === undefined,
  });
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (!isKnown(word)) {
      const [, attached] = /^-[a-zA-Z]*[ceE](.+)$/s.exec(word.prefix) ?? [];
      return attached === undefined
        ? rest(at + 1, codes.length > 0 ? undefined : word)
        : { ...rest(at + 1, undefined), codes: [word] };
    }
    if (interpreter.codeVerbs.includes(word)) {
      const code = argv.slice(at + 1).findIndex((one) => !isKnown(one) || !one.startsWith("-"));
      const found = code < 0 ? undefined : argv[at + 1 + code];
      if (found !== undefined) codes.push(found);
      return rest(at + 2 + Math.max(code, 0), undefined);
    }
    if (interpreter.verbs.includes(word)) continue;
    if (interpreter.shows.test(word) && codes.length === 0) shows = true;
    // A file named "-" is standard input, for those too that else wait at a prompt.
    if (word === "-") return { ...rest(at + 1, undefined), readsInput: codes.length === 0 };
    if (word === "--") return rest(at + 1, codes.length === 0 ? argv[at + 1] : undefined);
    if (!word.startsWith("-")) break;
    const option = readOption(interpreter, word, argv[at + 1]);
    if (option.edits) edits = true;
    if (option.module !== undefined) return rest(at + 1 + option.taken, undefined, option.module);
    if (option.code !== undefined) codes.push(option.code);
    at += option.taken;
    if (option.code !== undefined && interpreter.ends) return rest(at + 1, undefined);
  }
  return codes.length > 0 ? rest(at, undefined) : rest(at + 1, argv[at]);
}

interface Option {
  readonly code: Arg | undefined;
  readonly module: string | undefined;
  /** Further words that belong to it. */
  readonly taken: number;
  readonly edits: boolean;
}

function readOption(interpreter: Interpreter, word: string, next: Arg | undefined): Option {
  const none = { code: undefined, module: undefined, taken: 0, edits: false };
  const [, long = word, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  if (interpreter.code.words.includes(long) || interpreter.code.words.includes(word)) {
    return value === undefined ? { ...none, code: next, taken: 1 } : { ...none, code: value };
  }
  if (interpreter.valued.words.includes(word)) return { ...none, taken: 1 };
  if (word.startsWith("--")) return none;
  let edits = false;
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const behind = word.slice(at + 1);
    if (interpreter.edits && letter === "i") edits = true;
    // `-0777`, `-l012`: the letters behind go on. Behind `-i` all is a suffix, also the `e` of `-pie`.
    if (/^\d/.test(letter)) continue;
    if (interpreter.code.letters.includes(letter)) {
      const isNext = behind === "" || isMoreLetters(interpreter, behind);
      return isNext ? { ...none, edits, code: next, taken: 1 } : { ...none, edits, code: behind };
    }
    if (letter === "m" && interpreter.language === "python")
      return behind === ""
        ? { ...none, module: next !== undefined && isKnown(next) ? next : undefined, taken: 1 }
        : { ...none, module: behind };
    if (letter === "l" || letter === "0") continue;
    if (interpreter.attached.includes(letter) && behind !== "") return { ...none, edits };
    if (interpreter.valued.letters.includes(letter)) return { ...none, edits, taken: behind === "" ? 1 : 0 };
  }
  return { ...none, edits };
}

/** Node's `-pe`: both take the same code. */
function isMoreLetters({ code }: Interpreter, behind: string): boolean {
  return behind.length === 1 && code.letters.includes(behind);
}
