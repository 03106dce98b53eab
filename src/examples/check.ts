import { createJudge, type Judge } from "../judge.js";
import { envFrom } from "../model/env.js";
import type { Rule } from "../model/rule.js";
import type { World } from "../model/world.js";
import type { Example } from "../policy/pack.js";
import type { Table } from "../readers/reader.js";
import { exampleWorld, home, workspace } from "./world.js";

/** Judges every example of a set of rules; returns what is wrong, each `file:line: message`. */
export async function checkExamples(
  examples: readonly Example[],
  rules: readonly Rule[],
  table: Table,
  parseSql: World["parseSql"],
  awsService?: World["awsService"],
): Promise<readonly string[]> {
  const judge = createJudge({ rules, labels: [] }, table);
  const world = exampleWorld((name) => table.has(name), parseSql, awsService);
  const problems: string[] = [];
  for (const example of examples) {
    for (const line of example.match)
      if (!(await matchesRule(judge, world, line, example.rule)))
        problems.push(`${example.place}: "${example.rule}" does not match its example: ${line}`);
    for (const line of example.noMatch)
      if (await matchesRule(judge, world, line, example.rule))
        problems.push(`${example.place}: "${example.rule}" matches what it should leave alone: ${line}`);
  }
  return problems;
}

async function matchesRule(judge: Judge, world: World, text: string, rule: string): Promise<boolean> {
  const env = envFrom([
    ["HOME", home],
    ["PATH", "/session/bin:/usr/bin:/bin"],
    ["PWD", workspace],
    ["USER", "dev"],
  ]);
  const request = {
    door: "line",
    text,
    shell: "bash",
    args: [],
    cwd: workspace,
    env,
    stdin: { kind: "terminal" },
  } as const;
  const judgement = await judge(request, world);
  return judgement.matches.some((match) => match.rule === rule);
}
