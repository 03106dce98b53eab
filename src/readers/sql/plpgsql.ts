import { findRegion, findWordEnd, postgresQuoting } from "./lexicon.js";

/** One thing that a body of PL/pgSQL does. `run`: an expression whose value is executed as SQL. */
export interface BodyPart {
  readonly kind: "statement" | "expression" | "run";
  readonly text: string;
}

/**
 * Takes a body apart where its semicolons and the words of its control structures stand. What a part means, PostgreSQL's
 * own parser says; a part that is cut wrongly does not parse, and is asked about when it holds a strong word.
 */
export function readBody(body: string): readonly BodyPart[] {
  const parts: BodyPart[] = [];
  let isDeclaring = false;
  for (const chunk of splitChunks(body)) {
    let rest = chunk;
    for (;;) {
      const [first, after] = leading(rest);
      if (first === "BEGIN") isDeclaring = false;
      if (first === "DECLARE") isDeclaring = true;
      const taken: { readonly parts: readonly BodyPart[]; readonly rest: string } | undefined = isDeclaring
        ? { parts: readDeclaration(first === "DECLARE" ? after : rest), rest: "" }
        : readControl(first, rest, after);
      if (taken === undefined) break;
      parts.push(...taken.parts);
      rest = taken.rest;
      if (rest.trim() === "") break;
    }
    if (rest.trim() !== "") parts.push(...readPlain(rest));
  }
  return parts;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words outside quotes and parentheses, in upper case. */
function outerWords(text: string): readonly Word[] {
  const found: Word[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, postgresQuoting);
    const end = region === undefined ? findWordEnd(text, at) : at;
    if (region === undefined && end > at && depth === 0)
      found.push({ text: text.slice(at, end).toUpperCase(), start: at, end });
    if (region === undefined && text[at] === "(") depth += 1;
    if (region === undefined && text[at] === ")") depth -= 1;
    at = region?.end ?? Math.max(end, at + 1);
  }
  return found;
}

function splitChunks(body: string): readonly string[] {
  const chunks: string[] = [];
  let start = 0;
  for (let at = 0; at < body.length; ) {
    const region = findRegion(body, at, postgresQuoting);
    if (region === undefined && body[at] === ";") {
      chunks.push(body.slice(start, at));
      start = at + 1;
    }
    // Word by word: the last letter of a name in front of a quote is no `e'…'`.
    at = region?.end ?? Math.max(findWordEnd(body, at), at + 1);
  }
  return [...chunks, body.slice(start)];
}

/** The first word, and what stands behind it; comments and `<<labels>>` are passed over. */
function leading(text: string): readonly [first: string, after: string] {
  for (let at = 0; at < text.length; ) {
    const region = findRegion(text, at, postgresQuoting);
    if (region?.kind === "comment") at = region.end;
    else if (/\s/.test(text[at] ?? "")) at += 1;
    else if (text.startsWith("<<", at)) at = Math.max(text.indexOf(">>", at) + 2, at + 2);
    else {
      const end = findWordEnd(text, at);
      return [text.slice(at, end).toUpperCase(), text.slice(end)];
    }
  }
  return ["", ""];
}

type Taken = { readonly parts: readonly BodyPart[]; readonly rest: string } | undefined;

/** A word that opens or parts a structure, with its condition; undefined when a statement begins here. */
function readControl(first: string, chunk: string, after: string): Taken {
  switch (first) {
    case "BEGIN":
    case "ELSE":
    case "LOOP":
    case "EXCEPTION":
      return { parts: [], rest: after };
    case "END":
    case "NULL":
    case "EXIT":
    case "CONTINUE":
    case "GET":
    case "CLOSE":
      return { parts: [], rest: "" };
    case "IF":
    case "ELSIF":
    case "ELSEIF":
    case "WHEN":
      return until(after, "THEN", expression);
    case "CASE":
      return until(after, "WHEN", expression, true);
    case "WHILE":
      return until(after, "LOOP", expression);
    case "FOR":
    case "FOREACH": {
      const source = outerWords(after).find(({ text }) => text === "IN");
      return source === undefined
        ? undefined
        : until(after.slice(source.end).replace(/^\s*(array|reverse)\b/i, ""), "LOOP", readSource);
    }
    default:
      return chunk.trim() === "" ? { parts: [], rest: "" } : undefined;
  }
}

/** Up to the word that ends the condition; a CASE inside it has words of its own. */
function until(
  text: string,
  mark: string,
  read: (text: string) => readonly BodyPart[],
  keepMark = false,
): Taken {
  let cases = 0;
  for (const word of outerWords(text)) {
    if (word.text === "CASE") cases += 1;
    else if (word.text === "END" && cases > 0) cases -= 1;
    else if (word.text === mark && cases === 0)
      return { parts: read(text.slice(0, word.start)), rest: text.slice(keepMark ? word.start : word.end) };
  }
  return undefined;
}

function expression(text: string): readonly BodyPart[] {
  return text.trim() === "" ? [] : [{ kind: "expression", text }];
}

/** A query or `EXECUTE …` where one is wanted; else an expression. */
function readSource(text: string): readonly BodyPart[] {
  const [first, after] = leading(text);
  if (first === "EXECUTE") return [readExecute(after)];
  if (queries.has(first)) return [{ kind: "statement", text }];
  return text.includes("..") ? text.split("..").flatMap(expression) : expression(text);
}

function readExecute(text: string): BodyPart {
  const stop = outerWords(text).find((word) => word.text === "INTO" || word.text === "USING");
  return { kind: "run", text: stop === undefined ? text : text.slice(0, stop.start) };
}

/** `name type := expression`, `name CURSOR (…) FOR query` */
function readDeclaration(text: string): readonly BodyPart[] {
  const words = outerWords(text);
  const cursor = words.findIndex((word) => word.text === "CURSOR");
  const query = words.slice(cursor).find((word) => word.text === "FOR" || word.text === "IS");
  if (cursor > 0 && query !== undefined) return readSource(text.slice(query.end));
  const value = /:=|=|\bdefault\b/i.exec(text);
  return value === null ? [] : expression(text.slice(value.index + value[0].length));
}

function readPlain(text: string): readonly BodyPart[] {
  const [first, after] = leading(text);
  switch (first) {
    case "EXECUTE":
      return [readExecute(after)];
    case "PERFORM":
      return [{ kind: "statement", text: `SELECT ${after}` }];
    case "ASSERT":
    case "RAISE":
      return [];
    case "OPEN": {
      const source = outerWords(after).find((word) => word.text === "FOR");
      return source === undefined ? [] : readSource(after.slice(source.end));
    }
    case "RETURN": {
      const [second, value] = leading(after);
      return second === "QUERY" ? readSource(value) : expression(second === "NEXT" ? value : after);
    }
    default: {
      const assigned = /^\s*[\w$.[\]"]+\s*:?=(?!=)/u.exec(text);
      if (assigned !== null) return expression(text.slice(assigned[0].length));
      return [{ kind: "statement", text }];
    }
  }
}

const queries: ReadonlySet<string> = new Set([
  "SELECT",
  "WITH",
  "VALUES",
  "TABLE",
  "INSERT",
  "UPDATE",
  "DELETE",
  "MERGE",
]);

/** `SELECT a INTO STRICT b FROM c`, `DELETE … RETURNING id INTO x`: without the variables, for the parser. */
export function withoutInto(text: string): string {
  const words = outerWords(text);
  const from = /^(INSERT|MERGE)$/.test(words[0]?.text ?? "")
    ? words.findIndex((word) => word.text === "RETURNING")
    : 0;
  const into = from < 0 ? undefined : words.slice(from).find((word) => word.text === "INTO");
  if (into === undefined) return text;
  const names = /^\s*(?:strict\s+)?[\w$."[\]]+(?:\s*,\s*[\w$."[\]]+)*/i.exec(text.slice(into.end));
  return `${text.slice(0, into.start)} ${text.slice(into.end + (names?.[0].length ?? 0))}`;
}
