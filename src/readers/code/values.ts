import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";

/** What an expression of some language gives, as far as it can be told without running it. */
export type CodeValue =
  /** One text, or each of several in turn. `isPath`: an object that stands for a path. */
  | { readonly kind: "text"; readonly any: readonly Arg[]; readonly isPath: boolean }
  | { readonly kind: "list"; readonly items: readonly CodeValue[] }
  | { readonly kind: "fields"; readonly fields: ReadonlyMap<string, CodeValue> }
  /** A module, a function, a variable that nothing is known about: `os.remove`. `of`: what it is a member of, if that was made. */
  | { readonly kind: "name"; readonly name: string; readonly of?: CodeValue }
  /** What a call gives. */
  | { readonly kind: "made"; readonly call: CodeCall };

/** A function called somewhere in a text. */
export interface CodeCall {
  /** With what stands in front, `.` between all: `os.remove`, `boto3.client().delete_bucket`, `(path).unlink`. */
  readonly name: string;
  readonly source: string;
  readonly receiver: CodeValue | undefined;
  readonly values: readonly CodeValue[];
  readonly named: ReadonlyMap<string, CodeValue>;
  /** Where it stands in the text; in a string's hole, where the string does. */
  readonly at: number;
  /** What the cwd was changed to before; undefined when it was not. */
  readonly cwd: Arg | undefined;
}

export const madeReason = "a value that the program makes";

export function textValue(text: Arg, isPath = false): CodeValue {
  return { kind: "text", any: [text], isPath };
}

export function hiddenValue(source: string): CodeValue {
  return textValue(unknown(source.trim().slice(0, 200), madeReason));
}

export function listValue(items: readonly CodeValue[]): CodeValue {
  return { kind: "list", items };
}

/** More alternatives than these are not told apart. */
const maxAny = 100;

/** Each of the values in turn: an element of a list, one of two branches. */
export function eitherValue(values: readonly CodeValue[], source: string): CodeValue {
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  const texts = distinct(values.flatMap((value) => (value.kind === "text" ? value.any : [])));
  const [other] = values.filter((value) => value.kind !== "text");
  // What nothing is known about may be the same: `(remove = fs.rmSync) => remove("x")`.
  if (other !== undefined) return texts.every(isBlank) ? other : hiddenValue(source);
  if (texts.length === 0 || texts.length > maxAny) return hiddenValue(source);
  const isPath = values.every((value) => value.kind === "text" && value.isPath);
  return { kind: "text", any: texts, isPath };
}

/** Of values that nothing is known about one is enough. */
function distinct(texts: readonly Arg[]): readonly Arg[] {
  const first = texts.findIndex(isBlank);
  return first < 0 ? texts : texts.filter((text, at) => at === first || !isBlank(text));
}

function isBlank(text: Arg): boolean {
  return !isKnown(text) && text.prefix === "" && text.shape === undefined;
}

export function joinValues(left: CodeValue, right: CodeValue, between = ""): CodeValue {
  const [lefts, rights] = [textsOf(left), textsOf(right)];
  // Behind an unknown part nothing more can be learned.
  if (
    left.kind === "text" &&
    lefts.length > 1 &&
    lefts.every((text) => !isKnown(text) && text.shape === undefined)
  )
    return left;
  const isPath = (left.kind === "text" && left.isPath) || (right.kind === "text" && right.isPath);
  if (lefts.length * rights.length > maxAny || lefts.length * rights.length === 0)
    return hiddenValue(`${showValue(left)}${between}${showValue(right)}`);
  const any = lefts.flatMap((one) => rights.map((other) => joinTexts(joinTexts(one, between), other)));
  return { kind: "text", any, isPath };
}

/** What stands behind an unknown part is kept where its shape is known. */
export function joinTexts(left: Arg, right: Arg): Arg {
  if (isKnown(left) && isKnown(right)) return left + right;
  if (isKnown(left) && !isKnown(right))
    return { ...right, source: clip(left + right.source), prefix: left + right.prefix };
  if (isKnown(left)) return left;
  const source = clip(left.source + showArg(right));
  if (left.shape === undefined) return { ...left, source };
  if (isKnown(right)) {
    const climbs = /(^|\/)\.\.(\/|$)/.test(right);
    return { ...left, source, ending: (left.ending ?? "") + right, ...(climbs ? { shape: "climbing" } : {}) };
  }
  const isFlat = left.shape === "name" && right.shape === "name" && !right.prefix.includes("/");
  return right.shape === undefined
    ? unknown(source, left.reason, left.prefix)
    : { ...left, source, shape: isFlat ? "name" : "path", ending: "" };
}

/** For people; a text that a loop grows would else grow without end. */
function clip(source: string): string {
  return source.length > 800 ? `${source.slice(0, 400)}…` : source;
}

/** Every text that a value may stand for; lists are looked into. */
export function textsOf(value: CodeValue): readonly Arg[] {
  switch (value.kind) {
    case "text":
      return value.any;
    case "list":
      return value.items.flatMap(textsOf);
    default:
      return [unknown(showValue(value), madeReason)];
  }
}

/** The one text that a value is; undefined for several, or none. */
export function oneText(value: CodeValue | undefined): Arg | undefined {
  return value?.kind === "text" && value.any.length === 1 ? value.any[0] : undefined;
}

export function plainText(value: CodeValue | undefined): string | undefined {
  const text = oneText(value);
  return text !== undefined && isKnown(text) ? text : undefined;
}

export function itemsOf(value: CodeValue): readonly CodeValue[] {
  if (value.kind === "list") return value.items;
  if (value.kind === "text" && value.any.length > 1)
    return value.any.map((text) => textValue(text, value.isPath));
  return [value];
}

/** The values that lists hold; several texts that one may be stay one, as a part of a path does. */
export function flattened(values: readonly CodeValue[]): readonly CodeValue[] {
  return values.flatMap((value) => (value.kind === "list" ? value.items : [value]));
}

/** As written, or as a name for people. */
export function showValue(value: CodeValue): string {
  switch (value.kind) {
    case "text":
      return value.any.slice(0, 3).map(showArg).join(" | ");
    case "list":
      return `[${value.items.slice(0, 3).map(showValue).join(", ")}]`;
    case "fields":
      return "{…}";
    case "name":
      return value.name;
    case "made":
      return value.call.source;
    default:
      return value satisfies never;
  }
}

/** What a member of this value is called: `os` and `remove`, or `(path)` and `unlink`. */
export function nameOf(value: CodeValue): string {
  switch (value.kind) {
    case "name":
      return value.name;
    case "made":
      return `${value.call.name}()`;
    case "text":
      return value.isPath ? "(path)" : "(text)";
    case "list":
      return "(list)";
    case "fields":
      return "(fields)";
    default:
      return value satisfies never;
  }
}
