import { elementOf, member } from "./bindings.js";
import { type Cursor, symbolAt } from "./cursor.js";
import { readGroup } from "./literals.js";
import { callOf } from "./make.js";
import { readPattern } from "./patterns.js";
import type { CodeToken } from "./tokens.js";
import { type CodeValue, nameOf } from "./values.js";

export function isBlock({ tokens, at, state }: Cursor, token: CodeToken): boolean {
  if (!/^(ruby|groovy|perl)$/.test(state.language)) return false;
  if (token.kind === "name") return token.text === "do" && state.language === "ruby";
  return token.kind === "symbol" && token.text === "{" && tokens[at - 1]?.kind === "name";
}

/** `{ |f| … }`, `do |f| … end`, `{ f -> … }`: its parameter is an element of what the call is made on. */
export function readBlock(
  cursor: Cursor,
  value: CodeValue,
  receiver: CodeValue | undefined,
): readonly CodeValue[] {
  const { state } = cursor;
  const isBraced = symbolAt(cursor) === "{" && /^(ruby|groovy|perl)$/.test(state.language);
  const isDone = cursor.tokens[cursor.at]?.text === "do" && state.language === "ruby";
  if (!isBraced && !isDone) return [];
  if (
    receiver !== undefined &&
    /\.(each\w*|map\w*|select|reject|filter\w*|collect|tap|times)$/.test(nameOf(value))
  ) {
    const name = blockParameter(cursor);
    if (name !== undefined)
      state.locals.set(name, elementOf(cursor, elementsOf(cursor, value, receiver), undefined, name));
  }
  if (isDone) {
    cursor.at += 1;
    return [];
  }
  if (symbolAt(cursor, 1) === "|") {
    cursor.at += 2;
    while (cursor.at < cursor.tokens.length && symbolAt(cursor) !== "|") cursor.at += 1;
    // What stands in front of the body is passed over as its bracket would be.
  }
  return [readGroup(cursor, "{")];
}

/** A folder's `eachFile` gives the files in it. */
function elementsOf(cursor: Cursor, value: CodeValue, receiver: CodeValue): CodeValue {
  if (receiver.kind !== "text" || !/\.each(File|Dir|Entry|Child)/i.test(nameOf(value))) return receiver;
  const call = callOf(cursor, "(path).listFiles", receiver, [], new Map(), cursor.at);
  return cursor.state.library.call(call) ?? receiver;
}

/** `.forEach(f => …)`, `.map((f, i) => …)`, `.forEach(function (f) { … })` */
export function bindCallback(cursor: Cursor, value: CodeValue, receiver: CodeValue | undefined): void {
  if (
    receiver === undefined ||
    !/\.(forEach|map|flatMap|filter|each|some|every|then|on|once)$/.test(nameOf(value))
  )
    return;
  let ahead = 1;
  // `.on("data", (text) => …)`
  if (cursor.tokens[cursor.at + ahead]?.kind === "text" && symbolAt(cursor, ahead + 1) === ",") ahead += 2;
  while (/^(async|function|fn)$/.test(cursor.tokens[cursor.at + ahead]?.text ?? "")) ahead += 1;
  if (symbolAt(cursor, ahead) === "(") ahead += 1;
  // `import("fs").then(({rm}) => …)`
  if (symbolAt(cursor, ahead) === "{" && ahead > 1)
    for (const { name, member: of } of readPattern(cursor.tokens, cursor.at + ahead))
      cursor.state.locals.set(name, member(cursor, elementOf(cursor, receiver, undefined, name), of));
  const parameter = cursor.tokens[cursor.at + ahead];
  const behind = symbolAt(cursor, ahead + 1);
  if (parameter?.kind !== "name" || !/^(=>|,|\))$/.test(behind) || (ahead === 1 && behind !== "=>")) return;
  cursor.state.locals.set(parameter.text, elementOf(cursor, receiver, undefined, parameter.text));
}

function blockParameter(cursor: Cursor): string | undefined {
  const at = cursor.at + (symbolAt(cursor, 1) === "|" ? 2 : 1);
  const token = cursor.tokens[at];
  const isNamed = symbolAt(cursor, 1) === "|" || cursor.tokens[at + 1]?.text === "->";
  if (isNamed && token?.kind === "name") return token.text;
  return cursor.state.language === "groovy" ? "it" : undefined;
}
