import { type Cursor, isBreak, maxDepth, skipNewlines, sourceOf, symbolAt, textOf } from "./cursor.js";
import { makeCall } from "./make.js";
import { syntaxes } from "./syntax.js";
import { type CodeToken, readTokens } from "./tokens.js";
import { type CodeValue, hiddenValue, joinValues, listValue, textValue } from "./values.js";

export function readString(cursor: Cursor, token: CodeToken): CodeValue {
  const { state } = cursor;
  const start = cursor.at;
  cursor.at += 1;
  if (token.kind === "words") {
    const words = token.pieces.flatMap((piece) => (typeof piece === "string" ? piece.split(/\s+/) : []));
    return listValue(words.filter((word) => word !== "").map((word) => textValue(word)));
  }
  let value = readPieces(cursor, token);
  // Python and C join strings that stand beside each other.
  for (let next = cursor.tokens[cursor.at]; state.language === "python"; next = cursor.tokens[cursor.at]) {
    if (next?.kind === "newline" && cursor.nest > 0 && cursor.tokens[cursor.at + 1]?.kind === "text") {
      cursor.at += 1;
      continue;
    }
    if (next?.kind !== "text") break;
    cursor.at += 1;
    value = joinValues(value, readPieces(cursor, next));
  }
  if (token.kind === "command") return makeCall(cursor, "`", undefined, [value], new Map(), start);
  if (token.kind === "files") return makeCall(cursor, "glob", undefined, [value], new Map(), start);
  return value;
}

function readPieces(cursor: Cursor, { pieces, start }: CodeToken): CodeValue {
  const { state, notes, depth } = cursor;
  return pieces
    .map((piece): CodeValue => {
      if (typeof piece === "string") return textValue(piece);
      if (depth > maxDepth / 2) return hiddenValue(piece.code);
      const tokens = readTokens(piece.code, syntaxes[state.language]);
      const base = cursor.base ?? start;
      const value = state.readAll({
        state,
        tokens,
        text: piece.code,
        at: 0,
        nest: 0,
        depth: depth + 10,
        notes,
        base,
      });
      return value.kind === "text" ? value : hiddenValue(piece.code);
    })
    .reduce((left, right) => joinValues(left, right));
}

export function readGroup(cursor: Cursor, opens: string): CodeValue {
  const start = cursor.at;
  const { values, named } = readItems(cursor, opens);
  if (named.size > 0 && values.length === 0) return { kind: "fields", fields: named };
  const [first] = values;
  const isTuple = symbolAt(cursor, -2) === "," && cursor.state.language === "python";
  if (opens === "(" && values.length === 1 && first !== undefined && !isTuple) return first;
  // `(0, fs.rmSync)("x")`
  const isComma = opens === "(" && cursor.state.language === "javascript";
  if (isComma && symbolAt(cursor) === "(") return values.at(-1) ?? listValue([]);
  if (opens === "{" && !/^(python|lua|swift)$/.test(cursor.state.language))
    return values.at(-1) ?? hiddenValue(sourceOf(cursor, start));
  return listValue(values);
}

export interface Items {
  readonly values: readonly CodeValue[];
  readonly named: ReadonlyMap<string, CodeValue>;
}

/** What stands between brackets: values in order, and those that have a name. */
export function readItems(cursor: Cursor, opens: string): Items {
  const values: CodeValue[] = [];
  const named = new Map<string, CodeValue>();
  const nest = cursor.nest;
  cursor.nest = opens === "{" ? 0 : nest + 1;
  cursor.at += 1;
  let isFresh = true;
  while (cursor.at < cursor.tokens.length) {
    const token = cursor.tokens[cursor.at];
    if (token?.kind === "symbol" && /^[)\]}]$/.test(token.text)) break;
    if (isBreak(token)) {
      if (token?.text !== ":" && (token?.kind !== "newline" || opens === "{")) isFresh = true;
      cursor.at += 1;
      continue;
    }
    const before = cursor.at;
    const name = isFresh ? readKey(cursor, opens) : undefined;
    const value = cursor.state.read(cursor);
    if (name !== undefined) named.set(name, value);
    else if (isFresh) values.push(value);
    isFresh = false;
    if (cursor.at === before) cursor.at += 1;
  }
  cursor.at += 1;
  cursor.nest = nest;
  return { values, named };
}

export function readBare(cursor: Cursor): Items {
  const values: CodeValue[] = [];
  const named = new Map<string, CodeValue>();
  for (;;) {
    const before = cursor.at;
    const name = readKey(cursor, "");
    const value = cursor.state.read(cursor);
    if (name === undefined) values.push(value);
    else named.set(name, value);
    if (symbolAt(cursor) !== "," || cursor.at === before) return { values, named };
    cursor.at += 1;
    skipNewlines(cursor, true);
  }
}

/** `name=`, `name:`, `"name":`, `name =>` */
function readKey(cursor: Cursor, opens: string): string | undefined {
  const { state, tokens, at } = cursor;
  const token = tokens[at];
  const operator = symbolAt(cursor, 1);
  const name = token?.kind === "name" || token?.kind === "number" ? token.text : textOf(token);
  if (name === undefined) return undefined;
  const isKey =
    operator === ":" ||
    (operator === "=" && syntaxes[state.language].named.includes(opens)) ||
    (operator === "=>" && /^(perl|php|ruby|elixir)$/.test(state.language));
  if (!isKey) return undefined;
  cursor.at += 2;
  skipNewlines(cursor, true);
  return name;
}
