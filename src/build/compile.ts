import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkExamples } from "../examples/check.js";
import type { Builtin } from "../model/builtin.js";
import { parseApi } from "../policy/api-file.js";
import { type Example, parsePack } from "../policy/pack.js";
import { parseTool } from "../policy/tool-file.js";
import { createTable } from "../readers/table.js";
import { loadSql, parseSql } from "../world/sql.js";

export { schemas } from "./schemas.js";

export type Compiled =
  | { readonly ok: true; readonly builtin: Builtin; readonly examples: readonly Example[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the packs, tools and APIs below `directory`. Does not judge the examples yet. */
export function readRules(directory: string): Compiled {
  const problems: string[] = [];
  const read = <T>(folder: string, parse: (text: string, file: string) => Parsed<T>): readonly T[] =>
    yamlFiles(join(directory, folder)).flatMap((name) => {
      const parsed = parse(readFileSync(join(directory, folder, name), "utf8"), join("rules", folder, name));
      if (parsed.ok) return [parsed.value];
      problems.push(...parsed.problems);
      return [];
    });
  const packs = read("", (text, file) => {
    const parsed = parsePack(text, file);
    return parsed.ok ? { ok: true, value: parsed.pack } : parsed;
  });
  const builtin = {
    rules: packs.flatMap((pack) => pack.rules),
    tools: read("tools", parseTool),
    apis: read("apis", parseApi),
  };
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, builtin, examples: packs.flatMap((pack) => pack.examples) };
}

/** Reads everything and judges every example: a rule that does not do what its examples say is not shipped. */
export async function compileRules(directory: string): Promise<Compiled> {
  const compiled = readRules(directory);
  if (!compiled.ok) return compiled;
  await loadSql();
  const { rules } = compiled.builtin;
  const problems = await checkExamples(compiled.examples, rules, createTable(compiled.builtin), parseSql);
  return problems.length > 0 ? { ok: false, problems } : compiled;
}

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

function yamlFiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
}
