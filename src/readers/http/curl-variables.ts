import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Inputs } from "../inputs.js";

export type Variables = Map<string, string | Unknown>;

/** `--variable NAME=text`, `NAME@file`, `%NAME` (the environment's), `%NAME=default`; a range `[1-9]` may follow the name. */
export function setVariable(variables: Variables, definition: Arg, inputs: Inputs): void {
  if (!isKnown(definition)) return;
  const match = /^(%?)([A-Za-z0-9_]+)(\[\d+-\d*\])?([=@])?(.*)$/s.exec(definition);
  if (match === null) return;
  const [, imported, name = "", range, sign, rest = ""] = match;
  const fromEnvironment = imported === "%" ? inputs.variable(name) : undefined;
  const value = fromEnvironment ?? (sign === "@" ? inputs.send(rest) : rest);
  variables.set(name, range === undefined || !isKnown(value) ? value : cut(value, range));
}

/** `--expand-data "{{name:trim:json}}"` */
export function expandVariables(text: string, variables: Variables): string | Unknown {
  let hidden: Unknown | undefined;
  const out = text.replace(/(\\)?\{\{([^}]*)\}\}/g, (whole, escaped: string | undefined, inside: string) => {
    if (escaped !== undefined) return whole.slice(1);
    const [name = "", ...functions] = inside.split(":");
    let value = variables.get(name.trim()) ?? "";
    for (const one of functions) {
      if (!isKnown(value)) break;
      value = apply(one.trim(), value);
    }
    if (isKnown(value)) return value;
    hidden = value;
    return whole;
  });
  return hidden ?? out;
}

function cut(text: string, range: string): string {
  const [from = 0, to] = range.slice(1, -1).split("-");
  return text.slice(Number(from), to === undefined || to === "" ? undefined : Number(to) + 1);
}

function apply(name: string, value: string): string | Unknown {
  switch (name) {
    case "trim":
      return value.trim();
    case "json":
      return JSON.stringify(value).slice(1, -1);
    case "url":
      return encodeURIComponent(value);
    case "b64":
      return Buffer.from(value).toString("base64");
    case "64dec":
      return Buffer.from(value, "base64").toString();
    default:
      return unknown(`{{…:${name}}}`, `the function "${name}" is not known here`);
  }
}
