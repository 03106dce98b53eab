import { isKeptBack } from "../../expand/origin.js";
import { type Arg, isForeign, isKnown, secretsOf, showArg, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { declareOptions, hasOption, type Options, optionValue, readOptions } from "../options.js";
import { inner, nothing, type Reader } from "../reader.js";
import { wrap } from "../sight.js";

const xargsOptions = declareOptions("first", [
  "-0 --null",
  "-a --arg-file:",
  "-d --delimiter:",
  "-E:",
  "-e --eof::",
  "-I:",
  "-i --replace::",
  "-J:",
  "-L:",
  "-l --max-lines::",
  "-n --max-args:",
  "-o --open-tty",
  "-P --max-procs:",
  "-p --interactive",
  "--process-slot-var:",
  "-R:",
  "-r --no-run-if-empty",
  "-S:",
  "-s --max-chars:",
  "--show-limits",
  "-t --verbose",
  "-x --exit",
  "--help",
  "--version",
]);

/** One call for all items: in how many runs they are dealt out changes nothing about what is done. */
export const xargs: Reader = {
  names: ["xargs", "gxargs"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), xargsOptions);
    const template = given.operands;
    if (template.length === 0 || hasOption(given, "help", "version")) return nothing;
    const isSingle = optionValue(given, "max-args") === "1";
    const items = readItems(call, world, given).map((item) => (isSingle ? oneWord(item) : item));
    const mark = hasOption(given, "i", "replace")
      ? (optionValue(given, "replace") ?? "{}")
      : optionValue(given, "I");
    const place = optionValue(given, "J");
    const runs =
      place !== undefined
        ? [placed(template, place, items)]
        : mark === undefined
          ? [[...template, ...items]]
          : items.map((item) => template.map((word) => fill(word, showArg(mark), oneWord(item))));
    const isQuiet = { stdin: { kind: "none" } } as const;
    return inner(
      ...runs.flatMap((argv) => wrap(call, world, argv, "xargs")).map((one) => ({ ...one, ...isQuiet })),
    );
  },
};

/** BSD's `-J %`: all items stand where the first word is that mark. */
function placed(template: readonly Arg[], mark: Arg, items: readonly Arg[]): readonly Arg[] {
  const at = template.indexOf(mark);
  return at < 0 ? [...template, ...items] : [...template.slice(0, at), ...items, ...template.slice(at + 1)];
}

/** More items than this are not looked at one by one. */
const maxItems = 200;

function unforeseen({ stdin }: Call): Unknown {
  const reason = stdin.kind === "unknown" ? stdin.reason : stdin.kind === "text" ? (stdin.origin ?? "") : "";
  const said = isForeign(reason) || secretsOf(reason).length > 0 ? `: ${reason}` : "";
  return unknown("items of xargs", `they come on its stdin${said}`, "", true);
}

function readItems(call: Call, world: World, given: Options): readonly Arg[] {
  const file = optionValue(given, "arg-file");
  const { stdin } = call;
  const path = file ?? (stdin.kind === "file" ? stdin.path : undefined);
  const text =
    path !== undefined ? readText(call, world, path) : stdin.kind === "text" ? stdin.text : undefined;
  const delimiter = hasOption(given, "null") ? "\\0" : optionValue(given, "delimiter");
  const isSecret = path === undefined && stdin.kind === "text" && isKeptBack(stdin.origin);
  if (text === undefined || isSecret || hasOption(given, "E", "eof")) return [unforeseen(call)];
  if (delimiter !== undefined && !isKnown(delimiter)) return [unforeseen(call)];
  const isByLine = hasOption(given, "I", "replace");
  const items =
    delimiter !== undefined ? splitAt(text, delimiter) : isByLine ? splitLines(text) : splitWords(text);
  return items === undefined || items.length > maxItems ? [unforeseen(call)] : items;
}

function splitAt(text: string, delimiter: string): readonly string[] | undefined {
  const named = new Map([
    ["\\0", "\0"],
    ["\\n", "\n"],
    ["\\t", "\t"],
  ]);
  const mark = named.get(delimiter) ?? delimiter;
  if (mark.length !== 1) return undefined;
  const parts = text.split(mark);
  return parts.at(-1) === "" ? parts.slice(0, -1) : parts;
}

/** `-I` takes whole lines, without blanks in front; quotes still count, and lines with them are left alone. */
function splitLines(text: string): readonly string[] | undefined {
  if (/["'\\]/.test(text)) return undefined;
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.replace(/^[ \t]+/, "")]));
}

/** xargs has quotes of its own: no escapes inside them, a backslash outside. */
function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (const [whole, single, double, escaped, space] of text.matchAll(
    /'([^'\n]*)'|"([^"\n]*)"|\\(.)|(\s+)|./gs,
  )) {
    if (space === undefined && (whole === "'" || whole === '"' || whole === "\\")) return undefined;
    if (space === undefined) word = (word ?? "") + (single ?? double ?? escaped ?? whole);
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** With `-I`, each line is one word, whatever is in it; with `-n 1`, each run gets one. */
function oneWord(item: Arg): Arg {
  return isKnown(item) ? item : { ...item, splits: false };
}

/** `word` with `item` wherever the mark stands. */
export function fill(word: Arg, mark: string, item: Arg): Arg {
  if (!isKnown(word) || mark === "" || !word.includes(mark)) return word;
  if (isKnown(item)) return word.replaceAll(mark, () => item);
  return unknown(word, item.reason, word.slice(0, word.indexOf(mark)), item.splits && word === mark);
}
