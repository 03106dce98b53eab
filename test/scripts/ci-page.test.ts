import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { applyConfig } from "../../src/policy/config.js";
import { builtin } from "../example-judge.js";
import { codeBlocks, install, readAction, writeJob } from "./ci-job.js";
import { execute, makePlace, type Outcome, type Place } from "./session.js";

// docs/ci.md, run as far as a machine without a runner can.

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  mkdirSync(join(place.workspace, "notes"));
  writeFileSync(join(place.workspace, "notes", "a"), "a\n");
});
afterEach(() => place.remove());

describe("docs/ci.md", () => {
  const blocks = codeBlocks("docs/ci.md");
  const yaml = blocks.filter(({ language }) => language === "yaml").map(({ text }) => parse(text));
  const [workflow, step, gitlab] = yaml;

  test("the workflow names inputs and outputs that the action has", () => {
    const { jobs } = workflow;
    const [, job, ...rest] = jobs.nightly.steps;
    const action = readAction();
    expect(Object.keys(job.with).filter((name) => action.inputs[name] === undefined)).toEqual([]);
    const named = [...JSON.stringify(rest).matchAll(/steps\.job\.outputs\.(\w+)/g)].map(([, name]) => name);
    expect(named.length).toBe(2);
    expect(named.filter((name) => action.outputs[name ?? ""] === undefined)).toEqual([]);
  });

  test("the config of the summary is one", () => {
    const text = blocks.find(({ language }) => language === "text")?.text ?? "";
    const config = [...text.matchAll(/^ {4}(version:.*|rules:.*| {2}.*)$/gm)]
      .map(([, line]) => line)
      .join("\n");
    const own = config.slice(config.indexOf("version:"));
    expect(applyConfig(own, "ci.md", builtin.rules)).toMatchObject({ ok: true });
  });

  /** The page's lines as a runner runs them; the registry alone is left out. */
  async function runLines(lines: readonly string[]): Promise<Outcome> {
    writeJob(place, "echo working\nrm -rf notes || true\n", "nightly-job.sh");
    mkdirSync(join(place.workspace, ".gitlab"));
    writeFileSync(join(place.workspace, ".gitlab", "holdpoint.yaml"), "version: 1\n");
    const script = lines.filter((line) => !line.startsWith("npm install --global")).join("\n");
    return execute("bash", ["-eo", "pipefail", "-c", script], {
      cwd: place.workspace,
      env: { ...place.env, PATH: `${install(place)}:${place.env["PATH"]}` },
    });
  }

  test("the step without the action", async () => {
    const outcome = await runLines(step[0].run.trimEnd().split("\n"));
    expect(outcome).toMatchObject({ status: 0, stdout: "working\n" });
    expect(
      JSON.parse(readFileSync(join(place.workspace, "denied.sarif"), "utf8")).runs[0].results.length,
    ).toBe(1);
  });

  test("GitLab's job writes the report that it names", async () => {
    const { script, artifacts } = gitlab.nightly;
    const outcome = await runLines(script);
    expect(outcome).toMatchObject({ status: 0, stdout: "working\n" });
    const xml = readFileSync(join(place.workspace, artifacts.reports.junit), "utf8");
    expect(artifacts.paths).toEqual([artifacts.reports.junit]);
    expect(xml).toContain('classname="files/lose-work" name="rm -rf notes"');
  });

  test("the container starts its command under guard, not as root", async () => {
    const text = blocks.find(({ language }) => language === "dockerfile")?.text ?? "";
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => /^([A-Z]+) (.+)$/.exec(line)?.slice(1) ?? [line]);
    expect(lines.filter(([word = ""]) => !known.includes(word))).toEqual([]);
    const value = (word: string) => lines.find(([each]) => each === word)?.[1] ?? "";
    expect(lines.findIndex(([word]) => word === "USER")).toBeGreaterThan(
      lines.findLastIndex(([word]) => word === "RUN"),
    );
    expect(value("USER")).not.toBe("root");
    for (const run of lines.filter(([word]) => word === "RUN"))
      expect((await execute("bash", ["-n", "-c", run[1] ?? ""], inPlace())).status).toBe(0);
    const [program, ...args]: readonly string[] = JSON.parse(value("ENTRYPOINT"));
    expect(program).toBe("holdpoint");
    const started = await execute(
      join(install(place), "holdpoint"),
      [...args, ...writeJob(place, "rm -rf notes || echo refused\n")],
      inPlace(),
    );
    expect(started).toMatchObject({ status: 0, stdout: "refused\n" });
    const plain = await execute(
      join(place.base, "installed", "holdpoint"),
      [...args, ...JSON.parse(value("CMD"))],
      inPlace("echo $HOLDPOINT_MODE\n"),
    );
    expect(plain).toMatchObject({ status: 0, stdout: "deny\n" });
  });
  const known: readonly string[] = ["FROM", "RUN", "USER", "WORKDIR", "ENV", "ENTRYPOINT", "CMD"];
  const inPlace = (input = "") => ({ cwd: place.workspace, env: place.env, input });
});
