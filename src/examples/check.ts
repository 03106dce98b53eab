import { createJudge } from "../judge.js";
import { envFrom } from "../model/env.js";
import type { Judgement } from "../model/judgement.js";
import type { Rule } from "../model/rule.js";
import type { World } from "../model/world.js";
import type { Case, Expected } from "../policy/case.js";
import type { Table } from "../readers/reader.js";
import { exampleWorld, home, workspace } from "./world.js";

/** A case as it was judged. */
export interface Outcome {
  readonly one: Case;
  readonly judgement: Judgement;
  readonly isExpected: boolean;
}

/** Judges every case in the example world, in their order. */
export async function judgeCases(
  cases: readonly Case[],
  rules: readonly Rule[],
  table: Table,
  parseSql: World["parseSql"],
  awsService?: World["awsService"],
): Promise<readonly Outcome[]> {
  const judge = createJudge({ rules, labels: [], manifests: [] }, table);
  const world = exampleWorld((name) => table.has(name), parseSql, awsService);
  const env = envFrom([
    ["HOME", home],
    ["PATH", "/session/bin:/usr/bin:/bin"],
    ["PWD", workspace],
    ["USER", "dev"],
  ]);
  const shared = { door: "line", shell: "bash", args: [], cwd: workspace, env } as const;
  const outcomes: Outcome[] = [];
  for (const one of cases) {
    const judgement = await judge({ ...shared, text: one.line, stdin: { kind: "terminal" } }, world);
    outcomes.push({ one, judgement, isExpected: fits(one.expected, judgement) });
  }
  return outcomes;
}

/** The rules that matched, each once, by name. */
export function rulesOf(judgement: Judgement): readonly string[] {
  return [...new Set(judgement.matches.map((match) => match.rule))].sort();
}

/** Judges every example of a set of rules; returns what is wrong, each `file:line:column: message`. */
export async function checkExamples(
  cases: readonly Case[],
  rules: readonly Rule[],
  table: Table,
  parseSql: World["parseSql"],
  awsService?: World["awsService"],
): Promise<readonly string[]> {
  const outcomes = await judgeCases(cases, rules, table, parseSql, awsService);
  return outcomes
    .filter(({ isExpected }) => !isExpected)
    .map((outcome) => `${outcome.one.place}: ${complaint(outcome)}`);
}

function fits(expected: Expected, judgement: Judgement): boolean {
  if (expected.kind === "rule")
    return judgement.matches.some((match) => match.rule === expected.rule) === expected.matches;
  return (
    judgement.verdict === expected.verdict &&
    (expected.rules === undefined || isSameSet(expected.rules, rulesOf(judgement)))
  );
}

function isSameSet(some: readonly string[], sorted: readonly string[]): boolean {
  return [...new Set(some)].sort().join(" ") === sorted.join(" ");
}

function complaint({ one: { line, expected }, judgement }: Outcome): string {
  if (expected.kind === "rule")
    return expected.matches
      ? `"${expected.rule}" does not match its example: ${line}`
      : `"${expected.rule}" matches what it should leave alone: ${line}`;
  const { verdict, rules } = expected;
  const by = (names: readonly string[] | undefined) =>
    names === undefined || names.length === 0 ? "" : ` by ${names.join(", ")}`;
  return `expected ${verdict}${by(rules)}, got ${judgement.verdict}${by(rulesOf(judgement))}: ${line}`;
}
