import { judgeCases, type Outcome, rulesOf } from "../examples/check.js";
import { showArg } from "../model/arg.js";
import { jsonText } from "../model/json-text.js";
import type { Case } from "../policy/case.js";
import { cutMiddle } from "../prompt/width.js";
import { effectWords, recoveryWords } from "../prompt/words.js";
import { openAwsServices } from "../world/aws.js";
import { loadSql, parseSql } from "../world/sql.js";
import { effectJson } from "./judgement-json.js";
import { loadBuiltin } from "./knowledge.js";
import { Page } from "./page.js";
import { awsTable, type Places } from "./places.js";
import type { Terminal } from "./terminal.js";
import { layFiles, readFiles } from "./tested-files.js";

/**
 * `holdpoint rules test FILE…`: lays packs, tools, APIs and a config over what is built in, and judges their lines. What a
 * file says of a tool, host or rule that is built in stands in its place. 0 all as expected, 1 not; UsageError: unusable.
 */
export async function testRules(
  paths: readonly string[],
  json: boolean,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const { table, lines } = layFiles(readFiles(paths), loadBuiltin(places));
  await loadSql();
  const services = openAwsServices(awsTable(places));
  const judged: { readonly path: string; readonly outcomes: readonly Outcome[] }[] = [];
  for (const { path, cases, rules } of lines) {
    const outcomes = await judgeCases(cases, rules, table, parseSql, services);
    judged.push({ path, outcomes });
  }
  const failures = judged.flatMap(({ outcomes }) => outcomes.filter(({ isExpected }) => !isExpected));
  if (json) {
    const counts = judged.map(({ path, outcomes }) => ({
      file: path,
      lines: outcomes.length,
      failures: outcomes.filter(({ isExpected }) => !isExpected).length,
    }));
    const report = { ok: failures.length === 0, files: counts, failures: failures.map(failureJson) };
    terminal.print(jsonText(report, 1));
  } else {
    const page = new Page(terminal);
    for (const failure of failures) sayFailure(failure, page);
    for (const { path, outcomes } of judged) saySum(path, outcomes, page);
    for (const row of page.rows) terminal.print(row);
  }
  return failures.length === 0 ? 0 : 1;
}

function sayFailure({ one, judgement }: Outcome, page: Page): void {
  const { expected, line, place } = one;
  const rules = rulesOf(judgement);
  const got = rules.length === 0 ? judgement.verdict : `${judgement.verdict} by ${rules.join(", ")}`;
  page.whole(`${place}: expected ${wanted(expected)}, got ${got}`, "warning");
  page.wrapped("", 4, [{ text: line.replaceAll("\n", " ⏎ "), look: "plain" }]);
  const read = judgement.effects.map(
    (effect) => `${cutMiddle(effectWords(effect), 200)} (${recoveryWords(effect)})`,
  );
  const unknown = judgement.calls.filter((call) => !call.known).map((call) => showArg(call.tool));
  const about =
    read.length > 0
      ? `read as: ${read.slice(0, 3).join("; ")}${read.length > 3 ? `; and ${read.length - 3} more` : ""}`
      : unknown.length > 0
        ? `read as nothing: ${[...new Set(unknown)].join(", ")} is not known`
        : "read as nothing";
  page.wrapped("", 4, [{ text: about, look: "dim" }]);
}

function wanted(expected: Case["expected"]): string {
  if (expected.kind === "rule")
    return expected.matches ? `a match of ${expected.rule}` : `no match of ${expected.rule}`;
  const { verdict, rules } = expected;
  return rules === undefined || rules.length === 0
    ? verdict
    : `${verdict} by ${[...rules].sort().join(", ")}`;
}

function saySum(path: string, outcomes: readonly Outcome[], page: Page): void {
  const wrong = outcomes.filter(({ isExpected }) => !isExpected).length;
  const count = `${outcomes.length} ${outcomes.length === 1 ? "line" : "lines"}`;
  if (outcomes.length === 0) page.whole(`${path}: can be used, but has no lines to judge`, "notice");
  else if (wrong === 0) page.whole(`${path}: ${count}, all as expected`, "plain");
  else page.whole(`${path}: ${wrong} of ${count} not as expected`, "bold");
}

function failureJson({ one, judgement }: Outcome): Record<string, unknown> {
  const [, file = "", line = "0", column = "0"] = /^(.*):(\d+):(\d+)$/s.exec(one.place) ?? [];
  const { expected } = one;
  return {
    file,
    line: Number(line),
    column: Number(column),
    text: one.line,
    expected:
      expected.kind === "rule"
        ? { rule: expected.rule, matches: expected.matches }
        : {
            verdict: expected.verdict,
            ...(expected.rules === undefined ? {} : { rules: expected.rules }),
          },
    got: {
      verdict: judgement.verdict,
      rules: rulesOf(judgement),
      effects: judgement.effects.map(effectJson),
    },
  };
}
