import { fileURLToPath } from "node:url";
import { readAwsServices } from "../src/build/aws-services.js";
import { readRules } from "../src/build/compile.js";
import { exampleWorld, home, workspace } from "../src/examples/world.js";
import { createJudge } from "../src/judge.js";
import { envFrom } from "../src/model/env.js";
import type { Judgement } from "../src/model/judgement.js";
import { createTable } from "../src/readers/table.js";
import { loadSql, parseSql } from "../src/world/sql.js";

const folder = fileURLToPath(new URL("../rules", import.meta.url));
const read = readRules(folder);
if (!read.ok) throw new Error(read.problems.join("\n"));
const aws = await readAwsServices(folder);
if (!aws.ok) throw new Error(aws.problems.join("\n"));
const awsServices = new Map(aws.services.map((service) => [service.name, service]));
export const { builtin } = read;
export const table = createTable(builtin);
export const awsServiceOf = (name: string) => awsServices.get(name);
await loadSql();

const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
const world = exampleWorld((name) => table.has(name), parseSql, awsServiceOf);
const env = envFrom([
  ["HOME", home],
  ["PATH", "/session/bin:/usr/bin:/bin"],
  ["PWD", workspace],
  ["TMPDIR", "/tmp"],
  ["USER", "dev"],
]);

/** Judges a line as the rules' own examples are judged: in the world of `src/examples/world.ts`, typed at its workspace. */
export function judgeExample(text: string): Promise<Judgement> {
  return judge(
    { door: "line", text, shell: "bash", args: [], cwd: workspace, env, stdin: { kind: "terminal" } },
    world,
  );
}

/** The rules that matched, each once, by name. */
export function rulesOf(judgement: Judgement): readonly string[] {
  return [...new Set(judgement.matches.map((match) => match.rule))].sort();
}
