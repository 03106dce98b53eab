import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse as splitWords } from "shell-quote";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkExamples } from "../src/examples/check.js";
import { applyConfig } from "../src/policy/config.js";
import { parsePack } from "../src/policy/pack.js";
import { parseManifest } from "../src/scope/manifest.js";
import { parseSql } from "../src/world/sql.js";
import { builtin, table } from "./example-judge.js";
import { cli, execute, type Outcome, root } from "./scripts/session.js";

// The pages are run: what they show works, what they name exists.
const pages = [
  ...["README.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md"],
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((page) => ({ page, text: readFileSync(join(root, page), "utf8") }));

const home = mkdtempSync(join(tmpdir(), "holdpoint-docs-"));
const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8", CI: "true" };
const logs = join(home, ".local", "state", "holdpoint", "sessions");
afterAll(() => rmSync(home, { recursive: true, force: true }));

function holdpoint(...args: readonly string[]): Promise<Outcome> {
  return execute(process.execPath, [cli, ...args], { cwd: home, env });
}

function pageText(page: string): string {
  return pages.find((one) => one.page === page)?.text ?? "";
}

describe("links", () => {
  test.each(pages)("$page", ({ page, text }) => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? "");
    const here = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(here.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});

test.each([
  ["README.md", 150],
  ["ARCHITECTURE.md", 250],
])("%s stays below %i lines", (page, most) => {
  expect(pageText(page).split("\n").length).toBeLessThanOrEqual(most);
});

/** Lines of code blocks, indented or fenced. */
function codeLines(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```(?:sh|bash|console)?\n([\s\S]*?)^```/gm)].flatMap(([, body]) =>
    (body ?? "").split("\n"),
  );
  return [...fenced, ...text.split("\n").filter((line) => line.startsWith("    "))].map((line) =>
    line.trim(),
  );
}

const shown = pages.flatMap(({ page, text }) =>
  codeLines(text)
    .filter((line) => /^(?:.*&& (?:npx )?)?holdpoint /.test(line))
    .map((line) => ({ page, line: line.replace(/^.*&& (?:npx )?holdpoint/, "holdpoint") })),
);
/** `holdpoint explain [--json] … LINE`: what a command takes, not an example of it. */
const isSynopsis = ({ line }: { line: string }) => /\[|…|\|/.test(line.replace(/\s{2,}.*/, ""));

describe("examples", () => {
  beforeAll(async () => {
    for (const editor of ["Code", "Cursor"])
      mkdirSync(join(home, ".config", editor, "User"), { recursive: true });
    mkdirSync(join(home, ".cursor"));
    writeFileSync(join(home, "holdpoint.yaml"), "version: 1\n");
    await holdpoint("-q", "--", "true");
  });

  test.each(shown.filter((one) => !isSynopsis(one)))("$page: $line", async ({ line }) => {
    const words = splitWords(line).filter((word) => typeof word === "string");
    const start = words.indexOf("--");
    // The options are the page's own; the agent is `true`.
    const args = start < 0 ? words.slice(1) : [...words.slice(1, start), "--", "true"];
    // Slow ones, and those that would answer for whoever runs the tests.
    const slow = ["demo", "doctor", "approve", "end"].includes(args[0] ?? "");
    const { status, stderr } = await holdpoint(
      ...args.map((word) => word.replace(/,$/, "")),
      ...(slow ? ["--help"] : []),
      // A reader says y.
      ...(args[0] === "init" && !line.includes("--print") ? ["--yes"] : []),
    );
    expect({ status, stderr: status === 2 ? stderr : "" }).toEqual({
      status: args[0] === "explain" ? expect.toBeOneOf([0, 3, 4]) : 0,
      stderr: "",
    });
  });

  test.each(shown.filter(isSynopsis))("$page: options of: $line", async ({ page, line }) => {
    const [, name = ""] = /^holdpoint (\w+(?: verify)?)/.exec(line.replace("[run]", "run")) ?? [];
    const text = pageText(page);
    const at = text.indexOf(line);
    const more = text.slice(at + line.length).match(/^\n(?: {6}[^\n]*\n)+/)?.[0] ?? "";
    const options = [...`${line.replace(/\s{2,}.*/, "")}${more}`.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(
      ([option]) => option,
    );
    const { status, stdout } = await holdpoint(...name.split(" "), "--help");
    expect(status).toBe(0);
    expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
  });
});

// docs/writing-rules.md is done step by step in test/writing-rules.test.ts, docs/ci.md in test/scripts/ci-page.test.ts.
const blocks = pages
  .filter(({ page }) => page !== "docs/writing-rules.md" && page !== "docs/ci.md")
  .flatMap(({ page, text }) =>
    [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, body]) => ({ page, yaml: body ?? "" })),
  );

describe("YAML", () => {
  const isManifest = ({ page }: { page: string }) => page.startsWith("docs/scope-manifest");
  test.each(blocks.filter(isManifest))("$page: a manifest", ({ page, yaml }) => {
    const parsed = parseManifest(yaml, `/${page}`, { home: "/home/dev", realpath: (path) => path });
    expect(parsed).toMatchObject({ ok: true });
  });

  test.each(blocks.filter((one) => one.yaml.includes("version:") && !isManifest(one)))(
    "$page: a config",
    async ({ page, yaml }) => {
      const applied = applyConfig(yaml, page, builtin.rules);
      expect(applied).toMatchObject({ ok: true });
      if (!applied.ok) return;
      expect(await checkExamples(applied.config.examples, applied.config.rules, table, parseSql)).toEqual([]);
    },
  );

  test.each(blocks.filter(({ yaml }) => yaml.startsWith("pack:")))(
    "$page: a pack",
    async ({ page, yaml }) => {
      const parsed = parsePack(yaml, page);
      expect(parsed).toMatchObject({ ok: true });
      if (!parsed.ok) return;
      expect(await checkExamples(parsed.pack.examples, parsed.pack.rules, table, parseSql)).toEqual([]);
    },
  );

  test("each block is one or the other", () => {
    expect(blocks.filter(({ yaml }) => !/^pack:|version:/m.test(yaml))).toEqual([]);
  });
});

/** The words that an error says are known: `… ; known: a, b, c`. */
function knownFrom(condition: string): readonly string[] {
  const rule = `version: 1\nrules:\n  - {id: x/y, then: ask, because: b, when: ${condition}}\n`;
  const applied = applyConfig(rule, "c", builtin.rules);
  return applied.ok ? [] : (applied.problems[0]?.split("known: ")[1]?.split(", ") ?? []);
}

test.each([
  ["fields", "{nosuch: a}"],
  ...["action", "resource", "recovery", "certainty", "place", "aspect"].map((field) => [
    field,
    `{${field}: nosuch}`,
  ]),
])("docs/rules.md names all %s", (_, condition) => {
  const known = knownFrom(condition ?? "");
  expect(known.length).toBeGreaterThan(1);
  expect(known.filter((word) => !pageText("docs/rules.md").includes(`\`${word}\``))).toEqual([]);
});

test("docs/rules.md names the locked rules", () => {
  const locked = builtin.rules.filter((rule) => rule.locked).map((rule) => rule.id);
  expect(locked.filter((id) => !id.startsWith("guard/")).sort()).toEqual([
    "files/device-gone",
    "files/protected",
    "scope/credential",
    "scope/never",
    "scope/outside",
  ]);
  expect(builtin.rules.filter((rule) => rule.id.startsWith("guard/") && !rule.locked)).toEqual([]);
});

test("docs/recognised names every tool of the table, and docs/recognised.md as missing none of them", () => {
  const [, missing = ""] = pageText("docs/recognised.md").split("## Not yet");
  const text = pages
    .filter(({ page }) => page.startsWith("docs/recognised/"))
    .map((one) => one.text)
    .join("");
  const named = new Set([...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const minor = /^(python|pypy|ruby|perl|php|lua|node-?|tclsh)\d+(\.\d+)*t?$/;
  expect([...table.keys()].filter((name) => !named.has(name) && !minor.test(name))).toEqual([]);
  expect(
    [...missing.matchAll(/`([\w-]+)`/g)].map(([, name]) => name ?? "").filter((name) => table.has(name)),
  ).toEqual([]);
});

describe("docs/contract.md", () => {
  const contract = pageText("docs/contract.md");
  const gone = "curl -X DELETE https://api.example.invalid/users/42";

  test("the batch example has the keys of a real answer", async () => {
    const [, json = "{}"] = /^```json\n([\s\S]*?)^```/m.exec(contract) ?? [];
    const example = JSON.parse(json);
    const line = `bash -c 'curl -H "Authorization: Bearer 0123456789" https://backboard.railway.com/graphql/v2 -d "{\\"query\\":\\"mutation { volumeDelete(volumeId: 1) }\\"}"'`;
    const input = `${JSON.stringify({ id: "1", line })}\nnonsense\n\n${JSON.stringify({ line: "ls", id: 2 })}\n`;
    const { status, stdout } = await execute(process.execPath, [cli, "explain", "--batch"], {
      cwd: home,
      env,
      input,
    });
    expect(status).toBe(0);
    const [answer, error, last, ...rest] = stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(rest).toEqual([]);
    expect(Object.keys(answer)).toEqual(Object.keys(example));
    expect(Object.keys(answer.calls[0])).toEqual(Object.keys(example.calls[0]));
    expect(Object.keys(answer.matches[0]).sort()).toEqual(Object.keys(example.matches[0]).sort());
    expect(Object.keys(answer.effects[0])).toEqual(expect.arrayContaining(Object.keys(example.effects[0])));
    expect(answer).toMatchObject({
      id: "1",
      line,
      verdict: example.verdict,
      severity: example.severity,
      matches: [{ rule: example.matches[0].rule }],
    });
    expect(error).toEqual({ error: expect.any(String) });
    expect(last).toMatchObject({ id: "2", verdict: "allow" });
  });

  test("severities", () => {
    const [, listed = ""] = /Severity: ([a-z, \n]+)\./.exec(contract) ?? [];
    const known = knownFrom("{nosuch: a}").length > 0 ? listed.split(/,\s+/) : [];
    expect(known).toEqual(["info", "low", "medium", "high", "critical"]);
    for (const severity of known)
      expect(
        applyConfig(`version: 1\nrules: [{id: sql/drop-table, severity: ${severity}}]`, "c", builtin.rules),
      ).toMatchObject({ ok: true });
  });

  const bad = join(home, "bad.yaml");
  beforeAll(() => writeFileSync(bad, "version: 1\nrules:\n  - {id: x}\n"));

  test.each<[string, readonly string[], number]>([
    ["explain, allow", ["explain", "ls"], 0],
    ["explain, ask", ["explain", gone], 3],
    ["explain, deny", ["explain", "rm -rf /"], 4],
    ["the command's own", ["-q", "--", "sh", "-c", "exit 7"], 7],
    ["128+n", ["-q", "--", "sh", "-c", "kill -TERM $$"], 143],
    ["no such command", ["-q", "--", "no-such-command-here"], 127],
    ["refused", ["-q", "--mode", "deny", "--", ...gone.split(" ")], 126],
    ["bad usage", ["--mode", "loose", "--", "true"], 2],
    ["bad usage of explain", ["explain"], 2],
    ["no log of that session", ["log", "--session", "nosuch"], 1],
    ["log verify, whole", ["log", "verify"], 0],
    ["log verify, not", ["log", "verify", bad], 1],
    ["invalid config", ["rules", "--config", bad], 2],
  ])("exit status: %s", async (_, args, expected) => {
    const { status, stderr } = await holdpoint(...args);
    expect(status).toBe(expected);
    if (expected === 126) expect(stderr).toMatch(/^holdpoint: denied/);
    if (args.includes("--config")) expect(stderr).toContain(`${bad}:3:10: `);
  });

  test("records have the keys and events of the page, and their files its names", async () => {
    await holdpoint("-q", "--mode", "deny", "--", "bash", "-c", gone);
    const records: readonly Record<string, unknown>[] = readdirSync(logs)
      .filter((name) => name.endsWith(".jsonl"))
      .flatMap((name) => readFileSync(join(logs, name), "utf8").trimEnd().split("\n"))
      .map((line) => JSON.parse(line));
    const keys = new Set(records.flatMap((record) => Object.keys(record)));
    expect([...keys].filter((key) => !contract.includes(`"${key}"`))).toEqual([]);
    const events = new Set(records.map((record) => String(record["event"])));
    expect([...events].filter((event) => !contract.includes(`\`${event}\``))).toEqual([]);
    const names = readdirSync(logs);
    expect(names.filter((name) => !/\.(jsonl|head)$/.test(name))).toEqual([]);
  });

  test("the two variables of a session", async () => {
    const { stdout } = await holdpoint("-q", "--", "sh", "-c", 'echo "$HOLDPOINT_SESSION $HOLDPOINT_MODE"');
    expect(stdout).toMatch(/^[a-z2-7]{7} deny\n$/);
  });
});
