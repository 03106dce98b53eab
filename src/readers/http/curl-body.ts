import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Inputs } from "../inputs.js";
import { type Transfer, valuesOf } from "./curl-transfer.js";

/** What a request carries apart from an uploaded file. */
export interface CurlBody {
  /** Of all `-d`, `--json` and their like, joined; undefined without any. */
  readonly data: string | Unknown | undefined;
  readonly contentType: string;
  /** Of all `-F`; undefined without any. */
  readonly form: CurlForm | undefined;
}

interface CurlForm {
  readonly fields: ReadonlyMap<string, string>;
  /** Why a field that could carry an operation is not among them. */
  readonly hidden: Unknown | undefined;
}

export function readBody(transfer: Transfer, inputs: Inputs): CurlBody {
  const parts = transfer.options.flatMap(({ name, value }) =>
    value !== undefined && dataOptions.has(name) ? [{ name, text: readData(name, value, inputs) }] : [],
  );
  return {
    data: parts.length === 0 ? undefined : joinParts(parts),
    contentType: parts.some(({ name }) => name === "json")
      ? "application/json"
      : "application/x-www-form-urlencoded",
    form: readForm(transfer, inputs),
  };
}

/** `--url-query` adds to the query string whatever the method. */
export function readUrlQuery(transfer: Transfer, inputs: Inputs): readonly (string | Unknown)[] {
  return valuesOf(transfer, "url-query").map((value) =>
    isKnown(value) && value.startsWith("+") ? value.slice(1) : encode(value, inputs),
  );
}

const dataOptions: ReadonlySet<string> = new Set([
  "data",
  "data-ascii",
  "data-binary",
  "data-raw",
  "data-urlencode",
  "json",
]);

function readData(name: string, value: Arg, inputs: Inputs): string | Unknown {
  if (name === "data-urlencode") return encode(value, inputs);
  if (!isKnown(value)) return value;
  if (name === "data-raw" || !value.startsWith("@")) return value;
  const content = inputs.send(value.slice(1));
  // -d drops line ends from a file; --data-binary and --json keep them.
  return isKnown(content) && (name === "data" || name === "data-ascii")
    ? content.replace(/[\r\n\0]/g, "")
    : content;
}

/** `content`, `=content`, `name=content`, `@file`, `name@file` */
function encode(value: Arg, inputs: Inputs): string | Unknown {
  if (!isKnown(value)) return value;
  const [, name = "", sign, rest = ""] = /^([^=@]*)([=@])?(.*)$/s.exec(value) ?? [];
  if (sign === undefined) return escapeText(value);
  const content = sign === "@" ? inputs.send(rest) : rest;
  if (!isKnown(content)) return content;
  return `${name === "" ? "" : `${name}=`}${escapeText(content)}`;
}

function escapeText(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+");
}

function joinParts(
  parts: readonly { readonly name: string; readonly text: string | Unknown }[],
): string | Unknown {
  let out = "";
  for (const { name, text } of parts) {
    if (!isKnown(text)) return unknown(text.source, text.reason, out + text.prefix);
    out += (out === "" || name === "json" ? "" : "&") + text;
  }
  return out;
}

function readForm(transfer: Transfer, inputs: Inputs): CurlForm | undefined {
  const fields = new Map<string, string>();
  let hidden: Unknown | undefined;
  const options = transfer.options.filter(({ name }) => name === "form" || name === "form-string");
  if (options.length === 0) return undefined;
  for (const { name, value } of options) {
    if (value === undefined) continue;
    if (!isKnown(value)) {
      hidden ??= value;
      continue;
    }
    const equals = value.indexOf("=");
    const field = value.slice(0, equals);
    const content =
      name === "form-string" ? value.slice(equals + 1) : readField(value.slice(equals + 1), inputs);
    if (isKnown(content)) fields.set(field, content);
    else if (/^(query|operations|variables|_method)$/i.test(field)) hidden ??= content;
  }
  return { fields, hidden };
}

/** `@file;type=…,file2`, `<file`, `"quoted"`, or the text itself. */
function readField(text: string, inputs: Inputs): string | Unknown {
  const sign = text.charAt(0);
  if (sign !== "@" && sign !== "<") {
    const [, quoted] = /^"((?:[^"\\]|\\.)*)"/s.exec(text) ?? [];
    return quoted?.replace(/\\(["\\])/g, "$1") ?? text.replace(/;(type|filename|encoder|headers)=.*$/s, "");
  }
  // Every file of the list leaves; what could be an operation stands in the first.
  let content: string | Unknown | undefined;
  for (const [, quoted, bare = "", more = "", end] of text.slice(1).matchAll(fieldFile)) {
    const name = quoted?.replace(/\\(["\\])/g, "$1") ?? bare;
    const sent = inputs.send(name);
    content ??= sent;
    const [, headers] = /;\s*headers=[@<]"?([^;"]+)/.exec(more) ?? [];
    if (headers !== undefined) inputs.send(headers);
    if (end === "") break;
  }
  return content ?? "";
}

const fieldFile = /(?:"((?:[^"\\]|\\.)*)"|([^;,]*))((?:;[^,]*)?)(,|$)/gs;
