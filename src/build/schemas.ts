import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { apiSchema } from "../policy/api-file.js";
import { casesSchema } from "../policy/case.js";
import { conditionFields, conditionSchema } from "../policy/condition.js";
import { configSchema } from "../policy/config.js";
import { packSchema } from "../policy/pack.js";
import { toolSchema } from "../policy/tool-file.js";
import { backupFields, backupTest, manifestSchema } from "../scope/manifest-schema.js";
import { conformanceSchema } from "./conformance.js";
import { keyMeanings } from "./key-meanings.js";

/** JSON Schemas for editors, by file name. What a key means is taken from the pages below `root`. */
export function schemas(root: string): Readonly<Record<string, unknown>> {
  const page = (name: string) => keyMeanings(readFileSync(join(root, "docs", name), "utf8"));
  const rules = page("rules.md");
  const made = (title: string, schema: Source, meanings: Meanings) => ({
    title,
    ...describe(convert(schema, rules), meanings),
  });
  return {
    "api.schema.json": made("holdpoint API", apiSchema, page("api-files.md")),
    "cases.schema.json": made("holdpoint cases", casesSchema, new Map()),
    "conformance.schema.json": made(
      "scope manifest: conformance suite",
      conformanceSchema,
      page("scope-manifest.md"),
    ),
    "config.schema.json": made("holdpoint config.yaml", configSchema, rules),
    "holdpoint.schema.json": made("holdpoint.yaml", manifestSchema, new Map()),
    "pack.schema.json": made("holdpoint rule pack", packSchema, rules),
    "tool.schema.json": made("holdpoint tool", toolSchema, page("tool-files.md")),
  };
}

type Source = Parameters<typeof toJsonSchema>[0];
type Meanings = ReadonlyMap<string, string>;

function convert(schema: Source, meanings: Meanings): JsonSchema {
  // "input": the shape that is written, before our transforms.
  return toJsonSchema(schema, {
    typeMode: "input",
    errorMode: "ignore",
    // Which fields there are is checked by code, and an editor is to offer them.
    overrideSchema: ({ valibotSchema }) => {
      if (valibotSchema.type !== "record") return undefined;
      if (isCondition(valibotSchema)) return condition(conditionFields, meanings, true);
      return isBackupTest(valibotSchema) ? condition(backupFields, meanings, false) : undefined;
    },
  });
}

/** A pipe is converted item by item: its first is the record itself. */
const conditionRecord: object = conditionSchema.pipe[0];
function isCondition(schema: object): boolean {
  return schema === conditionSchema || schema === conditionRecord;
}

function isBackupTest(schema: object): boolean {
  return schema === backupTest;
}

/** `isFull`: of rules, with `not` and `over`. */
function condition(
  fields: ReadonlyMap<string, readonly string[] | undefined>,
  meanings: Meanings,
  isFull: boolean,
): JsonSchema {
  const properties = [...fields].map(([field, words]): [string, JsonSchema] => {
    const description = meanings.get(field);
    return [
      field,
      { ...fieldTest(field, words, isFull), ...(description === undefined ? {} : { description }) },
    ];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    minProperties: 1,
    additionalProperties: false,
  };
}

function fieldTest(field: string, words: readonly string[] | undefined, isFull: boolean): JsonSchema {
  if (field === "extent") return closed({ over: { type: "number", minimum: 0 } });
  const one: JsonSchema =
    words === undefined
      ? { type: isFull ? ["string", "number", "boolean"] : ["string", "boolean"] }
      : { enum: words.flatMap(written) };
  const several: JsonSchema = { type: "array", items: one, minItems: 1 };
  if (!isFull) return { anyOf: [one, several] };
  return { anyOf: [one, several, closed({ not: { anyOf: [one, several] } })] };
}

/** `true` without quotes is no string in YAML. */
function written(word: string): readonly (string | boolean)[] {
  return word === "true" || word === "false" ? [word === "true", word] : [word];
}

function closed(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

/** The meaning of each key that stands in a table of the page, wherever the key may be written. */
function describe<T>(schema: T, meanings: Meanings): T {
  if (Array.isArray(schema)) {
    for (const one of schema) describe(one, meanings);
    return schema;
  }
  if (!isRecord(schema)) return schema;
  const { properties } = schema;
  for (const [key, one] of isRecord(properties) ? Object.entries(properties) : []) {
    const description = meanings.get(key);
    if (isRecord(one) && description !== undefined) one["description"] ??= description;
  }
  for (const one of Object.values(schema)) describe(one, meanings);
  return schema;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
