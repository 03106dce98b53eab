import { splitBatches } from "./dialect-batches.js";
import { findRegion, findWordEnd, type Quoting } from "./lexicon.js";

/** At semicolons outside quotes; `DELIMITER //` of the mysql client changes the mark, a trigger's body keeps its own. */
export function splitStatements(source: string, quoting: Quoting, engine: string): readonly string[] {
  if (engine === "sqlserver") return splitBatches(source, quoting);
  const isMysql = quoting.hash;
  const text = isMysql ? openExecutableComments(source) : source;
  const found: string[] = [];
  let delimiter = ";";
  let start = 0;
  let seen = new Seen();
  const split = (at: number, next: number): number => {
    found.push(text.slice(start, at));
    start = next;
    seen = new Seen();
    return next;
  };
  for (let at = 0; at < text.length; ) {
    if (delimiter === ";") {
      plain.lastIndex = at;
      if (plain.test(text)) {
        if (text.slice(at, plain.lastIndex).trim() !== "") seen.note("");
        at = plain.lastIndex;
        continue;
      }
    }
    const region = findRegion(text, at, quoting);
    if (region !== undefined) {
      if (region.kind !== "comment") seen.note("");
      at = region.end;
      continue;
    }
    const wordEnd = findWordEnd(text, at);
    if (wordEnd > at) {
      const word = text.slice(at, wordEnd).toUpperCase();
      const mark = isMysql && seen.isEmpty() && word === "DELIMITER" ? delimiterAt(text, at) : undefined;
      delimiter = mark?.delimiter ?? delimiter;
      if (mark === undefined) seen.note(word);
      else start = mark.end;
      at = mark?.end ?? wordEnd;
    } else if (text.startsWith(delimiter, at) && (isMysql || !seen.isInBody()))
      at = split(at, at + delimiter.length);
    // The mysql client ends a statement at `\G` as at a semicolon.
    else if (isMysql && text[at] === "\\" && /[gG]/.test(text[at + 1] ?? "")) at = split(at, at + 2);
    else {
      if ((text[at] ?? "").trim() !== "") seen.note("");
      at += 1;
    }
  }
  return [...found, text.slice(start)];
}

/** What begins no word, no quote, no comment, and ends nothing. */
const plain = /[\s\d(),.=<>+*%!&|^~?:@{}\]]+/y;

/** What has stood in the statement so far, as far as it tells where the statement ends. */
class Seen {
  readonly #first: string[] = [];
  #depth = 0;

  note(word: string): void {
    if (this.#first.length < 8) this.#first.push(word);
    if (word === "BEGIN" || (word === "CASE" && this.#depth > 0)) this.#depth += 1;
    if (word === "END" && this.#depth > 0) this.#depth -= 1;
  }

  isEmpty(): boolean {
    return this.#first.length === 0;
  }

  /** CREATE TRIGGER … BEGIN …; END */
  isInBody(): boolean {
    return this.#depth > 0 && this.#first[0] === "CREATE" && this.#first.some((word) => bodied.has(word));
  }
}

const bodied: ReadonlySet<string> = new Set(["TRIGGER", "PROCEDURE", "FUNCTION", "PACKAGE", "EVENT"]);

function delimiterAt(
  text: string,
  at: number,
): { readonly delimiter: string; readonly end: number } | undefined {
  const lineEnd = text.indexOf("\n", at);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const words = text.slice(at + "delimiter".length, Math.min(end, at + 200)).trim();
  const delimiter = /^\S+/.exec(words)?.[0];
  return delimiter === undefined ? undefined : { delimiter, end };
}

/** MySQL runs what stands in a comment that begins with an exclamation mark, from a version on. */
function openExecutableComments(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  const opening = /\/\*M?!\d*/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const close = text.indexOf("*/", opening.lastIndex);
    if (close < 0) break;
    pieces.push(text.slice(from, found.index), " ", text.slice(opening.lastIndex, close), " ");
    from = close + 2;
    opening.lastIndex = from;
  }
  return [...pieces, text.slice(from)].join("");
}
