import { toJsonSchema } from "@valibot/to-json-schema";
import { apiSchema } from "../policy/api-file.js";
import { configSchema } from "../policy/config.js";
import { packSchema } from "../policy/pack.js";
import { toolSchema } from "../policy/tool-file.js";

/** JSON Schemas for editors, by file name. */
export function schemas(): Readonly<Record<string, unknown>> {
  // "input": the shape that is written, before our transforms; what only code can check (field names) is left to the loader.
  const options = { typeMode: "input", errorMode: "ignore" } as const;
  return {
    "api.schema.json": { title: "holdpoint API", ...toJsonSchema(apiSchema, options) },
    "config.schema.json": { title: "holdpoint config.yaml", ...toJsonSchema(configSchema, options) },
    "pack.schema.json": { title: "holdpoint rule pack", ...toJsonSchema(packSchema, options) },
    "tool.schema.json": { title: "holdpoint tool", ...toJsonSchema(toolSchema, options) },
  };
}
