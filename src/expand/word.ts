import { type Assignment, parse, type Word, type WordPart } from "unbash";
import { type Arg, asWritten, isKnown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { evaluate } from "./arithmetic.js";
import { expandBraces } from "./brace.js";
import { expandPattern } from "./glob.js";
import { isPosix } from "./option.js";
import { expandParameter, expandSimple } from "./parameter.js";
import {
  expanded,
  hole,
  joinPattern,
  joinPieces,
  joinQuoted,
  literal,
  type Piece,
  quoted,
  splitFields,
} from "./piece.js";
import { charge, type Place, placeWith } from "./place.js";
import { rereadQualifiers } from "./reread.js";
import { shaped } from "./shape.js";
import type { State } from "./state.js";
import { runProcess, runSubstitution } from "./substitution.js";
import { type Assigned, readLiteral } from "./tilde.js";
import { readSeparators } from "./variable.js";
import { findEquals, goesOn } from "./zsh.js";

/** One word of a command → the words it becomes: braces, tilde, `$`, splitting, files, quotes, in bash's order. */
export function expandWord(
  place: Place,
  state: State,
  word: Word,
  use: "command" | "list" = "command",
): readonly Arg[] {
  const parts = word.parts;
  if (parts === undefined && !/[\\~]|\$[=~^+#]/.test(word.text))
    return [place.run.shell === "zsh" ? findEquals(place, state, word.text) : word.text];
  if (parts?.some((part) => part.type === "BraceExpansion") && isBashLike(place)) {
    return state.options.has("nobraces")
      ? [unknown(word.text, "whether braces are expanded is not known", "", true)]
      : expandBraced(place, state, word);
  }
  return expandPlain(place, state, word, use);
}

/**
 * `T={echo,rm}` among the words of `declare` and its kin: bash expands braces first, and what comes of them are words as any
 * other, `T=echo T=rm`. zsh does not. Undefined where there are no braces.
 */
export function expandDeclared(place: Place, state: State, node: Assignment): readonly Arg[] | undefined {
  const { value } = node;
  if (value.type !== "Word" || value.parts?.some((part) => part.type === "BraceExpansion") !== true)
    return undefined;
  return place.run.shell === "zsh" || !isBashLike(place) ? undefined : expandBraced(place, state, node);
}

/** One word that stays one: no splitting, no files. */
export function expandText(place: Place, state: State, word: Word, use: "value" | "assigned" = "value"): Arg {
  if (word.parts === undefined && !/[\\~]/.test(word.text)) return word.text;
  const arg = joinPieces(
    expandPieces(place, state, word, use === "assigned" ? "value" : "no"),
    asWritten(word.text),
  );
  charge(place.run, isKnown(arg) ? arg.length : 1);
  return arg;
}

/** The same for the right side of `case` and `[[ == ]]`: quoted characters are escaped with `\`. */
export function expandPatternText(place: Place, state: State, word: Word): Arg {
  return joinPattern(expandPieces(place, state, word, "no"), asWritten(word.text));
}

export function expandParts(
  place: Place,
  state: State,
  parts: readonly WordPart[],
  inQuotes: boolean,
): readonly Piece[] {
  const pieces: Piece[] = [];
  parts.forEach((part, at) => {
    if (goesOn(place, parts, at)) pieces.push(hole("is an expansion of zsh's own", !inQuotes));
    else pieces.push(...expandPart(place, state, part, inQuotes));
  });
  return pieces;
}

const braceCap = 10_000;
const braceText = 2_048;
const braceWork = 100;

/** POSIX has no braces and no `$'…'`, but where `sh` is bash it has them all the same. */
function isBashLike(place: Place): boolean {
  if (place.run.shell !== "sh") return true;
  return /\/(bash|zsh|ksh[0-9a-z]*)$/.test(place.run.world.realpath("/bin/sh"));
}

type Braced = Pick<Word, "text" | "pos" | "end">;

function expandBraced(place: Place, state: State, word: Braced): readonly Arg[] {
  if (place.run.halted) return [];
  const texts = word.text.length > braceText ? undefined : expandBraces(word.text, braceCap);
  if (texts === undefined) return [unknown(word.text, "the braces stand for too many words", "", true)];
  // A hundred of `{1..9999}` are a million words.
  charge(place.run, texts.length * braceWork);
  const inner = placeWith(place, { span: place.span ?? { start: word.pos, end: word.end } });
  return texts.flatMap((text) => {
    if (place.run.halted) return [];
    if (/^[\w./:@%+,-]+$/.test(text)) return [text];
    if (text === "") return [];
    const command = parse(`: ${text.replace(/^#/, "\\#")}`).commands[0]?.command;
    const [one, ...more] = command?.type === "Command" ? command.suffix : [];
    if (one?.type !== "Word" || more.length > 0)
      return [unknown(word.text, "the braces are not plain", "", true)];
    return expandPlain(inner, state, one);
  });
}

function expandPlain(
  place: Place,
  state: State,
  word: Word,
  use: "command" | "list" = "command",
): readonly Arg[] {
  // In `A=(x=~)`, and in POSIX mode, it is a word as any other.
  const isAssigned = use === "command" && /^[A-Za-z_]\w*=/.test(word.text) && !isPosix(place, state);
  const pieces = expandPieces(place, state, word, isAssigned ? "word" : "no");
  charge(
    place.run,
    pieces.reduce((sum, piece) => sum + (piece.kind === "text" ? piece.text.length : 0) + 20, 0),
  );
  const whole = joinQuoted(pieces);
  if (whole !== undefined) return [whole];
  const args: Arg[] = [];
  for (const field of splitFields(pieces, readSeparators(place, state), asWritten(word.text))) {
    if (field.hole !== undefined) args.push(field.hole);
    else if (field.pattern !== undefined && state.options.has("perhaps noglob"))
      args.push(unknown(field.text, "whether patterns are expanded is not known", "", true));
    else if (field.pattern === undefined || state.options.has("noglob")) args.push(field.text);
    else args.push(...expandPattern(place, state, field.pattern, field.text));
  }
  return args;
}

export function expandPieces(place: Place, state: State, word: Word, assigned: Assigned): readonly Piece[] {
  const { parts } = word;
  if (parts === undefined) return readLiteral(place, state, word.text, { first: true, last: true, assigned });
  const pieces: Piece[] = [];
  parts.forEach((part, at) => {
    if (goesOn(place, parts, at)) pieces.push(hole("is an expansion of zsh's own", true));
    else if (part.type !== "Literal") pieces.push(...expandPart(place, state, part, false));
    else {
      const edges = { first: at === 0, last: at === parts.length - 1, assigned };
      pieces.push(...readLiteral(place, state, part.text, edges));
    }
  });
  return pieces;
}

function expandPart(place: Place, state: State, part: WordPart, inQuotes: boolean): readonly Piece[] {
  switch (part.type) {
    case "Literal":
      return [inQuotes ? quoted(part.value) : literal(part.value)];
    case "Glob":
      if (inQuotes) return [quoted(part.value)];
      if (part.kind !== "bracket") return [literal(part.text)];
      return [literal("["), ...expandPatternParts(place, state, part.parts), literal("]")];
    case "AnsiCQuoted":
      // dash takes the `$` for itself, busybox's does not.
      if (!isBashLike(place))
        return [
          expanded({ ...unknown(part.text, "not every sh reads these quotes alike"), splits: false }, true),
        ];
      return [quoted(part.value)];
    case "SingleQuoted":
      return [quoted(part.value)];
    case "DoubleQuoted":
    case "LocaleString":
      return expandQuoted(place, state, part.parts);
    case "SimpleExpansion":
      return expandSimple(place, state, part.text.slice(1), inQuotes);
    case "ParameterExpansion":
      return expandParameter(place, state, part, inQuotes);
    case "CommandExpansion":
      return [expanded(runSubstitution(place, state, part), inQuotes)];
    case "ArithmeticExpansion": {
      const value = evaluate(place, state, part.expression);
      return [expanded(value ?? shaped(part.text, "the arithmetic has no plain value", "name"), inQuotes)];
    }
    case "ProcessSubstitution":
      return [quoted(runProcess(place, state, part))];
    case "ExtendedGlob":
      // `*(.)` are all plain files to zsh, and no file at all to bash.
      if (place.run.shell === "zsh") {
        rereadQualifiers(place, state, part.text);
        return [expanded(unknown(part.text, "zsh has globs of its own", "", true), false)];
      }
      if (part.parts === undefined) return [literal(part.text)];
      return [literal(`${part.operator}(`), ...expandPatternParts(place, state, part.parts), literal(")")];
    case "BraceExpansion": {
      if (part.parts === undefined)
        return readLiteral(place, state, part.text, { first: false, last: false, assigned: "no" });
      return [literal("{"), ...expandParts(place, state, part.parts, inQuotes), literal("}")];
    }
    default:
      return assertNever(part);
  }
}

/** Inside `[…]` and `+(…)` a literal is still raw text with its backslashes. */
function expandPatternParts(place: Place, state: State, parts: readonly WordPart[]): readonly Piece[] {
  return parts.flatMap((part) =>
    part.type === "Literal" ? [literal(part.text)] : expandPart(place, state, part, false),
  );
}

/** `"$@"` without arguments is no word at all, where `""` is one. */
function expandQuoted(place: Place, state: State, parts: readonly WordPart[]): readonly Piece[] {
  return parts.length === 0 ? [quoted("")] : expandParts(place, state, parts, true);
}
