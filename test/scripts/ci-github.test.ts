import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Action, fillIn, githubEnv, install, readAction, writeJob } from "./ci-job.js";
import { cli, execute, makePlace, type Outcome, type Place, root } from "./session.js";

// GitHub Actions: what its runner would be told, and the steps of action.yml as it would take them.

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  mkdirSync(join(place.workspace, "notes"));
  writeFileSync(join(place.workspace, "notes", "a"), "a\n");
});
afterEach(() => place.remove());

describe("on GitHub", () => {
  test("denials are annotations, and stand first in the job summary", async () => {
    const env = githubEnv(place);
    // What comes after an open comment or fence would not be shown; a last line without an end would take ours in.
    const job = `rm -rf notes\nprintf '# mine\\n<!-- \\n' >> "$GITHUB_STEP_SUMMARY"\nprintf 'half a line' >&2\n`;
    const outcome = await place.run({ command: writeJob(place, job), flags: [], env });
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toMatch(/half a line\nholdpoint: 1 denied/);
    expect(outcome.stderr).toMatch(
      /^::warning title=holdpoint%3A denied by files\/lose-work::rm -rf notes%0A/m,
    );
    const summary = readFileSync(env["GITHUB_STEP_SUMMARY"] ?? "", "utf8");
    expect(summary).toMatch(/^## holdpoint: 1 denied/);
    expect(summary).toMatch(/\n# mine\n<!-- \n$/);
  });

  test("a job summary that GitHub would drop for its size makes room", async () => {
    const env = githubEnv(place);
    const job = `head -c 1048000 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"\nrm -rf notes\n`;
    await place.run({ command: writeJob(place, job), flags: [], env });
    const summary = readFileSync(env["GITHUB_STEP_SUMMARY"] ?? "", "utf8");
    expect(summary).toMatch(/^## holdpoint: 1 denied/);
    expect(summary).toMatch(/The job's own summary was too large to stand here\.\n$/);
    expect(summary.length).toBeLessThan(1024 * 1024);
  });

  test("nothing denied: nothing said", async () => {
    const env = githubEnv(place);
    const outcome = await place.run({ command: ["true"], flags: ["-q"], env });
    expect(outcome).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readFileSync(env["GITHUB_STEP_SUMMARY"] ?? "", "utf8")).toBe("");
  });

  test("SARIF has what code scanning asks for", async () => {
    const env = githubEnv(place);
    const flags = ["--report", "denied.sarif"];
    await place.run({ command: writeJob(place, "rm -rf notes\n"), flags, env });
    await place.run({ command: ["sh", "-c", "rm -rf notes"], flags: ["--report", "second.sarif"], env });
    const read = (name: string) => JSON.parse(readFileSync(join(place.workspace, name), "utf8"));
    const [run] = read("denied.sarif").runs;
    expect(read("denied.sarif").version).toBe("2.1.0");
    expect(run.tool.driver).toMatchObject({ name: "holdpoint", rules: [{ id: "files/lose-work" }] });
    const at = (uri: string) => ({
      physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
      logicalLocations: [{ fullyQualifiedName: place.workspace, kind: "namespace" }],
    });
    expect(run.results).toEqual([
      expect.objectContaining({
        ruleId: "files/lose-work",
        ruleIndex: 0,
        level: "error",
        message: { text: expect.stringMatching(/^rm -rf notes: denied by files\/lose-work\. /) },
        locations: [at("job.sh")],
        partialFingerprints: { "denial/v1": expect.stringMatching(/^[0-9a-f]{64}$/) },
      }),
    ]);
    const [again] = read("second.sarif").runs[0].results;
    expect(again.locations).toEqual([at(".github/workflows/nightly.yml")]);
    expect(again.partialFingerprints).toEqual(run.results[0].partialFingerprints);
  });
});

describe("action.yml", () => {
  const action: Action = readAction();

  test("puts no input into a script", () => {
    expect(action.runs.steps.filter(({ run }) => run.includes("${{"))).toEqual([]);
    const named = JSON.stringify(action.runs.steps).matchAll(/inputs\.([\w-]+)/g);
    expect([...new Set([...named].map(([, name]) => name))].sort()).toEqual(
      Object.keys(action.inputs).sort(),
    );
    const page = readFileSync(join(root, "docs", "ci.md"), "utf8");
    const [, inputs = ""] = /^Inputs: (.*)$/m.exec(page) ?? [];
    const [, outputs = ""] = /^Outputs: (.*?)\. The/m.exec(page) ?? [];
    expect(Object.keys(action.inputs).filter((name) => !inputs.includes(`\`${name}\``))).toEqual([]);
    expect(Object.keys(action.outputs).filter((name) => !outputs.includes(`\`${name}\``))).toEqual([]);
  });

  /** Its steps as a runner takes them: each script by bash, with its variables filled in, its outputs read back. */
  async function runAction(inputs: Readonly<Record<string, string>>, path: string) {
    const values = new Map(
      Object.entries(action.inputs).map(([name, input]) => [`inputs.${name}`, input.default ?? ""]),
    );
    for (const [name, value] of Object.entries(inputs)) values.set(`inputs.${name}`, value);
    const outcomes: Record<string, Outcome> = {};
    let failed = false;
    const github = githubEnv(place);
    for (const step of action.runs.steps) {
      if (failed && step.if !== "always()") continue;
      const output = join(place.base, "_temp", `output-${step.id}`);
      writeFileSync(output, "");
      const script = join(place.base, "_temp", `${step.id}.sh`);
      writeFileSync(script, step.run);
      const env = Object.entries(step.env ?? {}).map(([name, text]) => [name, fillIn(text, values)]);
      const outcome = await execute("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
        cwd: join(place.workspace, fillIn(step["working-directory"] ?? ".", values)),
        env: { ...place.env, ...github, PATH: path, GITHUB_OUTPUT: output, ...Object.fromEntries(env) },
      });
      outcomes[step.id] = outcome;
      failed ||= outcome.status !== 0;
      for (const [, name, value] of readFileSync(output, "utf8").matchAll(/^([\w-]+)=(.*)$/gm))
        values.set(`steps.${step.id}.outputs.${name}`, value ?? "");
    }
    const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fillIn(value, values)]);
    return { outcomes, outputs: Object.fromEntries(outputs) };
  }

  test("runs a script under guard, and says what became of it", async () => {
    const hostile = `$(touch ${place.outside}/fooled)"; touch ${place.outside}/fooled; "`;
    const { outcomes, outputs } = await runAction(
      {
        version: "installed",
        name: hostile,
        report: "denied.sarif\njunit=out/denied.xml\n",
        run: `echo "here: $PWD, inputs: \${INPUT_RUN-none}"\nnode act.cjs\n`,
      },
      `${install(place)}:${place.env["PATH"]}`,
    );
    expect(outcomes["run"]).toMatchObject({
      status: 0,
      stdout: `here: ${place.workspace}, inputs: none\n`,
    });
    expect(existsSync(join(place.outside, "fooled"))).toBe(false);
    expect(outputs).toMatchObject({
      denied: "1",
      observed: "0",
      session: expect.stringMatching(/^[a-z2-7]{7}$/),
    });
    expect(existsSync(outputs["log"])).toBe(true);
    expect(existsSync(join(place.workspace, "denied.sarif"))).toBe(true);
    expect(existsSync(join(place.workspace, "out", "denied.xml"))).toBe(true);
  });

  // What it starts is seen when it starts: the script itself is not refused.
  beforeEach(() =>
    writeFileSync(
      join(place.workspace, "act.cjs"),
      'require("child_process").spawnSync(["r", "m"].join(""), ["-rf", "notes"], { stdio: "inherit" });',
    ),
  );

  test("fails when it is to, and has its outputs all the same", async () => {
    const { outcomes, outputs } = await runAction(
      { version: "installed", "fail-on-denied": "true", run: "node act.cjs" },
      `${install(place)}:${place.env["PATH"]}`,
    );
    expect(outcomes["run"]?.status).toBe(126);
    expect(outcomes["run"]?.stderr).toMatch(/^::error title=holdpoint/m);
    expect(outputs).toMatchObject({ denied: "1" });
  });

  test("installs the version that it is told, and nothing else", async () => {
    const folder = join(place.base, "stub");
    mkdirSync(folder);
    // The registry's client alone is a stand-in: it puts the program where npm would.
    writeFileSync(
      join(folder, "npm"),
      `#!/bin/sh\necho "$@" > ${place.base}/npm-args\nmkdir -p "$5/node_modules/.bin"\nln -s ${cli} "$5/node_modules/.bin/holdpoint"\n`,
    );
    chmodSync(join(folder, "npm"), 0o755);
    const path = `${folder}:${place.env["PATH"]}`;
    const { outcomes } = await runAction({ version: "1.2.3", run: "echo ran" }, path);
    expect(outcomes["run"]).toMatchObject({ status: 0, stdout: "ran\n" });
    const args = readFileSync(join(place.base, "npm-args"), "utf8");
    expect(args).toMatch(/^install --no-audit --no-fund --prefix \S+ holdpoint@1\.2\.3\n$/);
    const other = await runAction({ version: "1 --registry http://evil.example", run: "echo ran" }, path);
    expect(other.outcomes["install"]?.status).toBe(1);
    expect(other.outcomes["run"]).toBeUndefined();
  });
});
