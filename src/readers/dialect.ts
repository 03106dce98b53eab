import type { Effect } from "../model/effect.js";
import { opaqueEffect } from "../model/effect.js";
import { readStatement } from "./dialect-statements.js";
import { type Server, sqlEffect } from "./sql-effects.js";
import { findRegion, findWordEnd, type Quoting, readTokens } from "./sql-lexicon.js";

/**
 * SQL that PostgreSQL's parser does not know: other engines, and texts it refuses. Only what the leading keywords say is
 * read; a statement that begins with an unknown word is opaque.
 */
export function readDialect(text: string, quoting: Quoting, server: Server): readonly Effect[] {
  return splitStatements(text, quoting).flatMap((statement): readonly Effect[] => {
    const tokens = readTokens(statement, quoting);
    if (tokens.length === 0) return [];
    const deeds = readStatement(tokens);
    if (typeof deeds !== "string") return deeds.map((deed) => sqlEffect(server, deed));
    return [opaqueEffect(server.tool, statement.trim().slice(0, 200), deeds)];
  });
}

/** At semicolons outside quotes; `DELIMITER //` of the mysql client changes the mark, a trigger's body keeps its own. */
function splitStatements(source: string, quoting: Quoting): readonly string[] {
  const text = quoting.hash ? openExecutableComments(source) : source;
  const found: string[] = [];
  let delimiter = ";";
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, quoting);
    const wordEnd = region === undefined ? findWordEnd(text, at) : at;
    if (region !== undefined) at = region.end;
    else if (wordEnd > at) {
      const isDirective = quoting.hash && text.slice(start, at).trim() === "";
      const directive = isDirective ? /^delimiter[ \t]+(\S+)[^\n]*/i.exec(text.slice(at)) : null;
      if (directive !== null) {
        delimiter = directive[1] ?? ";";
        start = at + directive[0].length;
      }
      at = directive === null ? wordEnd : start;
    } else if (text.startsWith(delimiter, at) && !opensBody(text.slice(start, at), quoting)) {
      found.push(text.slice(start, at));
      at += delimiter.length;
      start = at;
    } else at += 1;
  }
  return [...found, text.slice(start)];
}

/** MySQL runs what stands in a comment that begins with an exclamation mark, from a version on. */
function openExecutableComments(text: string): string {
  return text.replaceAll(/\/\*M?!\d*(.*?)\*\//gs, " $1 ");
}

/** SQLite: CREATE TRIGGER … BEGIN …; END */
function opensBody(text: string, quoting: Quoting): boolean {
  if (!quoting.bracket || !/^\s*create\s/i.test(text)) return false;
  const words = readTokens(text, quoting).filter((token) => token.kind === "word");
  return (
    words.slice(0, 3).some((token) => token.text === "TRIGGER") &&
    words.some((token) => token.text === "BEGIN") &&
    words.at(-1)?.text !== "END"
  );
}
