import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { annotationRows } from "../../src/report/annotations.js";
import { jobSummary } from "../../src/report/job-summary.js";
import { jsonReport } from "../../src/report/json.js";
import { junitReport } from "../../src/report/junit.js";
import { sarifReport } from "../../src/report/sarif.js";
import { summaryRows } from "../../src/report/summary.js";
import { endingOf, lost, removal } from "./record.js";

const job = { colour: false, columns: Number.POSITIVE_INFINITY };
const two = [
  removal("/srv/a"),
  removal("/srv/a"),
  removal("/srv/b", { matches: [{ ...lost, locked: true }] }),
];

describe("the summary", () => {
  test("says what, why, how often, and how to allow it", () => {
    expect(summaryRows(endingOf(two), job)).toEqual([
      "",
      "holdpoint: 3 denied in this session (mode deny)",
      "  1. rm /srv/a (2 times)",
      "     rule files/lose-work: It is gone.",
      "       would delete /srv/a (untracked)",
      "       instead: Commit it first.",
      "  2. rm /srv/b",
      "     rule files/lose-work: It is gone.",
      "       would delete /srv/b (untracked)",
      "       instead: Commit it first.",
      "     cannot be allowed in the config: rule files/lose-work is locked: it has no exceptions",
      "  to allow exactly these, in /config.yaml (or --config FILE):",
      "    version: 1",
      "    rules:",
      "      - id: files/lose-work",
      "        unless:",
      "          - { action: delete, resource: file, target: /srv/a, aspect: content, recursive: false } # 1",
      "  log: /state/log.jsonl",
    ]);
  });

  test("is empty where nothing was denied", () => {
    const quiet = endingOf([{ event: "exec", verdict: "allow", argv: ["ls"] }]);
    expect(summaryRows(quiet, job)).toEqual([]);
    expect(annotationRows(quiet, true)).toEqual([]);
    expect(jobSummary(quiet)).toBe("");
  });

  test("names ten, and counts the rest and what followed", () => {
    const many = Array.from({ length: 14 }, (_, at) => removal(`/srv/${at}`));
    const rows = summaryRows(endingOf([...many, removal("x", { matches: [] })]), job);
    expect(rows.filter((row) => /^ {1,2}\d+\. /.test(row)).length).toBe(10);
    expect(rows).toContain("  … and 4 more: holdpoint log --session abc1234 --only denied");
    expect(rows).toContain("  and 1 that came after one of these on its line: a refusal ends the line");
  });

  test("of an observing session, and of one that was told to end", () => {
    const observed = endingOf([removal("a", { verdict: "ask", reason: "observed, not held" })], {
      mode: "observe",
      status: undefined,
    });
    expect(summaryRows(observed, job)[1]).toBe(
      "holdpoint: 1 would have been asked about or denied in this session (mode observe; told to end, the command still runs)",
    );
  });

  test("fits a terminal, and there every row that goes on is indented", () => {
    const rows = summaryRows(endingOf([removal(`/srv/${"long name ".repeat(30)}`)]), {
      colour: true,
      columns: 60,
    });
    const told = rows.slice(
      1,
      rows.findIndex((row) => row.includes("to allow")),
    );
    const bare = told.map((row) => row.replaceAll(/\u001b\[[\d;]*m/g, ""));
    expect(Math.max(...bare.map((row) => row.length))).toBeLessThanOrEqual(60);
    expect(bare.slice(1).filter((row) => !row.startsWith("  "))).toEqual([]);
  });
});

/** What an agent could name a file, to be obeyed by a runner, or to break out of where it is shown. */
const hostile = [
  "x\n::error title=fake::all is well",
  "::set-output name=a::b",
  "::stop-commands::x",
  "\r\n::add-mask::files",
  "##[add-mask]files",
  "###[error]x",
  "##vso[task.setvariable variable=PATH]/evil",
  "##teamcity[buildStatus status='SUCCESS']",
  "%0A::error::x",
  "</code></td></table><script>x</script>",
  "`````\n```\n# Heading\n[a](http://b.example)",
  "a | b | c",
  "<!-- ",
  "@everyone https://example.com",
  "\u001b]0;x\u0007\u001b[2J\u202eabc",
  "]]> & \" ' \u0000 \udc80",
];

describe.each(hostile.map((name) => ({ name })))("a file called $name", ({ name }) => {
  const cut = removal(name, { argv: ["rm", name], cwd: `/srv/${name}`, reason: name });
  const ending = endingOf([cut, removal("x", { matches: [], errors: [name], reason: name })], {
    config: `/${name}`,
    log: `/${name}`,
  });

  test("gives no orders in a log", () => {
    const rows = [...summaryRows(ending, job), ...annotationRows(ending, true)];
    const lines = rows.join("\n").split(/[\n\r\u2028\u2029]/);
    const ours = /^::error title=holdpoint%3A denied( by files\/lose-work)?::(rm|x)/;
    expect(lines.filter((line) => /^\s*::/.test(line) && !ours.test(line))).toEqual([]);
    expect(lines.filter((line) => ours.test(line)).length).toBe(2);
    expect(lines.filter((line) => /##\w*\[/.test(line))).toEqual([]);
    expect(lines.join("")).not.toMatch(/[\p{Cc}\u202e]/u);
    // A `%` is the runner's escape: each of ours stands for a character of ours.
    const data = annotationRows(ending, true).map((row) => row.replace(/^::error title=[^:]*::/, ""));
    expect(data.join("").replaceAll(/%(?:25|0A)/g, "")).not.toContain("%");
  });

  test("is text in Markdown", () => {
    const whole = jobSummary(ending);
    expect(whole.split("\n").filter((line) => line.startsWith("```"))).toEqual(["```yaml", "```"]);
    const text = whole.replace(/^```yaml\n[\s\S]*?^```$/m, "");
    const tags = text.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => !/^<\/?(?:code|br|details|summary)>$/.test(tag))).toEqual([]);
    const rows = text.split("\n").filter((line) => line.startsWith("| ") && line.includes("&#"));
    expect(rows.map((row) => row.split("|").length)).toEqual([8, 8]);
    expect(text).not.toMatch(/[@]|https?:|<!--|\]\(/);
  });

  test("is text in XML", () => {
    const xml = junitReport(ending);
    const script =
      "import sys,xml.dom.minidom as m,json;d=m.parseString(sys.stdin.buffer.read());" +
      "print(json.dumps([[c.getAttribute('name') for c in d.getElementsByTagName('testcase')],[n.tagName for n in d.getElementsByTagName('*')]]))";
    const found = JSON.parse(execFileSync("python3", ["-c", script], { input: xml, encoding: "utf8" }));
    expect(found[0].length).toBe(2);
    expect([...new Set(found[1])]).toEqual(["testsuites", "testsuite", "testcase", "failure"]);
  });

  test("is text in JSON", () => {
    const [denial] = JSON.parse(jsonReport(ending)).denials;
    expect(denial.text).toBe(`rm ${name}`);
    const { results } = JSON.parse(sarifReport(ending, "1.0.0")).runs[0];
    expect(JSON.stringify(results)).not.toMatch(/\\u00|\\n|\u202e/);
  });
});

test("annotations: ten of a kind are kept, and the level says whether the step fails", () => {
  const many = endingOf(Array.from({ length: 14 }, (_, at) => removal(`/srv/${at}`)));
  const failed = annotationRows(many, true);
  expect(failed.length).toBe(10);
  expect(failed[0]).toBe(
    "::error title=holdpoint%3A denied by files/lose-work::rm /srv/0%0AIt is gone.%0AWould delete /srv/0 (untracked)%0AInstead: Commit it first.",
  );
  expect(failed[9]).toBe("::notice title=holdpoint::5 more: holdpoint log --session abc1234 --only denied");
  expect(annotationRows(endingOf(two), false)[0]).toMatch(/^::warning /);
  const observed = endingOf([removal("a", { reason: "observed, not held" })], { mode: "observe" });
  expect(annotationRows(observed, true)[0]).toMatch(/^::notice title=holdpoint%3A would be held by/);
});

test("JUnit: failures, what was only observed, and a test that passed", () => {
  const observed = removal("c", { reason: "observed, not held" });
  const xml = junitReport(endingOf([...two, observed]));
  expect(xml).toContain('tests="3" failures="2" errors="0" skipped="1" time="2.500"');
  expect(xml).toContain(
    '<testcase classname="files/lose-work" name="rm /srv/a (2 times)" time="0"><failure ',
  );
  expect(xml).toContain('<skipped message="would be held by files/lose-work: It is gone."/>');
  expect(junitReport(endingOf([]))).toContain(
    '<testcase classname="holdpoint" name="nothing was denied" time="0"/>',
  );
});

test("JSON: what a script wants to know", () => {
  const report = JSON.parse(jsonReport(endingOf(two)));
  expect(report).toMatchObject({ session: "abc1234", mode: "deny", status: 0, denied: 3, observed: 0 });
  expect(report.denials.map((each: { allow: unknown }) => typeof each.allow)).toEqual(["string", "object"]);
});

test("where a credential came from: as data, without its fingerprint", () => {
  const place = { file: "/w/infra/token", line: 3, key: "API_TOKEN", kind: "generic", modified: 5 } as const;
  const credential = {
    name: "authorization",
    from: "env:TOKEN",
    standing: "unrelated",
    places: [place],
  } as const;
  const plain = removal("/srv/a");
  const effects = (plain.effects ?? []).map((effect) => ({
    ...effect,
    credentials: [{ ...credential, fingerprint: "a81f3c" }],
  }));
  const ending = endingOf([{ ...plain, effects }]);
  expect(JSON.parse(jsonReport(ending)).denials).toMatchObject([{ credentials: [credential] }]);
  const { results } = JSON.parse(sarifReport(ending, "1.0.0")).runs[0];
  expect(results).toMatchObject([{ properties: { credentials: [credential] } }]);
  expect(jsonReport(ending) + sarifReport(ending, "1.0.0")).not.toContain("a81f3c");
});
