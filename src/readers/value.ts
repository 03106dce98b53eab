/** A value of JSON or of GraphQL's arguments. What cannot be foreseen keeps its name: `$id`. */
export type Value =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "null" }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: "unknown"; readonly source: string };

/** What `JSON.parse` gave; of `undefined` null. */
export function valueFromJson(json: unknown): Value {
  if (json === null || json === undefined) return { kind: "null" };
  if (Array.isArray(json)) return { kind: "list", items: json.map(valueFromJson) };
  if (typeof json === "object") {
    return {
      kind: "object",
      fields: new Map(Object.entries(json).map(([name, value]) => [name, valueFromJson(value)])),
    };
  }
  return { kind: "scalar", text: String(json) };
}

export type Json = { readonly ok: true; readonly value: Value } | { readonly ok: false };

/** Reads a text that may or may not be JSON, with or without a byte order mark. */
export function parseJson(text: string): Json {
  // Throwing costs more than all the rest of a reading.
  if (!/^\s*["[{\d\-tfn\uFEFF]/.test(text)) return { ok: false };
  try {
    return { ok: true, value: valueFromJson(JSON.parse(text.replace(/^\uFEFF/, ""))) };
  } catch {
    return { ok: false };
  }
}

/** The field of an object by a dotted path; undefined when it is not there. */
export function valueAt(value: Value, path: string): Value | undefined {
  let at: Value | undefined = value;
  for (const name of path.split(".")) {
    if (at?.kind === "unknown") return at;
    if (at?.kind !== "object") return undefined;
    at = at.fields.get(name);
  }
  return at?.kind === "null" ? undefined : at;
}

/** A scalar's text; undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === "scalar" ? value.text : undefined;
}

/** Whether a word stands in it anywhere: as a name, in a text, or possibly in what cannot be foreseen. */
export function mentions(value: Value, word: string): boolean {
  switch (value.kind) {
    case "scalar":
      return value.text.includes(word);
    case "null":
      return word === "null";
    case "list":
      return value.items.some((item) => mentions(item, word));
    case "object":
      return [...value.fields].some(([name, field]) => name === word || mentions(field, word));
    case "unknown":
      return true;
    default:
      return value satisfies never;
  }
}
