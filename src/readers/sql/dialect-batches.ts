import { findRegion, findWordEnd, type Quoting } from "./lexicon.js";

/**
 * Transact-SQL: nothing has to stand between two statements (`USE shop DROP TABLE users`), so each verb outside
 * parentheses begins one, unless the word before says that it is part of another. `GO` on a line of its own ends a batch;
 * a batch that creates a procedure or a trigger is that body to its end.
 */
export function splitBatches(text: string, quoting: Quoting): readonly string[] {
  const found: string[] = [];
  let start = 0;
  let words: string[] = [];
  let depth = 0;
  let isBody = false;
  const split = (at: number, next: number) => {
    found.push(text.slice(start, at));
    start = next;
    words = [];
    depth = 0;
  };
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, quoting);
    const end = region?.end ?? findWordEnd(text, at);
    if (region !== undefined || end === at) {
      const char = text[at];
      if (region === undefined) depth += char === "(" ? 1 : char === ")" ? -1 : 0;
      if (region === undefined && char === ";" && !isBody) split(at, at + 1);
      else if (region?.kind !== "comment" && (char ?? "").trim() !== "") words = [...words.slice(0, 4), ""];
      at = Math.max(end, at + 1);
      continue;
    }
    const word = text.slice(at, end).toUpperCase();
    if (word === "GO" && isAlone(text, at, end)) {
      isBody = false;
      split(at, end);
    } else {
      const previous = words.at(-1) ?? "";
      if (!isBody && depth <= 0 && words.length > 0 && begins(word, previous, words[0] ?? "")) split(at, at);
      words = words.length > 4 ? [...words.slice(0, 4), word] : [...words, word];
      isBody ||= bodied.has(word) && /^(CREATE|ALTER)$/.test(words[0] ?? "") && words.length <= 4;
    }
    at = end;
  }
  return [...found, text.slice(start)];
}

function begins(word: string, previous: string, first: string): boolean {
  if (!verbs.has(word) || keepers.has(previous)) return false;
  if (first === "ALTER" && /^(DROP|ALTER)$/.test(word)) return false;
  if (first === "MERGE" && /^(INSERT|UPDATE|DELETE)$/.test(word)) return false;
  // GRANT SELECT, DELETE ON …
  return !(/^(GRANT|REVOKE|DENY)$/.test(first) && previous === "");
}

function isAlone(text: string, at: number, end: number): boolean {
  return (
    /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 40), at)) &&
    /^[ \t]*\d*[ \t]*;?[ \t]*\r?(\n|$)/.test(text.slice(end, end + 40))
  );
}

const verbs: ReadonlySet<string> = new Set(
  "ALTER BACKUP BEGIN BULK CREATE DBCC DECLARE DELETE DENY DROP ELSE END EXEC EXECUTE GRANT IF INSERT KILL MERGE PRINT RESTORE REVOKE SHUTDOWN TRUNCATE UPDATE USE WHILE".split(
    " ",
  ),
);
/** Behind these a verb is a part of the statement: ON DELETE CASCADE, FOR UPDATE, GRANT EXECUTE. */
const keepers: ReadonlySet<string> = new Set(
  "ON FOR AFTER OF THEN GRANT REVOKE DENY AS OR WITH EXPLAIN BEGIN ADD".split(" "),
);
const bodied: ReadonlySet<string> = new Set(["PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "VIEW"]);
