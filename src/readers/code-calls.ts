import { type Arg, isKnown, unknown } from "../model/arg.js";

/** A function called in a one-liner of some language, as far as it can be told without reading that language. */
export interface CodeCall {
  /** With what stands in front: `os.remove`, `).execSync`. */
  readonly name: string;
  readonly values: readonly CodeValue[];
  /** The text behind the call. */
  readonly rest: string;
}

/** A string, a list of them, or something else: then its source, and what it begins with. */
export type CodeValue = Arg | readonly Arg[];

const callee = /((?:[\w$]+\.|\)\.|::)*[\w$]+)[ \t]*(\(|(?=["'[]))/g;

export function findCalls(text: string, names: RegExp): readonly CodeCall[] {
  const calls: CodeCall[] = [];
  for (const match of text.matchAll(callee)) {
    const [whole, name = "", opener] = match;
    if (!names.test(name)) continue;
    const { parts, end } = splitList(text, match.index + whole.length, opener === "(" ? ")" : "\n;");
    calls.push({ name, values: parts.map(readValue), rest: text.slice(end) });
  }
  return calls;
}

const string = /^[bBrRuU]{0,2}("""|'''|"|'|`)((?:\\[\s\S]|(?!\1)[^\\])*)\1/;

function readValue(source: string): CodeValue {
  const text = source.trim();
  if (text.startsWith("[") && text.endsWith("]"))
    return splitList(text, 1, "]").parts.map((part) => {
      const value = readValue(part);
      return isWord(value) ? value : unknown(part, "a list in a list");
    });
  const [whole, quote = "", body = ""] = string.exec(text) ?? [];
  if (whole === undefined) return unknown(text, "a value that the program makes");
  const plain = body.replace(/\\([\s\S])/g, (_, letter: string) => escapes.get(letter) ?? letter);
  const hole = quote === "`" ? body.indexOf("${") : quote === '"' ? body.indexOf("#{") : -1;
  if (whole.length === text.length && hole < 0) return plain;
  return unknown(text, "a value that the program makes", hole < 0 ? plain : body.slice(0, hole));
}

export function isWord(value: CodeValue): value is Arg {
  return !Array.isArray(value);
}

export function isText(value: CodeValue | undefined): value is string {
  return value !== undefined && isWord(value) && isKnown(value);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["0", "\0"],
]);

/** The parts between commas from `start` to one of the closing characters, strings and brackets kept whole. */
function splitList(
  text: string,
  start: number,
  closers: string,
): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let from = start;
  let depth = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const quoted = /["'`]/.test(letter) ? string.exec(text.slice(at))?.[0] : undefined;
    if (quoted !== undefined) {
      at += quoted.length - 1;
    } else if (depth === 0 && closers.includes(letter)) break;
    else if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    else if (letter === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
    if (depth < 0) break;
  }
  const last = text.slice(from, at);
  return { parts: last.trim() === "" ? parts : [...parts, last], end: at };
}
