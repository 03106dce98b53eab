import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Inputs } from "../inputs.js";

/** What the words behind the URL add up to. */
export interface Items {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Encoded, joined by `&`. */
  readonly query: string;
  /** Some of them are data, so that the method is POST unless said. */
  readonly hasData: boolean;
  readonly body: string | Unknown | undefined;
  /** Of a form that goes out in parts. */
  readonly form: ReadonlyMap<string, string>;
  /** Words of which it is not known what they add. */
  readonly doubts: readonly Unknown[];
}

export type BodyKind = "json" | "form" | "multipart";

export function readItems(words: readonly Arg[], kind: BodyKind, inputs: Inputs): Items {
  const headers: (readonly [string, string])[] = [];
  const query: string[] = [];
  const fields: Field[] = [];
  const doubts: Unknown[] = [];
  let file: string | Unknown | undefined;
  for (const word of words) {
    const item = splitItem(word);
    if (item === undefined) {
      if (!isKnown(word)) doubts.push(word);
      continue;
    }
    const value = item.sign.endsWith("@") ? inputs.send(item.value) : item.value;
    switch (item.sign) {
      case ":":
      case ":@":
      case ";":
        if (isKnown(value)) headers.push([item.name, value.trim()]);
        else doubts.push({ ...value, prefix: `${item.name}: ${value.prefix}` });
        break;
      case "==":
      case "==@":
        if (isKnown(value)) query.push(`${encodeURIComponent(item.name)}=${encodeURIComponent(value)}`);
        else doubts.push(value);
        break;
      case "@":
        // Without a name it is the whole body.
        if (item.name === "") file = value;
        else fields.push({ name: item.name, value, isJson: false, isFile: true });
        break;
      default:
        fields.push({ name: item.name, value, isJson: item.sign.startsWith(":="), isFile: false });
    }
  }
  const isParts = kind === "multipart" || fields.some(({ isFile }) => isFile);
  return {
    headers,
    query: query.join("&"),
    hasData: fields.length > 0 || file !== undefined,
    body:
      file ?? (fields.length === 0 ? undefined : kind === "json" ? toJson(fields) : toForm(fields, isParts)),
    form: new Map(
      kind !== "json" && isParts
        ? fields.flatMap(({ name, value }) => (isKnown(value) ? [[name, value] as const] : []))
        : [],
    ),
    doubts,
  };
}

interface Field {
  readonly name: string;
  readonly value: string | Unknown;
  readonly isJson: boolean;
  readonly isFile: boolean;
}

interface Item {
  readonly name: string;
  readonly sign: string;
  readonly value: Arg;
}

/** The longest first, for `:=@` begins with `:`. */
const signs = [":=@", "==@", ":=", ":@", "==", "=@", "=", "@", ":", ";"];

/** At the first place where a sign stands; a backslash takes its meaning from it. */
function splitItem(word: Arg): Item | undefined {
  const text = isKnown(word) ? word : word.prefix;
  let name = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\" && at + 1 < text.length) {
      at += 1;
      name += text[at];
      continue;
    }
    const sign = signs.find((one) => text.startsWith(one, at));
    if (sign === undefined) {
      name += text[at];
      continue;
    }
    const rest = at + sign.length;
    const value = isKnown(word) ? cutType(word.slice(rest), sign) : { ...word, prefix: text.slice(rest) };
    return { name, sign, value };
  }
  return undefined;
}

/** `cv@file.pdf;type=application/pdf` */
function cutType(value: string, sign: string): string {
  return sign === "@" ? value.replace(/;(type|filename)=.*$/s, "") : value;
}

function toJson(fields: readonly Field[]): string | Unknown {
  const hidden = fields.find(({ value }) => !isKnown(value))?.value;
  if (hidden !== undefined && !isKnown(hidden)) return unknown(hidden.source, hidden.reason);
  const top: Members = new Map();
  for (const { name, value, isJson } of fields) {
    const text = isKnown(value) ? value : "";
    place(top, nameParts(name), isJson && isJsonText(text) ? text : JSON.stringify(text));
  }
  return showMembers(top);
}

/** A member is JSON text, or has members itself. */
type Members = Map<string, string | Members>;

/** `variables[input][id]` is a member of a member. */
function nameParts(name: string): readonly string[] {
  const [, first = name, rest = ""] = /^([^[]*)((?:\[[^\]]*\])+)$/.exec(name) ?? [];
  return [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map(([, part = ""]) => part)].filter(
    (part) => part !== "",
  );
}

function place(members: Members, [name = "", ...rest]: readonly string[], json: string): void {
  if (rest.length === 0) {
    members.set(name, json);
    return;
  }
  const found = members.get(name);
  const inside: Members = found === undefined || typeof found === "string" ? new Map() : found;
  members.set(name, inside);
  place(inside, rest, json);
}

function showMembers(members: Members): string {
  const shown = [...members].map(
    ([name, value]) => `${JSON.stringify(name)}:${typeof value === "string" ? value : showMembers(value)}`,
  );
  return `{${shown.join(",")}}`;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function toForm(fields: readonly Field[], isParts: boolean): string | Unknown | undefined {
  const hidden = fields.find(({ value, isFile }) => !isKnown(value) && !isFile)?.value;
  if (hidden !== undefined && !isKnown(hidden)) return unknown(hidden.source, hidden.reason);
  if (isParts) return undefined;
  return fields
    .map(
      ({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(isKnown(value) ? value : "")}`,
    )
    .join("&");
}
