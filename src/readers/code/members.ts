import { isKnown } from "../../model/arg.js";
import { member } from "./bindings.js";
import { bindCallback, isBlock, readBlock } from "./blocks.js";
import { type Cursor, sourceOf, stopWords, symbolAt, wordOperators } from "./cursor.js";
import { readBare, readItems, readString } from "./literals.js";
import { callOf, makeCall } from "./make.js";
import { syntaxes } from "./syntax.js";
import { sliceValue } from "./texts.js";
import type { CodeToken } from "./tokens.js";
import { type CodeValue, hiddenValue, nameOf, oneText, plainText } from "./values.js";

/** Members, calls and indexes behind a value, as many as there are. */
export function readMembers(cursor: Cursor, first: CodeValue, start: number): CodeValue {
  const { state } = cursor;
  const syntax = syntaxes[state.language];
  let value = first;
  let receiver: CodeValue | undefined;
  let isOpen = first.kind === "name";
  for (;;) {
    const ahead = newlinesAhead(cursor);
    const token = cursor.tokens[cursor.at + ahead];
    const isMember = token?.kind === "symbol" && syntax.members.has(token.text);
    if (token === undefined || (ahead > 0 && !(isMember && token.text !== "::"))) break;
    if (isMember && cursor.tokens[cursor.at + ahead + 1]?.kind === "name") {
      if (isOpen && receiver !== undefined) value = property(cursor, value, receiver, start);
      cursor.at += ahead + 2;
      receiver = value;
      value = member(cursor, value, cursor.tokens[cursor.at - 1]?.text ?? "");
      isOpen = value.kind === "name";
      continue;
    }
    if (isMember && /^[({[]$/.test(symbolAt(cursor, ahead + 1))) {
      // Perl's `$x->{name}`, JavaScript's `f?.(x)`.
      cursor.at += ahead + 1;
      continue;
    }
    const text = token.kind === "symbol" ? token.text : "";
    if (text === "(" && (!token.spaced || isOpen)) {
      bindCallback(cursor, value, receiver);
      const { values, named } = readItems(cursor, "(");
      const more = readBlock(cursor, value, receiver);
      value = makeCall(
        cursor,
        calleeOf(cursor, value),
        receiver ?? ownerOf(value),
        [...values, ...more],
        named,
        start,
      );
    } else if (text === "[" && !token.spaced) value = readIndex(cursor, value, start);
    else if (text === "{" && !token.spaced && state.language === "perl" && value.kind !== "text")
      value = readIndex(cursor, value, start);
    else if (token.kind === "text" && isOpen && (syntax.bare === "strings" || isTagged(cursor, token))) {
      const text = readString(cursor, token);
      value = makeCall(cursor, nameOf(value), receiver, [text], new Map(), start);
    } else if (isOpen && opensArguments(cursor, token, start)) {
      const { values, named } = readBare(cursor);
      const more = readBlock(cursor, value, receiver);
      value = makeCall(cursor, nameOf(value), receiver, [...values, ...more], named, start);
    } else if (isOpen && syntax.bare === "names" && isBlock(cursor, token)) {
      const more = readBlock(cursor, value, receiver);
      value = makeCall(cursor, nameOf(value), receiver, more, new Map(), start);
    } else break;
    receiver = undefined;
    isOpen = value.kind === "name";
  }
  if (isOpen && (receiver !== undefined || syntax.bare === "names"))
    return property(cursor, value, receiver, start);
  return value;
}

/** PHP calls a function by a text that is its name: `$f = "unlink"; $f("x")`. */
function calleeOf({ state }: Cursor, value: CodeValue): string {
  const text = state.language === "php" ? plainText(value) : undefined;
  return text !== undefined && /^\w+$/.test(text) ? text : nameOf(value);
}

/** A function that a name was given, or that a call gave: `const rm = fs.rmSync; rm("x")`, `methodcaller("unlink")(p)`. */
function ownerOf(value: CodeValue): CodeValue | undefined {
  return value.kind === "name" ? value.of : value.kind === "made" ? value : undefined;
}

function newlinesAhead(cursor: Cursor): number {
  let ahead = 0;
  while (cursor.tokens[cursor.at + ahead]?.kind === "newline") ahead += 1;
  return ahead;
}

/** `$`rm -rf x`` of zx and Bun. */
function isTagged({ state }: Cursor, token: CodeToken): boolean {
  return state.language === "javascript" && token.text.startsWith("`") && !token.spaced;
}

/** A member without parentheses: in some languages a call, in others perhaps a text that is known. */
function property(
  cursor: Cursor,
  value: CodeValue,
  receiver: CodeValue | undefined,
  start: number,
): CodeValue {
  const { state } = cursor;
  if (value.kind !== "name") return value;
  const isCall =
    syntaxes[state.language].bare === "names" && !/^[A-Z$@]/.test(value.name.split(".").at(-1) ?? "");
  if (isCall) return makeCall(cursor, value.name, receiver, [], new Map(), start);
  if (receiver?.kind !== "text") return value;
  const call = callOf(cursor, value.name, receiver, [], new Map(), start);
  return /\.(parent|name|stem|suffix|parents|path|absolutePath)$/.test(value.name)
    ? (state.library.call(call) ?? value)
    : value;
}

/** Arguments without parentheses: `unlink "a", "b"`, `FileUtils.rm_rf dir`. */
function opensArguments(cursor: Cursor, token: CodeToken, start: number): boolean {
  const { bare } = syntaxes[cursor.state.language];
  if (bare === "strings") return token.kind === "text" || (token.kind === "symbol" && token.text === "{");
  if (bare !== "names" || token.kind === "newline") return false;
  const callee = cursor.tokens[cursor.at - 1];
  // `$x "y"`, `@list`, `Class "x"`: no call; perl's strings may stand right behind the name.
  if (callee?.kind !== "name" || /^[$@]/.test(callee.text) || cursor.tokens[start] === undefined)
    return false;
  if (token.kind === "text" || token.kind === "words" || token.kind === "command" || token.kind === "files")
    return true;
  if (!token.spaced) return false;
  if (token.kind === "name") return !wordOperators.test(token.text) && !stopWords.test(token.text);
  if (token.kind === "number") return true;
  const next = cursor.tokens[cursor.at + 1];
  return /^[[:\\&*]$|^::$|^->$/.test(token.text) && next?.spaced === false;
}

function readIndex(cursor: Cursor, value: CodeValue, start: number): CodeValue {
  const from = cursor.at + 1;
  const close = symbolAt(cursor);
  const { values, named } = readItems(cursor, close);
  const inside = cursor.tokens.slice(from, cursor.at - 1);
  const colon = inside.some(
    ({ kind, text }) => kind === "symbol" && (text === ":" || text === ".." || text === "::"),
  );
  if (colon) {
    const text = inside.map((token) => token.text).join("");
    return sliceValue(value, text) ?? hiddenValue(sourceOf(cursor, start));
  }
  // Ruby's `Dir["*.log"]`.
  if (value.kind === "name" && /^(Dir|Rake::FileList|FileList)$/.test(value.name))
    return makeCall(cursor, "Dir.glob", undefined, values, named, start);
  const [key] = values;
  const text = oneText(key);
  const word =
    inside.length === 1 && inside[0]?.kind === "name" && close === "{" ? inside[0].text : undefined;
  const name = word ?? (text !== undefined && isKnown(text) ? text : undefined);
  if (name === undefined) return hiddenValue(sourceOf(cursor, start));
  if (value.kind === "list") {
    const first = /^(lua|r|julia)$/.test(cursor.state.language) ? 1 : 0;
    return (
      value.items.at(Number(name) - (Number(name) < 0 ? 0 : first)) ?? hiddenValue(sourceOf(cursor, start))
    );
  }
  return value.kind === "text" ? hiddenValue(sourceOf(cursor, start)) : member(cursor, value, name);
}
