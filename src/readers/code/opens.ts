import { isKnown } from "../../model/arg.js";
import { type CodeCall, type CodeValue, itemsOf, nameOf, plainText, showValue } from "./values.js";

/** How a file is opened for writing: emptied first, or with what it holds kept. */
export type Opening = "anew" | "kept";

/**
 * By a mode, whatever the language says it in: `"w"`, `">"`, `O_WRONLY | O_TRUNC`, `{truncate: true}`, `[:write]`. Undefined
 * for a mere read, and for a mode that cannot be told.
 */
export function openingOf(mode: CodeValue | undefined): Opening | undefined {
  switch (mode?.kind) {
    case "text":
      return strictest(
        mode.any.map((text) => (isKnown(text) ? openingOfText(text) : openingOfFlags(text.source))),
      );
    case "name":
      return openingOfFlags(mode.name);
    case "fields":
      return openingOfFields(mode.fields);
    case "list":
      return openingOfWords(itemsOf(mode).map((item) => plainText(item) ?? ""));
    default:
      return mode === undefined ? undefined : openingOfFlags(showValue(mode));
  }
}

/** Of a call that writes: `writeFile(f, x, {flag: "a"})`, `file_put_contents(f, x, FILE_APPEND)` keep what is there. */
export function writingOf({ values, named }: CodeCall): Opening {
  const fields = values.slice(1).flatMap((value) => (value.kind === "fields" ? [value.fields] : []));
  const isKept = [named, ...fields].some((one) => openingOfFields(one) === "kept");
  const saysSo = values.slice(1).some((value) => value.kind === "name" && /APPEND/.test(nameOf(value)));
  const lists = values.slice(2).filter(({ kind }) => kind === "list");
  return isKept || saysSo || lists.some((list) => openingOf(list) === "kept") ? "kept" : "anew";
}

function strictest(all: readonly (Opening | undefined)[]): Opening | undefined {
  return all.find((one) => one === "anew") ?? all.find((one) => one === "kept");
}

function openingOfText(text: string): Opening | undefined {
  if (/^[bt]?[wx]|^\+?>(?!>)/.test(text)) return "anew";
  if (/^[bt]?[ac]|^[bt]?r[bt]?s?\+|^(\+?>>|\+<)/.test(text)) return "kept";
  return /^(0o?)?\d+$/.test(text) ? openingOfNumber(numberOf(text)) : openingOfFlags(text);
}

/** Linux: the lowest two bits say read or write, 0o1000 empties. */
function openingOfNumber(flags: number): Opening | undefined {
  if ((flags & 0o1000) !== 0) return "anew";
  return (flags & 0o3) === 0 ? undefined : "kept";
}

function numberOf(text: string): number {
  return /^0o?[0-7]+$/.test(text) ? Number.parseInt(text.replace(/^0o?/, "") || "0", 8) : Number(text);
}

function openingOfFlags(source: string): Opening | undefined {
  if (/(^|[^A-Za-z])(O_)?TRUNC\b/.test(source)) return "anew";
  return /(^|[^A-Za-z])(O_)?(WRONLY|RDWR|APPEND|CREAT)\b/.test(source) ? "kept" : undefined;
}

function openingOfFields(fields: ReadonlyMap<string, CodeValue>): Opening | undefined {
  if (isOn(fields.get("truncate"))) return "anew";
  if (isOn(fields.get("append"))) return "kept";
  const said = openingOf(fields.get("flags") ?? fields.get("flag") ?? fields.get("mode"));
  return said ?? (isOn(fields.get("write")) || isOn(fields.get("create")) ? "kept" : undefined);
}

function isOn(value: CodeValue | undefined): boolean {
  return value !== undefined && /^(true|True|TRUE|T|1)$/.test(showValue(value));
}

/** Elixir's and Erlang's: only writing empties; reading beside it does not. */
function openingOfWords(words: readonly string[]): Opening | undefined {
  if (words.some((word) => /^(append|a)$/.test(word))) return "kept";
  if (!words.some((word) => /^(write|w)$/.test(word))) return undefined;
  return words.includes("read") ? "kept" : "anew";
}
