/** A word of fish, in bash's spelling. `plain`: its text, when it is nothing but letters as they stand. */
export interface FishWord {
  readonly text: string;
  readonly plain: string | undefined;
  readonly end: number;
}

/** Where the text cannot be what fish would take. */
export class FishError extends Error {}

/** The word at `from`, up to a blank, an operator or the end. `translate` is for the commands inside `( )`. */
export function readFishWord(source: string, from: number, translate: (text: string) => string): FishWord {
  let text = "";
  let isPlain = true;
  let at = from;
  while (at < source.length && !/[\s;|&<>)]/.test(source.charAt(at))) {
    const [piece, end, isLetter] = readPiece(source, at, translate);
    text += piece;
    isPlain &&= isLetter;
    at = end;
  }
  return { text, plain: isPlain ? source.slice(from, at) : undefined, end: at };
}

/** Nothing is known of it: an indirect name that nobody ever set. */
export const unforeseen = `"\${!__fish}"`;

type Piece = readonly [text: string, end: number, isLetter: boolean];

function readPiece(source: string, at: number, translate: (text: string) => string): Piece {
  const character = source.charAt(at);
  switch (character) {
    case "'":
      return readSingle(source, at);
    case '"':
      return readDouble(source, at, translate);
    case "$":
      return readDollar(source, at, false, translate);
    case "(": {
      const end = closing(source, at);
      return [...readSubstitution(source.slice(at + 1, end), source, end, translate), false];
    }
    case "\\": {
      const [value, end] = readEscape(source, at);
      return [value === "" ? "" : quote(value), end, false];
    }
    case "*":
      // "**" goes down folders, which bash's own does not.
      return source.startsWith("**", at) ? [unforeseen, at + 2, false] : ["*", at + 1, false];
    case "{":
      if (/^\{\s/.test(source.slice(at, at + 2))) throw new FishError(`a block in braces at ${at}`);
      return ["{", at + 1, false];
    default:
      // "[", "!", "`" and the like are letters to fish.
      return /[\w@%+=:,./~?}-]/.test(character)
        ? [character, at + 1, !/[~?}]/.test(character)]
        : [quote(character), at + 1, /[[\]!]/.test(character)];
  }
}

function readSingle(source: string, from: number): Piece {
  let value = "";
  for (let at = from + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === "'") return [quote(value), at + 1, false];
    if (character === "\\" && /['\\]/.test(source.charAt(at + 1))) at += 1;
    value += source.charAt(at);
  }
  throw new FishError(`an open single quote at ${from}`);
}

function readDouble(source: string, from: number, translate: (text: string) => string): Piece {
  let text = '"';
  for (let at = from + 1; at < source.length; ) {
    const character = source.charAt(at);
    if (character === '"') return [`${text}"`, at + 1, false];
    if (character === "$") {
      const [piece, end] = readDollar(source, at, true, translate);
      text += piece;
      at = end;
    } else if (character === "\\" && /["$\\\n]/.test(source.charAt(at + 1))) {
      text += source.charAt(at + 1) === "\n" ? "" : `\\${source.charAt(at + 1)}`;
      at += 2;
    } else {
      text += /[`\\]/.test(character) ? `\\${character}` : character;
      at += 1;
    }
  }
  throw new FishError(`an open double quote at ${from}`);
}

/** `$name`, `$name[2]`, `$$name`, `$(commands)`. A list is a word an element, and none where it is empty. */
function readDollar(
  source: string,
  at: number,
  inQuotes: boolean,
  translate: (text: string) => string,
): Piece {
  const hole = inQuotes ? unforeseen.slice(1, -1) : unforeseen;
  if (source.charAt(at + 1) === "(") {
    const end = closing(source, at + 1);
    return [...readSubstitution(source.slice(at + 2, end), source, end, translate), false];
  }
  const [all = "", dollars = "", name = ""] = /^(\$+)(\w+)/.exec(source.slice(at)) ?? [];
  if (name === "") throw new FishError(`a "$" without a name at ${at}`);
  const [index = ""] = /^(\[[^\]\s]*\])+/.exec(source.slice(at + all.length)) ?? [];
  const end = at + all.length + index.length;
  const value = dollars.length > 1 ? undefined : variable(name, index, inQuotes);
  return [value === undefined ? hole : inQuotes ? value : `"${value}"`, end, false];
}

function variable(name: string, index: string, inQuotes: boolean): string | undefined {
  const [, digits] = /^\[(\d+)\]$/.exec(index) ?? [];
  if (index !== "" && (digits === undefined || digits === "0")) return undefined;
  if (name === "argv") return digits === undefined ? (inQuotes ? "$*" : "$@") : `\${${digits}}`;
  if (name === "status" && index === "") return "$?";
  if (name === "fish_pid" && index === "") return "$$";
  if (name === "pipestatus" || name === "history") return undefined;
  if (digits !== undefined) return `\${${name}[${Number(digits) - 1}]}`;
  return inQuotes ? `\${${name}[*]}` : `\${${name}[@]}`;
}

/** `(commands)[2]`; `(commands | psub)` is a file. */
function readSubstitution(
  inside: string,
  source: string,
  close: number,
  translate: (text: string) => string,
): readonly [string, number] {
  const [index = ""] = /^\[[^\]\s]*\]/.exec(source.slice(close + 1)) ?? [];
  const end = close + 1 + index.length;
  const [, file] = /^([\s\S]*)\|\s*psub(?:\s+-[\w-]+)*\s*$/.exec(inside) ?? [];
  if (file !== undefined) return [`<(${translate(file)})`, end];
  // What an index takes of it is not known, but that it runs is.
  return [index === "" ? `$(${translate(inside)}\n)` : `$(${translate(inside)}\n)\${!__fish}`, end];
}

/** Of the parenthesis at `open`, past quotes, escapes and comments. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === "\\") at += 1;
    else if (character === "'") at = readSingle(source, at)[1] - 1;
    else if (character === '"') at = readDouble(source, at, () => "")[1] - 1;
    else if (character === "#" && /[\s;(]/.test(source.charAt(at - 1))) {
      const line = source.indexOf("\n", at);
      if (line < 0) break;
      at = line;
    } else if (character === "(") depth += 1;
    else if (character === ")") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new FishError(`an open parenthesis at ${open}`);
}

const controls: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** https://fishshell.com/docs/current/language.html#escaping-characters */
function readEscape(source: string, at: number): readonly [value: string, end: number] {
  const next = source.charAt(at + 1);
  if (next === "") throw new FishError("a backslash at the end");
  if (next === "\n") return ["", at + 2];
  const [all = "", hex, octal] =
    /^\\(?:[xX]([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8}))/.exec(source.slice(at)) ?? [];
  const digits = hex ?? octal ?? /[\da-fA-F]+$/.exec(all)?.[0];
  if (all !== "" && digits !== undefined) return [character(Number.parseInt(digits, 16)), at + all.length];
  const [eight = ""] = /^[0-7]{1,3}/.exec(source.slice(at + 1)) ?? [];
  if (eight !== "") return [character(Number.parseInt(eight, 8)), at + 1 + eight.length];
  if (next === "c") return [character(source.charCodeAt(at + 2) % 32), at + 3];
  return [controls[next] ?? next, at + 2];
}

function character(code: number): string {
  if (code === 0 || code > 0x10ffff) throw new FishError("an escape that is no character");
  return String.fromCodePoint(code);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
