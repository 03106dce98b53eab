import { type Arg, isKnown, joinReasons, type Shape, type Unknown, unknown } from "../model/arg.js";
import { escapePattern } from "./pattern.js";
import { maxText, maxWords } from "./place.js";

/** A word's parts after expansion, before they are split into fields and their quotes are forgotten. */
export type Piece =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Neither split nor a pattern. */
      readonly quoted: boolean;
      /** Came from an unquoted expansion: separators in it end a field. */
      readonly splits: boolean;
    }
  | Hole
  /** Between the elements of `"$@"`. `joint`: what stands there where they stay one word, `V=$*`; left out, a space. */
  | { readonly kind: "break"; readonly joint?: string };

interface Hole {
  readonly kind: "hole";
  readonly reason: string;
  readonly prefix: string;
  readonly splits: boolean;
  readonly shape?: Shape | undefined;
  readonly ending?: string | undefined;
  readonly print?: string | undefined;
}

export interface Field {
  /** Quotes removed. */
  readonly text: string;
  /** The same as a pattern; undefined when no character of it is special. */
  readonly pattern: string | undefined;
  readonly hole: Unknown | undefined;
}

export function quoted(text: string): Piece {
  return { kind: "text", text, quoted: true, splits: false };
}

export function literal(text: string): Piece {
  return { kind: "text", text, quoted: false, splits: false };
}

export function expanded(value: Arg, inQuotes: boolean): Piece {
  if (!isKnown(value)) {
    const { reason, prefix, shape, ending, print } = value;
    return { kind: "hole", reason, prefix, splits: !inQuotes, shape, ending, print };
  }
  return { kind: "text", text: value, quoted: inQuotes, splits: !inQuotes };
}

export function hole(reason: string, splits: boolean, prefix = ""): Hole {
  return { kind: "hole", reason, prefix, splits };
}

/** Field splitting. `separators` is `$IFS`; undefined when that is not known. `source` is the word as written. */
export function splitFields(
  pieces: readonly Piece[],
  separators: string | undefined,
  source: string,
): readonly Field[] {
  const fields: Field[] = [];
  let open = newField();
  let closedBySpace = false;
  const close = () => {
    fields.push(closeField(open, source));
    open = newField();
  };
  for (const piece of pieces) {
    if (fields.length > maxWords) return [tooMany(source)];
    if (piece.kind === "break") {
      if (open.exists) close();
      closedBySpace = false;
    } else if (piece.kind === "hole") {
      addHole(open, piece);
    } else if (!piece.splits || separators === "") {
      addText(open, piece.text, piece.quoted);
      if (piece.text !== "" || piece.quoted) closedBySpace = false;
    } else if (separators === undefined) {
      if (piece.text !== "") addHole(open, hole("the field separators are not known", true));
    } else {
      if (piece.text.length > maxText) addHole(open, hole("is too long", true));
      else
        for (const char of piece.text) {
          if (!separators.includes(char)) {
            addText(open, char, false);
            closedBySpace = false;
          } else if (" \t\n".includes(char)) {
            if (open.exists) {
              close();
              closedBySpace = true;
            }
          } else if (open.exists || !closedBySpace) {
            close();
            closedBySpace = false;
          } else closedBySpace = false;
        }
    }
  }
  if (open.exists) close();
  return fields;
}

function tooMany(source: string): Field {
  return { text: "", pattern: undefined, hole: unknown(source, "becomes too many words", "", true) };
}

/** Everything as one word, unsplit: assignments, redirections, heredocs. */
export function joinPieces(pieces: readonly Piece[], source: string): Arg {
  const only = pieces[0];
  if (pieces.length === 1 && only?.kind === "text" && only.text.length < maxText) return only.text;
  const field = newField();
  for (const piece of pieces) {
    if (piece.kind === "break") addText(field, piece.joint ?? " ", true);
    else if (piece.kind === "hole") addHole(field, piece);
    else addText(field, piece.text, true);
  }
  const closed = closeField(field, source);
  return closed.hole === undefined ? closed.text : { ...closed.hole, splits: false };
}

/** The one word that a known text in quotes is; undefined for anything else. */
export function joinQuoted(pieces: readonly Piece[]): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind !== "text" || !piece.quoted || text.length + piece.text.length > maxText) return undefined;
    text += piece.text;
  }
  return pieces.length === 0 ? undefined : text;
}

/** The same as a pattern, for `case`, `[[ == ]]` and `${x#…}`. */
export function joinPattern(pieces: readonly Piece[], source: string): Arg {
  const field = newField();
  for (const piece of pieces) {
    if (piece.kind === "break") addText(field, piece.joint ?? " ", true);
    else if (piece.kind === "hole") addHole(field, piece);
    else addText(field, piece.text, piece.quoted);
  }
  const closed = closeField(field, source);
  return closed.hole ?? closed.pattern ?? escapePattern(closed.text);
}

interface OpenField {
  text: string;
  pattern: string;
  special: boolean;
  exists: boolean;
  hole: OpenHole | undefined;
}

interface OpenHole {
  reason: string;
  prefix: string;
  splits: boolean;
  shape: Shape | undefined;
  ending: string;
  /** Of what is unknown, as long as that is one thing. */
  print: string | undefined;
  /** Length of the text when the last hole came: what is longer stands behind it. */
  length: number;
}

function newField(): OpenField {
  return { text: "", pattern: "", special: false, exists: false, hole: undefined };
}

function addText(field: OpenField, text: string, isQuoted: boolean): void {
  if (field.text.length + text.length > maxText) {
    addHole(field, hole("is too long", true));
    return;
  }
  if (text !== "" || isQuoted) field.exists = true;
  const isSpecial = !isQuoted && /[*?[\\()]/.test(text);
  // The pattern is written from the first special character on: most words have none.
  if (isSpecial && !field.special) field.pattern = escapePattern(field.text);
  field.special ||= isSpecial;
  field.text += text;
  if (field.special) field.pattern += isQuoted ? escapePattern(text) : text;
}

function addHole(field: OpenField, piece: Hole): void {
  field.exists = true;
  const ending = piece.ending ?? "";
  const { length } = field.text;
  const before = field.hole;
  if (before === undefined) {
    field.hole = {
      reason: piece.reason,
      prefix: knownPrefix(field, piece.prefix),
      splits: piece.splits,
      shape: field.special ? undefined : shapeBehind(field.text, piece),
      ending,
      print: piece.print,
      length,
    };
    return;
  }
  const between = before.ending + field.text.slice(before.length);
  before.reason = joinReasons(before.reason, piece.reason);
  before.shape = joinShapes(before.shape, between, piece);
  before.splits ||= piece.splits;
  before.ending = ending;
  before.print = undefined;
  before.length = length;
}

/** `out/$f`: whatever is no path that climbs stays below `out/`. */
function shapeBehind(text: string, { shape, prefix }: Hole): Shape | undefined {
  if (text === "" || shape === undefined || shape === "climbing") return shape;
  if (shape === "fresh" || /(^|\/)\.\.?$/.test(text)) return undefined;
  // `log$f` with an `f` of `./a` is below `log./`, which is no folder that could be looked at.
  return text.endsWith("/") || prefix === "" ? shape : undefined;
}

/** `$a-$b`: two holes with text between them. */
function joinShapes(first: Shape | undefined, between: string, { shape, prefix }: Hole): Shape | undefined {
  if (first === "climbing" || shape === "climbing" || climbs(between)) return "climbing";
  if (first === undefined || shape === undefined || shape === "fresh") return undefined;
  if (first === "fresh") return first;
  if (shape === "name" && !between.includes("/")) return first;
  if (shape === "path" && prefix.startsWith("/") && !between.includes("/")) return undefined;
  return first === "name" ? "relative" : first;
}

/** Whether a `..` could come about. */
function climbs(text: string): boolean {
  return text.includes("..") || /(^|\/)\.$/.test(text);
}

/** What stands in front for certain: nothing after a pattern character, which may become anything. */
function knownPrefix(field: OpenField, more: string): string {
  if (!field.special) return field.text + more;
  const first = field.pattern.search(/(?<!\\)[*?[]/);
  const before = first < 0 ? field.pattern : field.pattern.slice(0, first);
  return before.replace(/\\(.)/g, "$1").replace(/[^/]*$/, "");
}

function closeField(field: OpenField, source: string): Field {
  if (field.hole === undefined) {
    return { text: field.text, pattern: field.special ? field.pattern : undefined, hole: undefined };
  }
  const { reason, prefix, splits, shape, length } = field.hole;
  const ending = field.hole.ending + field.text.slice(length);
  const print = ending === "" && !field.special ? field.hole.print : undefined;
  const plain: Unknown = {
    ...unknown(source, reason, prefix, splits),
    ...(print === undefined ? {} : { print }),
  };
  const isClimbing = shape === "climbing" || climbs(ending);
  const isPlain = shape === undefined || field.special;
  const hole: Unknown = isClimbing
    ? { ...plain, shape: "climbing" }
    : isPlain
      ? plain
      : { ...plain, shape, ending };
  return { text: field.text, pattern: undefined, hole };
}
