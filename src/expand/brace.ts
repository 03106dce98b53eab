/**
 * `a{b,c}d{1..3}` → the texts of the words it stands for, still with their quotes and `$`; undefined above `cap`.
 * https://www.gnu.org/software/bash/manual/html_node/Brace-Expansion.html
 */
export function expandBraces(text: string, cap: number): readonly string[] | undefined {
  const brace = findBrace(text);
  if (brace === undefined) return [text];
  const tails = expandBraces(text.slice(brace.end), cap);
  const heads = expandMiddle(brace, cap);
  if (tails === undefined || heads === undefined || heads.length * tails.length > cap) return undefined;
  const before = text.slice(0, brace.begin);
  return heads.flatMap((head) => tails.map((tail) => before + head + tail));
}

interface Brace {
  readonly begin: number;
  /** After the closing brace. */
  readonly end: number;
  readonly choices: readonly string[];
}

function expandMiddle(brace: Brace, cap: number): readonly string[] | undefined {
  const only = brace.choices[0];
  if (brace.choices.length === 1 && only !== undefined) return expandSequence(only, cap);
  const all: string[] = [];
  for (const choice of brace.choices) {
    const some = expandBraces(choice, cap);
    if (some === undefined || all.length + some.length > cap) return undefined;
    for (const one of some) all.push(one);
  }
  return all;
}

/** The first brace that does expand: it has a comma or is a sequence. */
function findBrace(text: string): Brace | undefined {
  for (let at = 0; at < text.length; ) {
    if (text[at] === "{") {
      const brace = readBrace(text, at);
      if (brace !== undefined) return brace;
      at += 1;
    } else at = skipOne(text, at);
  }
  return undefined;
}

function readBrace(text: string, begin: number): Brace | undefined {
  const choices: string[] = [];
  let depth = 0;
  let from = begin + 1;
  for (let at = begin + 1; at < text.length; ) {
    const char = text.charAt(at);
    if (char === "{") depth += 1;
    if (char === "," && depth === 0) {
      choices.push(text.slice(from, at));
      from = at + 1;
    }
    if (char === "}") {
      if (depth === 0) {
        const last = text.slice(from, at);
        if (choices.length === 0 && !sequence.test(last)) return undefined;
        return { begin, end: at + 1, choices: [...choices, last] };
      }
      depth -= 1;
    }
    at = char === "{" ? at + 1 : skipOne(text, at);
  }
  return undefined;
}

const sequence = /^(?:(-?\d+)\.\.(-?\d+)|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d+))?$/;

function expandSequence(text: string, cap: number): readonly string[] | undefined {
  const found = sequence.exec(text);
  if (found === null) return undefined;
  const [, low, high, first, last, by] = found;
  const letters = first !== undefined && last !== undefined;
  const from = letters ? first.charCodeAt(0) : Number(low);
  const to = letters ? last.charCodeAt(0) : Number(high);
  const size = Math.max(1, Math.abs(Number(by ?? "1")));
  if (Math.abs(to - from) / size >= cap) return undefined;
  const width = letters ? 0 : paddedWidth(low ?? "", high ?? "");
  const all: string[] = [];
  for (let n = 0; n <= Math.abs(to - from); n += size) {
    const value = from < to ? from + n : from - n;
    all.push(letters ? String.fromCharCode(value) : pad(value, width));
  }
  return all;
}

function paddedWidth(...ends: readonly string[]): number {
  return ends.some((end) => /^-?0\d/.test(end)) ? Math.max(...ends.map((end) => end.length)) : 0;
}

function pad(value: number, width: number): string {
  const digits = String(Math.abs(value));
  return value < 0 ? `-${digits.padStart(width - 1, "0")}` : digits.padStart(width, "0");
}

/** Past one character, or past a whole quotation or expansion: braces inside of those are not ours. */
function skipOne(text: string, at: number): number {
  const char = text[at];
  if (char === "\\") return at + 2;
  if (char === "'") return after(text, "'", at + 1);
  if (char === "`") return skipTo(text, at + 1, "`");
  if (char === '"') return skipTo(text, at + 1, '"');
  if (char === "$" && text[at + 1] === "{") return skipTo(text, at + 2, "}");
  if (char === "$" && text[at + 1] === "'") return skipTo(text, at + 2, "'");
  if (char !== undefined && "$<>".includes(char) && text[at + 1] === "(") return skipTo(text, at + 2, ")");
  return at + 1;
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + 1;
}

function skipTo(text: string, from: number, end: string): number {
  let at = from;
  while (at < text.length && text[at] !== end) {
    if (end === ")" && text[at] === "(") at = skipTo(text, at + 1, ")");
    else if (end === "'" || (end === '"' && text[at] === "'")) at += text[at] === "\\" ? 2 : 1;
    else at = skipOne(text, at);
  }
  return at + 1;
}
