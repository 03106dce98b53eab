import { type Arg, isKnown, unknown } from "../../model/arg.js";
import { type CodeValue, madeReason, oneText, showValue } from "./values.js";

/**
 * What a value is as JSON: a text stays as it is. An unknown field is given its source; where GraphQL's own text is
 * unknown, all of it is.
 */
export function showJson(value: CodeValue): Arg {
  const text = oneText(value);
  if (text !== undefined) return text;
  const inner =
    value.kind === "made" &&
    /(^|\.)(stringify|dumps|generate|json_encode|encode!?|to_json|urlencode|JSON3?\.write|toJSON)$/.test(
      value.call.name,
    )
      ? (value.call.values[0] ?? value.call.receiver)
      : value;
  if (inner === undefined || inner.kind === "made" || inner.kind === "name")
    return unknown(showValue(value), madeReason);
  if (inner.kind === "text") return oneText(inner) ?? unknown(showValue(inner), madeReason);
  if (inner.kind === "fields") {
    const query = inner.fields.get("query");
    const known = query === undefined ? "" : oneText(query);
    if (known === undefined || !isKnown(known)) return unknown(showValue(query ?? inner), madeReason);
  }
  return JSON.stringify(plain(inner, 0));
}

function plain(value: CodeValue, depth: number): unknown {
  if (depth > 20) return "…";
  switch (value.kind) {
    case "text": {
      const [text = ""] = value.any;
      return isKnown(text) ? text : text.source;
    }
    case "list":
      return value.items.map((item) => plain(item, depth + 1));
    case "fields":
      return Object.fromEntries([...value.fields].map(([name, field]) => [name, plain(field, depth + 1)]));
    case "name":
      return words.has(value.name) ? (words.get(value.name) ?? null) : value.name;
    default:
      return showValue(value);
  }
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
  ["nil", null],
]);
