import { findRegion, findWordEnd, postgresQuoting } from "../sql/lexicon.js";

/** `\copy`, taken apart: what the server gets, and what psql itself runs or writes. */
export interface CopyParts {
  readonly sql: string;
  readonly program: string | undefined;
  readonly written: string | undefined;
}

/** https://www.postgresql.org/docs/current/app-psql.html, \copy. Undefined when it has no FROM or TO. */
export function readCopy(rest: string): CopyParts | undefined {
  const direction = findDirection(rest);
  if (direction === undefined) return undefined;
  const what = rest.slice(0, direction.start).trim();
  const isFrom = direction.word === "from";
  const after = rest.slice(direction.end).trim();
  const sql = `COPY ${what} ${isFrom ? "FROM STDIN" : "TO STDOUT"}`;
  const program = /^program\s+'((?:[^']|'')*)'/i.exec(after)?.[1];
  if (program !== undefined) return { sql, program: program.replaceAll("''", "'"), written: undefined };
  const quoted = /^'((?:[^']|'')*)'/.exec(after)?.[1];
  const file = quoted?.replaceAll("''", "'") ?? /^[^\s;]+/.exec(after)?.[0] ?? "";
  const isStream = quoted === undefined && /^p?std(in|out)$/i.test(file);
  return { sql, program: undefined, written: isFrom || isStream ? undefined : file };
}

function findDirection(
  text: string,
): { readonly word: string; readonly start: number; readonly end: number } | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, postgresQuoting);
    const wordEnd = findWordEnd(text, at);
    if (region === undefined && wordEnd > at) {
      const word = text.slice(at, wordEnd).toLowerCase();
      if (depth === 0 && (word === "from" || word === "to")) return { word, start: at, end: wordEnd };
    }
    if (region === undefined && text[at] === "(") depth += 1;
    if (region === undefined && text[at] === ")") depth -= 1;
    at = region?.end ?? Math.max(wordEnd, at + 1);
  }
  return undefined;
}
