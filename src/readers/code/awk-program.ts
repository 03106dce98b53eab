import { type Arg, unknown } from "../../model/arg.js";
import { joinTexts } from "./values.js";

/** What an awk program gives to a shell: a text, and what it writes into it where that is a pipe. */
export interface AwkCommand {
  readonly text: Arg;
  /** Undefined where nothing is written into it. */
  readonly input: Arg | undefined;
}

/** What the program's names stand for; fields and names that are not here are its input's, or its own. */
export interface AwkValues {
  /** By name; an element as `ENVIRON["HOME"]` is found under `ENVIRON.HOME`. */
  readonly lookUp: (name: string) => Arg | undefined;
  /** `$0` first; undefined where the input is not known. */
  readonly fields: readonly string[] | undefined;
}

export const awkInput = "it comes from awk's input";

/** UTF-16 units of a program that is still looked through. */
export const longestProgram = 64 * 1024;

/** `system(…)`, `… | getline`, `print … | …`, wherever they stand. */
export function readAwkCommands(text: string, values: AwkValues): readonly AwkCommand[] {
  const tokens = readTokens(text);
  const place: Place = { tokens, values, own: ownNames(tokens), depth: 0, budget: { left: maxTerms } };
  return tokens.flatMap((token, at): readonly AwkCommand[] => {
    if (token.kind === "name" && token.text === "system" && tokens[at + 1]?.text === "(")
      return [{ text: evaluate(place, at + 2), input: undefined }];
    if (token.kind !== "symbol" || !/^\|&?$/.test(token.text)) return [];
    if (tokens[at + 1]?.text === "getline")
      return [{ text: evaluate(place, startOf(tokens, at)), input: undefined }];
    return [{ text: evaluate(place, at + 1), input: printed(place, at) }];
  });
}

/** By name, where the expression of its only assignment begins; undefined where it has several values on the way. */
function ownNames(tokens: readonly Token[]): Place["own"] {
  const own = new Map<string, number | undefined>();
  const change = (name: string, at: number | undefined) => own.set(name, own.has(name) ? undefined : at);
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== "name") return;
    const next = tokens[at + 1];
    if (next?.text === "=") change(text, at + 2);
    if (text === "getline" && next?.kind === "name") change(next.text, undefined);
    // `gsub(/X/, "", c)` writes what it is given last.
    const last = /^g?sub$/.test(text) && next?.text === "(" ? tokens[closeOf(tokens, at + 1) - 2] : undefined;
    if (last?.kind === "name") change(last.text, undefined);
  });
  return own;
}

interface Token {
  readonly kind: "text" | "name" | "number" | "field" | "pattern" | "symbol";
  readonly text: string;
}

const token =
  /"((?:[^"\\]|\\[\s\S])*)"|([A-Za-z_]\w*)|(\d[\w.]*)|(\$(?:\d+|\w+|\([^()]*\)))|(\\\n|[ \t\r]+|#[^\n]*)|(\|\||\|&|&&|==|!=|<=|>=|>>|\+\+|--|[+\-*/%^]=|[\s\S])/y;
const pattern = /\/(?:[^/\\\n]|\\.)*\//y;

function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const last = tokens.at(-1);
    // Behind a value a slash divides.
    const mayMatch = last === undefined || (last.kind === "symbol" && !/^[)\]]$/.test(last.text));
    pattern.lastIndex = at;
    const found = mayMatch ? pattern.exec(text)?.[0] : undefined;
    if (found !== undefined) {
      tokens.push({ kind: "pattern", text: found });
      at += found.length;
      continue;
    }
    token.lastIndex = at;
    const [whole = "x", quoted, name, digits, field, space, symbol] = token.exec(text) ?? [];
    at += whole.length;
    if (space !== undefined) continue;
    if (quoted !== undefined) tokens.push({ kind: "text", text: unquote(quoted) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (digits !== undefined) tokens.push({ kind: "number", text: digits });
    else if (field !== undefined) tokens.push({ kind: "field", text: field });
    else tokens.push({ kind: "symbol", text: symbol ?? "" });
  }
  return tokens;
}

/** `"\x72m"` and `"rm\040"` are texts like any other. */
export function unquote(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs,
    (_, hex?: string, octal?: string, letter = "") => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return letter === "n" ? "\n" : letter === "t" ? "\t" : letter;
    },
  );
}

interface Place {
  readonly tokens: readonly Token[];
  readonly values: AwkValues;
  readonly own: ReadonlyMap<string, number | undefined>;
  readonly depth: number;
  /** Shared by all places: names that stand for names would else never end. */
  readonly budget: { left: number };
}

const maxTerms = 20_000;
/** Further than this from a bar or a bracket nobody writes. */
const maxReach = 1_000;

/** Where the expression began that ends at a bar. */
function startOf(tokens: readonly Token[], bar: number): number {
  let depth = 0;
  for (let at = bar - 1; at >= Math.max(0, bar - maxReach); at -= 1) {
    const { kind, text } = tokens[at] ?? { kind: "symbol", text: ";" };
    if (kind !== "symbol") continue;
    if (/^[)\]]$/.test(text)) depth += 1;
    else if (depth > 0 && /^[([]$/.test(text)) depth -= 1;
    else if (depth === 0 && /^([;{}\n(,!=]|&&|\|\|)$/.test(text)) return at + 1;
  }
  return 0;
}

/** What the `print` in front of a bar writes. */
function printed(place: Place, bar: number): Arg {
  const { tokens } = place;
  let at = bar - 1;
  while (at > Math.max(0, bar - maxReach) && !/^printf?$/.test(tokens[at]?.text ?? "")) at -= 1;
  const next = tokens[at + 1];
  if (at + 1 === bar) return termOf(place, { kind: "field", text: "$0" }, at).value;
  return evaluate(place, next?.text === "(" && tokens[bar - 1]?.text === ")" ? at + 2 : at + 1);
}

/** Texts that stand beside each other are joined; what is no text ends it. */
function evaluate(place: Place, start: number): Arg {
  if (place.depth > 12 || place.budget.left <= 0) return made("…");
  const inner = { ...place, depth: place.depth + 1 };
  let value: Arg | undefined;
  for (let at = start; at < place.tokens.length; ) {
    const token = place.tokens[at];
    if (token === undefined || (token.kind === "symbol" && token.text !== "(") || token.text === "getline")
      break;
    place.budget.left -= 1;
    if (place.budget.left <= 0) break;
    const one = termOf(inner, token, at);
    value = value === undefined ? one.value : joinTexts(value, one.value);
    at = one.end;
  }
  return value ?? made("…");
}

function made(source: string): Arg {
  return unknown(source, "a value that the program makes");
}

function termOf(
  place: Place,
  { kind, text }: Token,
  at: number,
): { readonly value: Arg; readonly end: number } {
  const next = place.tokens[at + 1]?.text;
  const opens = next === "(" || next === "[";
  const end =
    text === "("
      ? closeOf(place.tokens, at)
      : opens && kind === "name"
        ? closeOf(place.tokens, at + 1)
        : at + 1;
  switch (kind) {
    case "text":
    case "number":
      return { value: text, end: at + 1 };
    case "field":
      return { value: fieldOf(place.values, text), end: at + 1 };
    case "symbol":
      return { value: evaluate(place, at + 1), end };
    case "name":
      return { value: nameOf(place, text, at, next), end };
    default:
      return { value: made(text), end: at + 1 };
  }
}

function fieldOf({ fields }: AwkValues, text: string): Arg {
  const number = Number(text.slice(1));
  const field = Number.isInteger(number) ? fields?.[number] : undefined;
  return field ?? (fields !== undefined && Number.isInteger(number) ? "" : unknown(text, awkInput));
}

function nameOf(place: Place, name: string, at: number, next: string | undefined): Arg {
  const { tokens, values, own } = place;
  if (next === "[") {
    const key = evaluate(place, at + 2);
    return values.lookUp(`${name}.${typeof key === "string" ? key : ""}`) ?? made(name);
  }
  if (next === "(" && name === "sprintf") {
    const format = evaluate(place, at + 2);
    const text = typeof format === "string" ? format : format.prefix;
    const hole = text.indexOf("%");
    return hole < 0 ? format : unknown(text, awkInput, text.slice(0, hole));
  }
  if (next === "(" || tokens[at - 1]?.text === "getline") return made(name);
  const given = values.lookUp(name);
  if (!own.has(name)) return given ?? made(name);
  const start = own.get(name);
  // `awk -v c=ls 'BEGIN { c = "/bin/rm …"; system(c) }'`: the given one does not last.
  return start === undefined || given !== undefined ? made(name) : evaluate(place, start);
}

function closeOf(tokens: readonly Token[], opens: number): number {
  let depth = 0;
  for (let at = opens; at < Math.min(tokens.length, opens + maxReach); at += 1) {
    const { kind, text } = tokens[at] ?? { kind: "symbol", text: "" };
    if (kind !== "symbol") continue;
    if (/^[([]$/.test(text)) depth += 1;
    if (/^[)\]]$/.test(text)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}
