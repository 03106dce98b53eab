import type { ParameterExpansionPart, ParameterOperation, Word } from "unbash";
import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { evaluateText } from "./arithmetic.js";
import { changeCase, hangsOnLocale, removeMatch, replaceMatch } from "./edit.js";
import { type Found, find, one } from "./found.js";
import { expanded, hole, type Piece, quoted } from "./piece.js";
import { charge, noteFailure, type Place } from "./place.js";
import { rereadIndex, rereadPrompt } from "./reread.js";
import { shapeEdited, shapeRemoved, shapeReplaced } from "./shape.js";
import type { State } from "./state.js";
import { assign, assignUnknown, readSeparators, readVariable, scalar } from "./variable.js";
import { expandZshParameter } from "./zsh.js";

/** `$name`, `$1`, `$@`. */
export function expandSimple(place: Place, state: State, name: string, inQuotes: boolean): readonly Piece[] {
  return writePieces(place, state, find(place, state, name, undefined), inQuotes);
}

/**
 * `${…}`.
 * https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html
 */
export function expandParameter(
  place: Place,
  state: State,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): readonly Piece[] {
  const { operation, prefix } = part;
  const own = place.run.shell === "zsh" ? expandZshParameter(place, state, part, inQuotes) : undefined;
  if (own !== undefined) return own;
  if (prefix === "#") return [expanded(measure(find(place, state, part.parameter, part.index)), inQuotes)];
  if (prefix === "!") return expandIndirect(place, state, part, inQuotes);
  const found = find(place, state, part.parameter, part.index);
  if (operation === undefined) return writePieces(place, state, found, inQuotes);
  const pieces = operate(
    place,
    state,
    { found, operation, name: part.parameter, index: part.index },
    inQuotes,
  );
  // dash ends at `${x:1}` or `${x/a/b}`.
  return place.run.shell === "sh" && !/^(Default|Remove)$/.test(operation.type)
    ? [hole("not every sh knows it", !inQuotes)]
    : pieces;
}

function writePieces(place: Place, state: State, found: Found, inQuotes: boolean): readonly Piece[] {
  if (found.kind === "one") return [writeOne(place, state, found.value ?? "", inQuotes)];
  if (found.joined && inQuotes) return [expanded(joinValues(place, state, found.values), true)];
  const joint = found.joined ? readSeparators(place, state)?.slice(0, 1) : " ";
  if (joint === undefined) return [hole("the field separators are not known", true)];
  return found.values.flatMap((value, at) => {
    const splits = !isKnown(value) && value.splits;
    const piece = splits ? { ...expanded(value, false), splits: true } : expanded(value, inQuotes);
    return at === 0 ? [piece] : [{ kind: "break", joint } as const, piece];
  });
}

/** zsh neither splits a plain `$x` nor takes it for a pattern; empty, it still is no word. */
function writeOne(place: Place, state: State, value: Arg, inQuotes: boolean): Piece {
  const isPlain =
    place.run.shell === "zsh" && !state.options.has("shwordsplit") && isKnown(value) && value !== "";
  return expanded(value, inQuotes || isPlain);
}

function joinValues(place: Place, state: State, values: readonly Arg[]): Arg {
  const open = values.find((value) => !isKnown(value));
  if (open !== undefined && !isKnown(open)) return unknown(open.source, open.reason);
  const separators = readSeparators(place, state);
  if (separators === undefined) return unknown("$*", "the field separators are not known");
  return values.join(separators.slice(0, 1));
}

function measure(found: Found): Arg {
  if (found.kind === "many") {
    const splits = found.values.some((value) => !isKnown(value) && value.splits);
    return splits ? unknown("${#…}", "how many there are is not known") : String(found.values.length);
  }
  const value = found.value ?? "";
  if (isKnown(value) && hangsOnLocale(value))
    return unknown("${#…}", "how many letters it has hangs on the locale");
  return isKnown(value) ? String(value.length) : unknown("${#…}", value.reason);
}

function expandIndirect(
  place: Place,
  state: State,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): readonly Piece[] {
  if (part.operation?.type === "Names") return [hole("the names of variables are not listed", true)];
  const value = readVariable(place, state, part.parameter);
  if (part.index !== undefined) {
    const key = place.run.walk.value(place, state, part.index);
    if (value.kind === "array" && (key === "@" || key === "*")) {
      const found: Found = { kind: "many", values: [...value.elements.keys()], joined: key === "*" };
      return writePieces(place, state, found, inQuotes);
    }
    return [hole("an indirect array element", !inQuotes)];
  }
  const source = find(place, state, part.parameter, undefined);
  const name = source.kind === "one" ? source.value : undefined;
  if (name === undefined || !isKnown(name) || !/^(\w+|[@*])$/.test(name)) {
    if (name === undefined || isKnown(name)) noteFailure(place, state);
    if (name !== undefined && isKnown(name)) rereadIndex(place, state, name);
    return [hole("an indirect name that is not known", true)];
  }
  const found = find(place, state, name, undefined);
  if (part.operation === undefined) return writePieces(place, state, found, inQuotes);
  return operate(place, state, { found, operation: part.operation, name, index: undefined }, inQuotes);
}

function textsOf(found: Found): readonly string[] {
  return (found.kind === "one" ? [found.value ?? ""] : found.values).filter(isKnown);
}

interface Operated {
  readonly found: Found;
  readonly operation: ParameterOperation;
  readonly name: string;
  readonly index: Word | undefined;
}

function operate(place: Place, state: State, what: Operated, inQuotes: boolean): readonly Piece[] {
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
