import { type Lookup, readVariable } from "./psql-variables.js";

/** One argument of a backslash command. */
export interface MetaWord {
  /** Undefined when it holds the output of a program. */
  readonly text: string | undefined;
  /** Programs in backticks: the shell runs them. */
  readonly commands: readonly string[];
}

export interface Meta {
  readonly name: string;
  readonly words: readonly MetaWord[];
  readonly rest: string;
  readonly end: number;
  /** A `\\` handed the line back to SQL. */
  readonly separated: boolean;
}

/** Commands whose argument is all that is left of the line, raw. */
const wholeLine: ReadonlySet<string> = new Set([
  "!",
  "copy",
  "h",
  "help",
  "ef",
  "ev",
  "sf",
  "sf+",
  "sv",
  "sv+",
]);
/** These too when the argument begins with a pipe. */
const filePipes: ReadonlySet<string> = new Set(["g", "gx", "o", "out", "w", "write"]);

/** The backslash command that begins at `backslash`. `single`: it came by `-c` and may hold line breaks. */
export function readMeta(text: string, backslash: number, single: boolean, lookup: Lookup): Meta {
  let at = backslash + 1;
  while (at < text.length && !/[\s\\]/.test(text[at] ?? "")) at += 1;
  const name = text.slice(backslash + 1, at);
  const end = single ? text.length : lineEnd(text, at);
  const rest = text.slice(at, end);
  // `\g (format=csv) |less`
  const piped = filePipes.has(name) && /^\s*(\([^)]*\)\s*)?\|/.test(rest);
  if (wholeLine.has(name) || piped) return { name, words: [], rest, end, separated: false };
  const words: MetaWord[] = [];
  for (;;) {
    while (at < end && /\s/.test(text[at] ?? "")) at += 1;
    if (at >= end || text[at] === "\\") break;
    const read = readMetaWord(text, at, end, lookup);
    words.push(read.word);
    at = read.end;
  }
  const separated = text.startsWith("\\\\", at) && at < end;
  return { name, words, rest, end: separated ? at + 2 : at, separated };
}

function readMetaWord(
  text: string,
  start: number,
  end: number,
  lookup: Lookup,
): { readonly word: MetaWord; readonly end: number } {
  let value: string | undefined = "";
  const commands: string[] = [];
  const add = (part: string | undefined): void => {
    value = value === undefined || part === undefined ? undefined : value + part;
  };
  let at = start;
  while (at < end && !/[\s\\]/.test(text[at] ?? "")) {
    const char = text[at] ?? "";
    if (char === "'" || char === '"' || char === "`") {
      const close = findClose(text, at, end, char);
      const inside = text.slice(at + 1, close);
      if (char === "`") commands.push(inside);
      add(char === "`" ? undefined : char === "'" ? readEscapes(inside) : inside);
      at = close + 1;
      continue;
    }
    const found = char === ":" ? readVariable(text, at, lookup) : undefined;
    if (found !== undefined && found.end <= end) {
      add(found.doubt === undefined ? found.value : undefined);
      at = found.end;
      continue;
    }
    add(char);
    at += 1;
  }
  return { word: { text: value, commands }, end: Math.min(at, end) };
}

function findClose(text: string, start: number, end: number, quote: string): number {
  for (let at = start + 1; at < end; at += 1) {
    if (quote === "'" && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (quote !== "'" || text[at + 1] !== quote) return at;
      at += 1;
    }
  }
  return end;
}

function readEscapes(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b", r: "\r", f: "\f" };
  return text
    .replaceAll("''", "'")
    .replaceAll(/\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|(.))/gis, (_all, hex, octal, char) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : octal !== undefined
          ? String.fromCharCode(Number.parseInt(octal, 8))
          : (named[char] ?? char),
    );
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
