import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkExamples } from "../examples/check.js";
import type { AwsService } from "../model/aws.js";
import type { Builtin, StoredBuiltin } from "../model/builtin.js";
import { parseApi } from "../policy/api-file.js";
import type { Case } from "../policy/case.js";
import type { KnowledgeResult } from "../policy/deed.js";
import { parsePack } from "../policy/pack.js";
import { parseTool } from "../policy/tool-file.js";
import { createTable, shimmedNames } from "../readers/table.js";
import { loadSql, parseSql } from "../world/sql.js";
import { readAwsServices } from "./aws-services.js";
import { withoutWayBack } from "./ways-back.js";

export { showAwsServices } from "./aws-services.js";
export { schemas } from "./schemas.js";

export type Compiled =
  | { readonly ok: true; readonly builtin: Builtin; readonly cases: readonly Case[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** With the table of AWS operations, which is a file of its own: most sessions never read it. */
export type CompiledAll =
  | (Extract<Compiled, { readonly ok: true }> & { readonly aws: readonly AwsService[] })
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the packs, tools and APIs below `directory`. Does not judge their cases yet. */
export function readRules(directory: string): Compiled {
  const problems: string[] = [];
  const cases: Case[] = [];
  const read = <T>(folder: string, parse: (text: string, file: string) => KnowledgeResult<T>): readonly T[] =>
    yamlFiles(join(directory, folder)).flatMap((name) => {
      const parsed = parse(readFileSync(join(directory, folder, name), "utf8"), join("rules", folder, name));
      if (!parsed.ok) {
        problems.push(...parsed.problems);
        return [];
      }
      cases.push(...parsed.cases);
      return [parsed.value];
    });
  const packs = read("", (text, file) => {
    const parsed = parsePack(text, file);
    return parsed.ok ? { ok: true, value: parsed.pack, cases: parsed.pack.examples } : parsed;
  });
  const trees = read("tools", parseTool);
  const apis = read("apis", parseApi);
  const builtin = {
    rules: packs.flatMap((pack) => pack.rules),
    tools: trees.map((tree) => ({ names: tree.names, tree: () => tree })),
    apis: () => apis,
  };
  problems.push(...withoutWayBack(builtin.rules));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, builtin, cases };
}

/** Reads everything and judges every case: a rule that does not do what its examples say is not shipped. */
export async function compileRules(directory: string): Promise<CompiledAll> {
  const compiled = readRules(directory);
  if (!compiled.ok) return compiled;
  const aws = await readAwsServices(directory);
  if (!aws.ok) return aws;
  await loadSql();
  const { builtin, cases } = compiled;
  const byName = new Map(aws.services.map((service) => [service.name, service]));
  const find = (name: string) => byName.get(name);
  const problems = await checkExamples(cases, builtin.rules, createTable(builtin), parseSql, find);
  return problems.length > 0 ? { ok: false, problems } : { ...compiled, aws: aws.services };
}

/** The files of `dist` that hold it, by their names; of the cases those that show a rule. */
export function storeBuiltin(
  { rules, tools, apis }: Builtin,
  cases: readonly Case[],
): ReadonlyMap<string, string> {
  const stored: StoredBuiltin = {
    tools: tools.map(({ names }) => names),
    shimmed: shimmedNames(createTable({ tools, apis })),
  };
  return new Map([
    ["knowledge.json", JSON.stringify(stored)],
    ["rules.json", JSON.stringify(rules)],
    ["apis.json", JSON.stringify(apis())],
    ["examples.json", JSON.stringify(cases.filter(({ expected }) => expected.kind === "rule"))],
    ...tools.map(({ names, tree }) => [`tools/${names[0]}.json`, JSON.stringify(tree())] as const),
  ]);
}

function yamlFiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
}
