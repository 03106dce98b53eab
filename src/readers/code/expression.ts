import { resolve } from "./bindings.js";
import { type Cursor, isBreak, maxDepth, skipNewlines, sourceOf, symbolAt, wordOperators } from "./cursor.js";
import { readGroup, readString } from "./literals.js";
import { makeCall } from "./make.js";
import { readMembers } from "./members.js";
import { syntaxes } from "./syntax.js";
import { formatText } from "./texts.js";
import type { CodeToken } from "./tokens.js";
import {
  type CodeValue,
  eitherValue,
  hiddenValue,
  itemsOf,
  joinValues,
  listValue,
  nameOf,
  showValue,
  textValue,
} from "./values.js";

/** The value of the last one. */
export function readStatements(cursor: Cursor): CodeValue {
  let last: CodeValue = hiddenValue("");
  while (cursor.at < cursor.tokens.length) {
    const before = cursor.at;
    if (isBreak(cursor.tokens[cursor.at])) cursor.at += 1;
    else last = readExpression(cursor);
    if (cursor.at === before) cursor.at += 1;
  }
  return last;
}

export function readExpression(cursor: Cursor): CodeValue {
  cursor.depth += 1;
  const start = cursor.at;
  const value = cursor.depth > maxDepth ? skip(cursor) : readChain(cursor, start);
  cursor.depth -= 1;
  return value;
}

function skip(cursor: Cursor): CodeValue {
  cursor.at += 1;
  return hiddenValue("…");
}

/** Operands with operators between them, all of the same rank: only joined texts and alternatives matter. */
function readChain(cursor: Cursor, start: number): CodeValue {
  let value = readOperand(cursor);
  for (;;) {
    skipNewlines(cursor, cursor.nest > 0);
    const token = cursor.tokens[cursor.at];
    if (token === undefined || !isOperator(token, cursor)) return value;
    cursor.at += 1;
    skipNewlines(cursor, true);
    value = readOperation(cursor, value, token.text, start);
  }
}

function isOperator({ kind, text }: CodeToken, { state }: Cursor): boolean {
  if (kind === "name") return wordOperators.test(text);
  // Elsewhere it may stand around the parameters of a block.
  if (text === "|") return kind === "symbol" && /^(python|javascript|perl|php|julia)$/.test(state.language);
  return kind === "symbol" && !/^([,;:|)}\]([{@\\#$`]|::)$/.test(text) && text !== "!";
}

function readOperation(cursor: Cursor, left: CodeValue, operator: string, start: number): CodeValue {
  const { state } = cursor;
  const { joins } = syntaxes[state.language];
  if (operator === "?") {
    const yes = readExpression(cursor);
    if (symbolAt(cursor) !== ":") return yes;
    cursor.at += 1;
    return eitherValue([yes, readExpression(cursor)], sourceOf(cursor, start));
  }
  if (operator === "|>") return readPipe(cursor, left, start);
  // An arrow's value is its body's, an assignment's the right side's.
  if (operator === "=>" || operator === "->" || operator === "=" || operator === ":=")
    return readExpression(cursor);
  const right = readOperand(cursor);
  // `os.O_WRONLY | os.O_TRUNC`: what the flags are called says it.
  if (operator === "|") return { kind: "name", name: `${showValue(left)}|${showValue(right)}` };
  const source = () => sourceOf(cursor, start);
  if (operator === joins || (operator === "." && state.language === "perl")) {
    if (left.kind === "list" || right.kind === "list")
      return listValue([...itemsOf(left), ...itemsOf(right)]);
    return joinValues(left, right);
  }
  // `&File.rm/1`
  if (operator === "/" && state.language === "elixir") return left;
  if (operator === "/" && isPath(left)) return joinValues(left, right, "/");
  if (operator === "%" && state.language === "python") return formatText(left, itemsOf(right), source());
  if (operator === "||" || operator === "or" || operator === "??" || operator === "//")
    return left.kind === "name" && /\benv/i.test(left.name) ? right : eitherValue([left, right], source());
  if (operator === "&&" || operator === "and") return right;
  return hiddenValue(source());
}

function isPath(value: CodeValue): boolean {
  return value.kind === "text" && value.isPath;
}

/** `Path.wildcard("*.log") |> Enum.each(&File.rm!/1)`: what stands in front is the first argument. */
function readPipe(cursor: Cursor, left: CodeValue, start: number): CodeValue {
  const before = cursor.state.calls.length;
  const value = readOperand(cursor);
  const call = value.kind === "made" ? value.call : cursor.state.calls[before];
  const name = call?.name ?? nameOf(value);
  if (call !== undefined && cursor.notes) cursor.state.calls.splice(cursor.state.calls.indexOf(call), 1);
  return makeCall(cursor, name, undefined, [left, ...(call?.values ?? [])], call?.named ?? new Map(), start);
}

const prefixes =
  /^(await|new|return|yield|my|our|local|var|let|const|typeof|void|delete|throw|raise|static|final|async|export|default|not|echo|else|then|do|begin|try|finally|ensure|elif|elsif|elseif|if|unless|while|until|for|foreach|with|assert|public|private|global|nonlocal|case|except|import|from|use|using|when|end|val|and|or|in|of)$/;

function readOperand(cursor: Cursor): CodeValue {
  const start = cursor.at;
  let token = cursor.tokens[cursor.at];
  // Signs and words in front of a value, as many as there are.
  for (; token !== undefined; token = cursor.tokens[cursor.at]) {
    const isSign =
      token.kind === "symbol" && /^(!|-|\+|&|\*|\*\*|\.\.\.|@|\\|~|\^|\||->|<)$/.test(token.text);
    const isWord =
      token.kind === "name" && prefixes.test(token.text) && !/^[(.]$/.test(memberAfter(cursor, token.text));
    if (!isSign && !isWord) break;
    cursor.at += 1;
    if (isWord && cursor.tokens[cursor.at]?.kind === "newline") break;
  }
  if (token === undefined || (isBreak(token) && token.text !== "|"))
    return hiddenValue(sourceOf(cursor, start));
  const value = readPrimary(cursor, token);
  return readMembers(cursor, value, start);
}

/** `import("fs")`, `delete(x)`, `end.x`: the word is a name after all. */
function memberAfter(cursor: Cursor, word: string): string {
  const next = symbolAt(cursor, 1);
  if (word === "foreach" && cursor.state.language === "julia") return next;
  if (next === "(" && !/^(import|delete|with|use|default|local)$/.test(word)) return "";
  return next;
}

function readPrimary(cursor: Cursor, token: CodeToken): CodeValue {
  switch (token.kind) {
    case "text":
    case "command":
    case "words":
    case "files":
      return readString(cursor, token);
    case "number":
      cursor.at += 1;
      return textValue(token.text.replaceAll("_", ""));
    case "name":
      return readName(cursor, token);
    case "symbol":
      if (token.text === "(" || token.text === "[" || token.text === "{")
        return readGroup(cursor, token.text);
      break;
    default:
  }
  cursor.at += 1;
  return hiddenValue(token.text);
}

function readName(cursor: Cursor, token: CodeToken): CodeValue {
  const { text } = token;
  if (/^(def|defp|function|sub|func|fn|lambda|class|module|defmodule)$/.test(text))
    return readDeclaration(cursor, text);
  cursor.at += 1;
  return resolve(cursor, text);
}

/** The head of a function is passed over; its body is read where it stands. */
function readDeclaration(cursor: Cursor, word: string): CodeValue {
  cursor.at += 1;
  if (word === "lambda" || word === "fn") {
    // Ruby's lambda is a call with a block.
    if (cursor.state.language === "ruby") return { kind: "name", name: word };
    readParameters(cursor, word === "fn" ? /^(->|=>)$/ : /^:$/);
    cursor.at += 1;
    return readExpression(cursor);
  }
  while (cursor.tokens[cursor.at]?.kind === "name" || symbolAt(cursor) === "." || symbolAt(cursor) === "*")
    cursor.at += 1;
  if (symbolAt(cursor) !== "(") return hiddenValue(word);
  if (word === "class") readGroup(cursor, "(");
  else {
    cursor.at += 1;
    readParameters(cursor, /^\)$/);
    cursor.at += 1;
  }
  return hiddenValue(word);
}

/**
 * Up to `end`: names, and what stands for them when nothing is given. Python makes those defaults, and what it says of the
 * types, when the function is defined: `def f(a=os.remove("x")): pass`.
 */
function readParameters(cursor: Cursor, end: RegExp): void {
  const hasTypes = cursor.state.language === "python" && !end.test(":");
  let depth = 0;
  const nest = cursor.nest;
  cursor.nest = nest + 1;
  while (cursor.at < cursor.tokens.length) {
    const symbol = symbolAt(cursor);
    if (depth === 0 && end.test(symbol)) break;
    if (end.test(":") && isBreakOfLine(cursor)) break;
    const isValue = symbol === "=" || (hasTypes && symbol === ":");
    cursor.at += 1;
    if (/^[([{]$/.test(symbol)) depth += 1;
    if (/^[)\]}]$/.test(symbol)) depth -= 1;
    if (isValue && !isBreak(cursor.tokens[cursor.at])) readExpression(cursor);
  }
  cursor.nest = nest;
}

function isBreakOfLine(cursor: Cursor): boolean {
  return cursor.tokens[cursor.at]?.kind === "newline";
}
