import { readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { judgeExample, rulesOf } from "./example-judge.js";

// Golden cases: a line as people write it → its verdict and the rules that say so. Change them by hand, and read the diff.
const folder = new URL("cases/", import.meta.url);
const schema = v.array(
  v.strictObject({
    line: v.string(),
    verdict: v.picklist(["allow", "ask", "deny"]),
    rules: v.array(v.string()),
  }),
);

const tools = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => ({
    tool: name.replace(/\.yaml$/, ""),
    cases: v.parse(schema, parse(readFileSync(new URL(name, folder), "utf8"))),
  }));

test.each(tools.flatMap(({ tool, cases }) => cases.map((each) => ({ tool, ...each }))))(
  "$tool: $line",
  async ({ line, verdict, rules }) => {
    const judgement = await judgeExample(line);
    expect({ verdict: judgement.verdict, rules: rulesOf(judgement) }).toEqual({ verdict, rules });
  },
);

test.each(tools)("$tool has lines that stop and lines that stay quiet, each once", ({ cases }) => {
  const quiet = cases.filter(({ verdict }) => verdict === "allow").length;
  expect(quiet).toBeGreaterThanOrEqual(10);
  expect(cases.length - quiet).toBeGreaterThanOrEqual(10);
  expect(new Set(cases.map(({ line }) => line)).size).toBe(cases.length);
});
