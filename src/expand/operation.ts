import type { ParameterOperation, Word } from "unbash";
import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { evaluateText } from "./arithmetic.js";
import { changeCase, hangsOnLocale, removeMatch, replaceMatch } from "./edit.js";
import { type Found, one } from "./found.js";
import { writePieces } from "./found-pieces.js";
import { expanded, hole, type Piece, quoted } from "./piece.js";
import { charge, type Place } from "./place.js";
import { rereadPrompt } from "./reread.js";
import { shapeEdited, shapeRemoved, shapeReplaced } from "./shape.js";
import type { State } from "./state.js";
import { assign, assignUnknown, scalar } from "./variable.js";

interface Operated {
  readonly found: Found;
  readonly operation: ParameterOperation;
  readonly name: string;
  readonly index: Word | undefined;
}

/** What `:-`, `%`, `/`, `^`, `@U`, `:1:2` and their like make of what was found. */
export function operate(place: Place, state: State, what: Operated, inQuotes: boolean): readonly Piece[] {
  const { found, operation } = what;
  const write = (edit: (value: string) => Arg, reshape?: (value: Unknown) => Unknown) => {
    const charged = (value: string) => {
      charge(place.run, value.length * Math.min(value.length, 1_024));
      return place.run.halted ? "" : edit(value);
    };
    return writePieces(place, state, mapFound(found, charged, reshape), inQuotes);
  };
  const { walk } = place.run;
  switch (operation.type) {
    case "Default":
      return chooseDefault(place, state, what, inQuotes);
    case "Remove": {
      const pattern = readPattern(place, state, operation.operand);
      const { operator } = operation;
      return write(
        (value) => removeMatch(value, pattern, operator),
        (value) => shapeRemoved(value, pattern, operator),
      );
    }
    case "Replace": {
      if (isTorn(operation.pattern.text)) {
        rereadPrompt(place, state, `${operation.pattern.text}/${operation.replacement.text}`);
        return [hole("a pattern with a command in it", !inQuotes)];
      }
      const pattern = readPattern(place, state, operation.pattern);
      const replacement = walk.value(place, state, operation.replacement);
      // From 5.2 on `&` is what was found, unless an option says otherwise.
      const isOpen = isKnown(replacement) && replacement.includes("&") && place.run.shell === "bash";
      if (isOpen || state.options.has("nocasematch"))
        return [hole("what it is replaced by hangs on the shell", !inQuotes)];
      const { operator } = operation;
      return write(
        (value) => replaceMatch(value, pattern, replacement, operator),
        (value) => shapeReplaced(value, pattern, replacement, operator),
      );
    }
    case "CaseModification": {
      const pattern = operation.operand && readPattern(place, state, operation.operand);
      return write((value) => changeCase(value, operation.operator, pattern), shapeEdited);
    }
    case "Transform": {
      const operator = walk.value(place, state, operation.operand);
      const cases: Readonly<Record<string, "^" | "^^" | ",,">> = { u: "^", U: "^^", L: ",," };
      const change = isKnown(operator) ? cases[operator] : undefined;
      if (operator === "P") for (const value of textsOf(found)) rereadPrompt(place, state, value);
      if (change === undefined) return [hole("is transformed by the shell", !inQuotes)];
      return write((value) => changeCase(value, change, undefined));
    }
    case "Slice": {
      const offset = readNumber(place, state, operation.offset);
      const length = operation.length === undefined ? Infinity : readNumber(place, state, operation.length);
      if (offset === undefined || length === undefined) return [hole("the offset is not known", !inQuotes)];
      return writePieces(place, state, slice(state, what, offset, length), inQuotes);
    }
    case "Names":
    case "Unknown":
      return [hole("is not a plain expansion", true)];
    default:
      return assertNever(operation);
  }
}

/** `${x%%+(b)}` takes `bb` away where the shell has such patterns, as one at a terminal often has, and else nothing. */
function readPattern(place: Place, state: State, word: Word): Arg {
  const pattern = place.run.walk.pattern(place, state, word);
  const isOpen = isKnown(pattern) && /(?<!\\)[?*+@!]\(/.test(pattern) && !state.options.has("extglob");
  return isOpen ? unknown(word.text, "whether it is a pattern hangs on the shell") : pattern;
}

/** `${x/$(/bin/rm y)/}`: the parser ends the pattern at the first slash, bash behind the command. */
function isTorn(pattern: string): boolean {
  const count = (mark: RegExp) => pattern.match(mark)?.length ?? 0;
  return count(/\$\(/g) > count(/\)/g) || count(/`/g) % 2 === 1;
}

function mapFound(
  found: Found,
  edit: (value: string) => Arg,
  reshape = (value: Unknown) => unknown(value.source, value.reason, "", value.splits),
): Found {
  const change = (value: Arg) => (isKnown(value) ? edit(value) : reshape(value));
  if (found.kind === "one") return one(found.value === undefined ? "" : change(found.value));
  return { ...found, values: found.values.map(change) };
}

function chooseDefault(place: Place, state: State, what: Operated, inQuotes: boolean): readonly Piece[] {
  const { found, operation } = what;
  if (operation.type !== "Default") return [];
  const [colon, kind] = operation.operator.startsWith(":")
    ? [true, operation.operator.slice(1)]
    : [false, operation.operator];
  const isSet = testSet(found, colon);
  if (isSet === undefined) {
    if (kind === "=" && what.index !== undefined) setElement(place, state, what.name);
    // The other way is walked for the commands that may stand in it.
    expandOperand(place, state, operation.operand, inQuotes);
    return [hole("whether it is set is not known", !inQuotes)];
  }
  if (kind === "+" && isSet) return expandOperand(place, state, operation.operand, inQuotes);
  // `"${A[@]+"${A[@]}"}"` is no word at all, as `"$@"` is none.
  if (kind === "+") return found.kind === "many" && !found.joined ? [] : [expanded("", inQuotes)];
  if (isSet) return writePieces(place, state, found, inQuotes);
  if (kind === "?") {
    expandOperand(place, state, operation.operand, inQuotes);
    return [hole(`"${what.name}" must be set, else the shell ends`, !inQuotes)];
  }
  if (kind !== "=") return expandOperand(place, state, operation.operand, inQuotes);
  const value = place.run.walk.value(place, state, operation.operand);
  if (what.index === undefined) assign(place, state, what.name, scalar(value));
  else setElement(place, state, what.name);
  return [expanded(value, inQuotes)];
}

function setElement(place: Place, state: State, name: string): void {
  assignUnknown(place, state, name, "an element of it was set");
}

function testSet(found: Found, colon: boolean): boolean | undefined {
  const value = found.kind === "one" ? found.value : found.values.length === 0 ? undefined : found.values[0];
  if (value === undefined) return false;
  if (!isKnown(value)) return undefined;
  return !colon || value !== "" || (found.kind === "many" && found.values.length > 1);
}

/** `${x:-a b}` outside quotes is split, and inside them only some backslashes quote. */
function expandOperand(place: Place, state: State, word: Word, inQuotes: boolean): readonly Piece[] {
  if (inQuotes) {
    if (word.parts === undefined) return [quoted(decodeQuoted(word.text))];
    const { parts } = word;
    return parts.flatMap((part) =>
      part.type === "Literal"
        ? [quoted(decodeQuoted(part.text))]
        : place.run.walk.parts(place, state, [part], true),
    );
  }
  const pieces = place.run.walk.operand(place, state, word);
  return pieces.map((piece) => (piece.kind === "text" && !piece.quoted ? { ...piece, splits: true } : piece));
}

function decodeQuoted(text: string): string {
  return text.replace(/\\\n/g, "").replace(/\\([$`"\\}])/g, "$1");
}

function readNumber(place: Place, state: State, word: Word): number | undefined {
  const text = place.run.walk.value(place, state, word);
  const value = isKnown(text) ? evaluateText(place, state, text) : undefined;
  return value === undefined ? undefined : Number(value);
}

function slice(state: State, what: Operated, offset: number, length: number): Found {
  const { found } = what;
  if (found.kind === "many") {
    const isArgs = what.name === "@" || what.name === "*";
    const values = isArgs ? [state.zero, ...found.values] : found.values;
    if (values.some((value) => !isKnown(value) && value.splits)) {
      return { ...found, values: [unknown("${@:…}", "the elements are not known", "", true)] };
    }
    const from = offset < 0 ? values.length + offset : isArgs && offset === 0 ? 0 : offset;
    return { ...found, values: from < 0 ? [] : values.slice(from, from + Math.max(0, length)) };
  }
  return mapFound(found, (value) => {
    if (hangsOnLocale(value)) return unknown("${…:…}", "where its letters end hangs on the locale");
    const from = offset < 0 ? value.length + offset : offset;
    if (from < 0) return "";
    const to = length < 0 ? value.length + length : from + length;
    return value.slice(from, Math.max(from, to));
  });
}

/** Those of its values that are known. */
export function textsOf(found: Found): readonly string[] {
  return (found.kind === "one" ? [found.value ?? ""] : found.values).filter(isKnown);
}
