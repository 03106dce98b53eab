import type { Deed } from "./effects.js";
import type { Quoting, Token } from "./lexicon.js";

/** One statement of a dialect: its tokens, and the words among them (empty where no word stands). */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly engine: string;
  readonly quoting: Quoting;
}

/** What a statement does; a reason when its words say too little. */
export type StatementReader = (statement: Statement) => readonly Deed[] | string;

/** `a.b, c` from `start` on. */
export function readNames(tokens: readonly Token[], start: number): readonly string[] {
  const names: string[] = [];
  let name = "";
  for (const { kind, text, raw } of tokens.slice(start, start + 400)) {
    if (kind === "word" && name === "" && nameModifiers.has(text)) continue;
    if (kind === "symbol" && text === ",") {
      names.push(name);
      name = "";
    } else if (kind === "symbol" && text === ".") name += ".";
    else if (
      (kind === "symbol" && !/[\w#@$*-]/.test(text)) ||
      (name !== "" && !/[.#@$]$/.test(name) && kind !== "symbol")
    )
      break;
    else name += raw;
  }
  return name === "" && names.length > 0 ? names : [...names, name];
}

export function nameAfter({ tokens, words }: Statement, word: string, otherwise: number): string {
  const at = words.indexOf(word);
  return readNames(tokens, at < 0 ? otherwise : at + 1)[0] ?? "";
}

export function skipWords(words: readonly string[], start: number, skipped: ReadonlySet<string>): number {
  let at = start;
  while (skipped.has(words[at] ?? "")) at += 1;
  return at;
}

/**
 * A WHERE or LIMIT that holds something back. An agent told that a DELETE needs a WHERE writes `WHERE 1=1`,
 * `WHERE id = id`, `WHERE id IS NOT NULL`.
 */
export function isRestricted({ tokens, words }: Statement): boolean {
  const where = words.indexOf("WHERE");
  if (words.includes("LIMIT", where + 1)) return true;
  if (where < 0) return words.includes("TOP") && words.indexOf("TOP") < 3;
  const end = words.findIndex((word, index) => index > where && after.has(word));
  const condition = tokens.slice(where + 1, end < 0 ? where + 200 : end);
  const ors = splitAt(condition, "OR");
  return !ors.some((part) => splitAt(part, "AND").every(isAlwaysTrue));
}

export function showTokens(tokens: readonly Token[]): string {
  return tokens
    .slice(1, 60)
    .map((token) => token.raw)
    .join(" ")
    .slice(0, 120);
}

const nameModifiers: ReadonlySet<string> = new Set(["IF", "EXISTS", "NOT", "ONLY", "CONCURRENTLY", "TABLE"]);
const after: ReadonlySet<string> = new Set(["ORDER", "RETURNING", "SETTINGS", "OPTION"]);

function splitAt(tokens: readonly Token[], word: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "symbol") depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
    if (depth === 0 && token.kind === "word" && token.text === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function isAlwaysTrue(part: readonly Token[]): boolean {
  const [first, last] = [part[0], part.at(-1)];
  if (first?.text === "(" && last?.text === ")" && part.length > 2 && first.kind === "symbol")
    return splitAt(part.slice(1, -1), "OR").some((one) => splitAt(one, "AND").every(isAlwaysTrue));
  const text = part.map(({ kind, text: word }) => (kind === "text" ? `'${word}'` : word)).join(" ");
  if (text.length > 200) return false;
  const plain = text.replaceAll(/(?<=\d) (?=\d)/g, "").replaceAll(/([<>!]) (?=[=>])/g, "$1");
  if (/^('?1'?|TRUE|NOT (FALSE|0))$/i.test(plain) || /IS NOT NULL$/i.test(plain)) return true;
  const [, left = "", operator = "", right = ""] =
    /^(\S+(?: \. \S+)*) (=|==|<=|>=|<>|!=|<|>|LIKE) (.+)$/i.exec(plain) ?? [];
  if (left === "") return false;
  if (left.toUpperCase() === right.toUpperCase()) return /^(=|==|<=|>=|LIKE)$/i.test(operator);
  if (/^LIKE$/i.test(operator)) return /^'%+'$/.test(right);
  const isConstant = (one: string) => /^(\d+|'[^']*')$/.test(one);
  return isConstant(left) && isConstant(right) && !/^={1,2}$/.test(operator);
}
