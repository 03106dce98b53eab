import type { Holes, StringForm } from "./syntax.js";

/** A part of a string: plain text, or code whose value stands there. */
export type Piece = string | { readonly code: string };

export interface Quoted {
  readonly pieces: readonly Piece[];
  /** Behind the closing quote. */
  readonly end: number;
}

/** The body of a string from `start` up to its closing quote; "" for a text that ends where the text ends. */
export function readQuoted(text: string, start: number, quote: string, form: StringForm): Quoted {
  const close = closing(quote);
  const nests = pairs[quote] !== undefined;
  const pieces: Piece[] = [];
  let plain = "";
  let depth = 0;
  let at = start;
  for (; at < text.length; ) {
    run.lastIndex = at;
    const simple = run.exec(text)?.[0];
    if (simple !== undefined) {
      plain += simple;
      at += simple.length;
      continue;
    }
    const letter = text.charAt(at);
    if (letter === "\\" && !(form.escapes === "none" && close !== "" && close.length === 1)) {
      const hole =
        form.holes === "slash" && text.charAt(at + 1) === "(" ? findHole(text, at, "slash") : undefined;
      if (hole === undefined) {
        const [value, length] =
          form.escapes === "none" ? [letter, 1] : readEscape(text, at, close, form.escapes);
        plain += value;
        at += length;
        continue;
      }
    } else if (letter === "\\") {
      // A raw string's backslash stays, and still guards its quote.
      plain += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (close !== "" && text.startsWith(close, at)) {
      if (depth === 0) break;
      depth -= 1;
    } else if (nests && letter === quote) depth += 1;
    const hole = form.holes === "none" ? undefined : findHole(text, at, form.holes);
    if (hole === undefined) {
      plain += letter;
      at += 1;
      continue;
    }
    if (hole.code === undefined) plain += hole.plain;
    else {
      if (plain !== "") pieces.push(plain);
      pieces.push({ code: hole.code });
      plain = "";
    }
    at = hole.end;
  }
  if (plain !== "" || pieces.length === 0) pieces.push(plain);
  return { pieces, end: Math.min(text.length, at + close.length) };
}

/** No quote begins with these, nor does a hole. */
const run = /[\w\s.,]+/y;

const pairs: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

function closing(quote: string): string {
  return /^\[=*\[$/.test(quote) ? quote.replaceAll("[", "]") : (pairs[quote] ?? quote);
}

function readEscape(
  text: string,
  at: number,
  close: string,
  escapes: "all" | "few",
): readonly [string, number] {
  const next = text.charAt(at + 1);
  if (escapes === "few") return next === "\\" || next === close ? [next, 2] : ["\\", 1];
  code.lastIndex = at;
  const [whole, hex, short, long, octal] = code.exec(text) ?? [];
  if (whole !== undefined) {
    const value =
      octal === undefined ? Number.parseInt(hex ?? short ?? long ?? "", 16) : Number.parseInt(octal, 8);
    return [value > 0x10ffff ? "" : String.fromCodePoint(value), whole.length];
  }
  return [letters[next] ?? next, 2];
}

const code = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|[uUx]\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3}))/y;
const letters: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  e: "\x1b",
  a: "\x07",
  "\n": "",
};

interface Hole {
  /** Undefined for what only looks like one: `plain` stands for it. */
  readonly code: string | undefined;
  readonly plain: string;
  readonly end: number;
}

function findHole(text: string, at: number, holes: Holes): Hole | undefined {
  const two = text.slice(at, at + 2);
  switch (holes) {
    case "dollar":
      if (two === "${") return between(text, at + 2, "{", "}");
      return undefined;
    case "hash":
      return two === "#{" ? between(text, at + 2, "{", "}") : undefined;
    case "slash":
      return two === "\\(" ? between(text, at + 2, "(", ")") : undefined;
    case "brace": {
      if (two === "{{" || two === "}}") return { code: undefined, plain: two.charAt(0), end: at + 2 };
      if (!two.startsWith("{")) return undefined;
      const hole = between(text, at + 1, "{", "}");
      return { ...hole, code: hole.code?.replace(/(?:![rsa])?(?::[^:'"()[\]]*)?$|=$/, "") };
    }
    case "sigil":
      return findSigil(text, at, two);
    case "variable":
      return two.startsWith("@") ? undefined : findSigil(text, at, two);
    default:
      return undefined;
  }
}

const variable = /[$@](?:\w+(?:(?:->)?(?:\[[^\]\n]*\]|\{[^}\n]*\}|->\w+))*|_)/y;

/** `$x`, `${x}`, `{$x->y}`, `$(f(x))`, `$x[0]`, `$ENV{HOME}`. */
function findSigil(text: string, at: number, two: string): Hole | undefined {
  if (two === "{$") return between(text, at + 1, "{", "}");
  if (two === "${" || two === "@{") {
    const hole = between(text, at + 2, "{", "}");
    return { ...hole, code: `$${hole.code ?? ""}` };
  }
  if (two === "$(") return between(text, at + 2, "(", ")");
  if (!/^[$@]\w/.test(two)) return undefined;
  variable.lastIndex = at;
  const found = variable.exec(text)?.[0];
  return found === undefined ? undefined : { code: found, plain: "", end: at + found.length };
}

function between(text: string, start: number, opens: string, closes: string): Hole {
  let depth = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === opens) depth += 1;
    if (letter === closes) {
      if (depth === 0) break;
      depth -= 1;
    }
  }
  return { code: text.slice(start, at), plain: "", end: Math.min(text.length, at + 1) };
}
