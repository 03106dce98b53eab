import { isKnown } from "../../model/arg.js";
import {
  type CodeValue,
  flattened,
  hiddenValue,
  itemsOf,
  joinValues,
  listValue,
  plainText,
  textValue,
} from "./values.js";

/** `"%s/%s" % (a, b)`, `"{}/{}".format(a, b)`, `sprintf("%s", a)` */
export function formatText(format: CodeValue, values: readonly CodeValue[], source: string): CodeValue {
  const text = plainText(format);
  if (text === undefined || text.length > 10_000) return hiddenValue(source);
  const parts = text.split(/%[-+ 0-9.]*[sdifr@]|\{\d*\}/);
  const holes = parts.length - 1;
  if (holes > 50) return hiddenValue(source);
  return parts
    .slice(1)
    .reduce<CodeValue>(
      (value, part, at) => joinValues(joinValues(value, values[at] ?? hiddenValue(source)), textValue(part)),
      textValue(parts[0] ?? ""),
    );
}

/** `x[1:]`, `x[::-1]`, `x[1..-1]`; undefined when it cannot be told. */
export function sliceValue(value: CodeValue, slice: string): CodeValue | undefined {
  const text = plainText(value);
  if (text !== undefined && (slice === "::-1" || slice === "::"))
    return textValue(slice === "::" ? text : [...text].reverse().join(""));
  const [, from, , to] = /^(\d*)(:|\.\.)(-?\d*)$/.exec(slice) ?? [];
  if (from === undefined) return undefined;
  const isInclusive = slice.includes("..");
  const end =
    to === undefined || to === "" || (isInclusive && to === "-1")
      ? undefined
      : Number(to) + (isInclusive ? 1 : 0);
  if (text !== undefined) return textValue(text.slice(Number(from), end));
  if (value.kind === "list") return listValue(value.items.slice(Number(from), end));
  return undefined;
}

/** Texts hidden by an encoding: base64, hexadecimal digits, letters by number. Undefined when it is none, or not plain. */
export function decodeText(
  name: string,
  values: readonly CodeValue[],
  receiver: CodeValue | undefined,
): string | undefined {
  const first = plainText(values[0]);
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (first !== undefined && base64.test(name)) return Buffer.from(first, "base64").toString("utf8");
  if (
    first !== undefined &&
    /^(bytes\.fromhex|bytearray\.fromhex|binascii\.unhexlify|binascii\.a2b_hex|hex2bin)$/.test(name)
  )
    return Buffer.from(first, "hex").toString("utf8");
  const encoding = plainText(values[1]) ?? "";
  if (/^Buffer\.from$/.test(name) && first !== undefined)
    return Buffer.from(
      first,
      /^base64(url)?$/.test(encoding) ? "base64" : encoding === "hex" ? "hex" : "utf8",
    ).toString();
  if (name === "codecs.decode" && first !== undefined) {
    if (/^base64/.test(encoding)) return Buffer.from(first, "base64").toString();
    if (/^hex/.test(encoding)) return Buffer.from(first, "hex").toString();
    if (/^rot_?13$/.test(encoding)) return first.replace(/[a-z]/gi, rotate);
    return undefined;
  }
  if (/^(chr|char|String\.fromCharCode|String\.fromCodePoint|bytes|bytearray|string\.char|pack)$/.test(name))
    return fromCodes(values);
  const own = plainText(receiver);
  if (own === undefined) return undefined;
  if (last === "unpack1" && first === "m") return Buffer.from(own, "base64").toString();
  return undefined;
}

const base64 =
  /^(base64\.(b64decode|urlsafe_b64decode|standard_b64decode|decodebytes|decodestring)|binascii\.a2b_base64|atob|Base64\.(decode64|strict_decode64|urlsafe_decode64|decode64!?|decode!)|base64_decode|decode_base64|MIME\.Base64\.decode|Base64\.decode!?|base64decode)$/;

function rotate(letter: string): string {
  const base = letter <= "Z" ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
}

function fromCodes(values: readonly CodeValue[]): string | undefined {
  const codes = values.flatMap(itemsOf).map((value) => Number(plainText(value) ?? "x"));
  if (codes.length === 0 || codes.some((code) => !(code >= 0 && code <= 0x10ffff))) return undefined;
  return String.fromCodePoint(...codes.slice(0, 10_000));
}

/** Methods of a text that give another one. Undefined for all else. */
export function textMethod(
  method: string,
  receiver: CodeValue,
  values: readonly CodeValue[],
): CodeValue | undefined {
  if (receiver.kind !== "text") return undefined;
  const edit = edits.get(method);
  if (edit !== undefined)
    return { ...receiver, any: receiver.any.map((text) => (isKnown(text) ? edit(text) : text)) };
  const [first, second] = [plainText(values[0]), plainText(values[1])];
  const own = plainText(receiver);
  switch (method) {
    case "concat":
      return values.reduce((left, right) => joinValues(left, right), receiver);
    case "format":
      return formatText(receiver, values, own ?? "…");
    case "replace":
    case "gsub":
    case "sub":
    case "replaceAll":
      if (own === undefined || first === undefined || second === undefined) return undefined;
      return textValue(own.replaceAll(first, second), receiver.isPath);
    case "join":
      return own === undefined ? undefined : joinAll(flattened(values), own);
    case "split":
      return own === undefined ? undefined : listValue(splitText(own, first).map((part) => textValue(part)));
    case "reverse":
      return own === undefined ? undefined : textValue([...own].reverse().join(""));
    default:
      return undefined;
  }
}

export function joinAll(values: readonly CodeValue[], between: string): CodeValue {
  const [first = textValue(""), ...rest] = values.slice(0, 2_000);
  return rest.reduce((left, right) => joinValues(left, right, between), first);
}

function splitText(text: string, separator: string | undefined): readonly string[] {
  return (separator === undefined ? text.trim().split(/\s+/) : text.split(separator)).slice(0, 2_000);
}

const same = (text: string): string => text;
const edits: ReadonlyMap<string, (text: string) => string> = new Map([
  ["strip", (text: string) => text.trim()],
  ["trim", (text: string) => text.trim()],
  ["rstrip", (text: string) => text.trimEnd()],
  ["chomp", (text: string) => text.replace(/\n$/, "")],
  ["lower", (text: string) => text.toLowerCase()],
  ["downcase", (text: string) => text.toLowerCase()],
  ["toLowerCase", (text: string) => text.toLowerCase()],
  ["upper", (text: string) => text.toUpperCase()],
  ["toUpperCase", (text: string) => text.toUpperCase()],
  ["to_s", same],
  ["to_str", same],
  ["to_path", same],
  ["toString", same],
  ["freeze", same],
  ["encode", same],
  ["decode", same],
  ["as_posix", same],
  ["resolve", same],
  ["absolute", same],
  ["expand_path", same],
  ["realpath", same],
  ["cleanpath", same],
  ["path", same],
  ["absolutePath", same],
  ["dirname", parentOf],
  ["parent", parentOf],
  ["name", (text: string) => text.slice(text.lastIndexOf("/") + 1)],
]);

export function parentOf(text: string): string {
  const clean = text.replace(/\/+$/, "");
  const at = clean.lastIndexOf("/");
  return at < 0 ? "." : clean.slice(0, at) || "/";
}
