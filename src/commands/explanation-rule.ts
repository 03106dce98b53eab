import { judgeCases, type Outcome, rulesOf } from "../examples/check.js";
import { jsonText } from "../model/json-text.js";
import type { Decision, Rule } from "../model/rule.js";
import { nearest } from "../policy/nearest.js";
import { paint } from "../prompt/paint.js";
import { openAwsServices } from "../world/aws.js";
import { loadSql, parseSql } from "../world/sql.js";
import type { Loaded } from "./knowledge.js";
import { Page } from "./page.js";
import { awsTable, type Places } from "./places.js";
import { ruleJson } from "./rule-json.js";
import { conditionWords, showCondition, wayBackWords } from "./rule-words.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** `holdpoint explain --why RULE`: one rule in words, with its examples judged as the rules in force judge them. */
export async function explainRule(
  id: string,
  json: boolean,
  loaded: Loaded,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const { rules } = loaded.policy;
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new UsageError([unknownRule(id, rules)]);
  const outcomes = await judgeExamples(rule, loaded, places);
  if (json) {
    const examples = outcomes.map(exampleJson);
    terminal.print(jsonText({ ...ruleJson(rule), examples }, 1));
    return 0;
  }
  for (const row of rulePage(rule, outcomes, terminal)) terminal.print(row);
  return 0;
}

async function judgeExamples(rule: Rule, loaded: Loaded, places: Places): Promise<readonly Outcome[]> {
  const cases = loaded
    .examples()
    .filter(({ expected }) => expected.kind === "rule" && expected.rule === rule.id);
  await loadSql();
  const services = openAwsServices(awsTable(places));
  return judgeCases(cases, loaded.policy.rules, loaded.table, parseSql, services);
}

function unknownRule(id: string, rules: readonly Rule[]): string {
  const near = nearest(
    id,
    rules.map((rule) => rule.id),
  );
  const meant = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
  return `no rule is called "${id.slice(0, 80)}"${meant}\n"holdpoint rules --search WORD" finds rules by what they are about, "holdpoint rules" lists them all`;
}

function exampleJson({ one, judgement, isExpected }: Outcome): Record<string, unknown> {
  const { expected, line } = one;
  return {
    line,
    matches: expected.kind === "rule" && expected.matches,
    verdict: judgement.verdict,
    rules: rulesOf(judgement),
    ok: isExpected,
  };
}

const thirdPerson: Readonly<Record<Decision, string>> = { allow: "allows", ask: "asks", deny: "denies" };

function rulePage(rule: Rule, outcomes: readonly Outcome[], terminal: Terminal): readonly string[] {
  const page = new Page(terminal);
  const locked = rule.locked ? ", locked: no layer above relaxes it" : "";
  page.plain(`${rule.id}: ${thirdPerson[rule.then]}, ${rule.severity}${locked}`, "bold");
  page.rows.push("");
  page.labelled("because", rule.because);
  if (rule.instead !== undefined) page.labelled("instead", rule.instead);
  if (rule.back !== undefined) page.labelled("back", rule.back);
  page.labelled("matches", conditionWords(rule.when));
  for (const exception of rule.unless) page.labelled("unless", `it is ${conditionWords(exception)}`);
  page.labelled("way back", wayBackWords(rule.when));
  page.labelled("written", showCondition(rule.when), "dim");
  for (const exception of rule.unless) page.labelled("", `unless ${showCondition(exception)}`, "dim");
  page.labelled("from", rule.origin, "dim");
  const [stops, quiet] = [true, false].map((matches) =>
    outcomes.filter(({ one: { expected } }) => expected.kind === "rule" && expected.matches === matches),
  );
  sayExamples(`it ${thirdPerson[rule.then]}`, stops ?? [], rule, page, terminal);
  sayExamples("it leaves alone", quiet ?? [], rule, page, terminal);
  if (outcomes.length > 0) {
    page.rows.push("");
    page.plain("Judged just now, in the small world of examples that docs/rules.md describes.", "dim");
  }
  return page.rows;
}

function sayExamples(
  title: string,
  outcomes: readonly Outcome[],
  rule: Rule,
  page: Page,
  { colour }: Terminal,
): void {
  if (outcomes.length === 0) return;
  page.rows.push("", `  ${paint(title, "bold", colour)}`);
  for (const { one, judgement, isExpected } of outcomes) {
    const others = rulesOf(judgement).filter((name) => name !== rule.id);
    const by = judgement.verdict === "allow" || others.length === 0 ? "" : `   (also ${others.join(", ")})`;
    const wrong = isExpected ? "" : "   (not as its author says)";
    const pieces = one.line.split("\n").map((line, at) => (at === 0 ? line : `⏎ ${line}`));
    page.wrapped(`    ${judgement.verdict}`, 11, [
      { text: pieces.join(" "), look: "plain" },
      { text: by, look: "dim" },
      { text: wrong, look: "danger" },
    ]);
  }
}
