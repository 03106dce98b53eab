import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeBlocks, writeJob } from "./ci-job.js";
import { cli, makePlace, type Outcome, type Place } from "./session.js";

// What a job without anybody to ask leaves behind: a summary, reports, a status.

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  mkdirSync(join(place.workspace, "notes"));
  writeFileSync(join(place.workspace, "notes", "a"), "a\n");
});
afterEach(() => place.remove());

const hiding = "echo before\nrm -rf notes || true\nrm -r -f ./notes || true\nrm -f tracked.txt\necho after\n";

/** What was said after the refusals themselves. */
function summaryOf({ stderr }: Outcome): string {
  const at = stderr.search(/^holdpoint: \d+ (?:denied|would)/m);
  return at < 0 ? "" : stderr.slice(at);
}

test("a job that hides its refusals is told of at the end, and its output and status stay its own", async () => {
  const config = join(place.home, ".config", "holdpoint");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "config.yaml"), "version: 1\ntrash: off\n");
  const outcome = await place.run({ command: writeJob(place, hiding), flags: [] });
  expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({
    status: 0,
    stdout: "before\nafter\n",
  });
  expect(existsSync(join(place.workspace, "notes", "a"))).toBe(true);
  const [text = ""] = codeBlocks("docs/ci.md")
    .filter(({ language }) => language === "text")
    .map((each) => each.text);
  const told = summaryOf(outcome)
    .replaceAll(place.workspace, "/builds/app")
    .replaceAll(place.home, "/home/ci")
    .replace(/[\dT-]+-[a-z2-7]{7}\.jsonl/, "2026-01-31T09-30-00-123-abc2345.jsonl");
  expect(told).toBe(text);
});

test("what it says would allow a denial does, and only that", async () => {
  const command = writeJob(place, `${hiding}echo x > others/b; rm -rf others || true\n`);
  mkdirSync(join(place.workspace, "others"));
  writeFileSync(join(place.workspace, "others", "b"), "b\n");
  const flags = ["--report", "out/report.json"];
  await place.run({ command, flags });
  const report = () => JSON.parse(readFileSync(join(place.workspace, "out", "report.json"), "utf8"));
  expect(report().denials.map((each: { text: string }) => each.text)).toEqual([
    "rm -rf notes",
    "rm -rf others",
  ]);
  const config = join(place.base, "config.yaml");
  writeFileSync(config, report().denials[0].allow);
  await place.run({ command, flags: [...flags, "--config", config] });
  expect(report().denials.map((each: { text: string }) => each.text)).toEqual(["rm -rf others"]);
  expect(existsSync(join(place.workspace, "notes"))).toBe(false);
});

test.each<[string, readonly string[], string, number, boolean]>([
  ["hidden refusals", ["--fail-on-denied"], hiding, 126, true],
  ["a status of its own", ["--fail-on-denied"], `${hiding}exit 7\n`, 7, true],
  ["nothing denied", ["--fail-on-denied"], "echo fine\n", 0, false],
  ["observed", ["--fail-on-denied", "--mode", "observe"], "rm -rf notes\n", 0, true],
  ["quiet", ["--fail-on-denied", "-q"], hiding, 126, false],
])("the end of a job: %s", async (_name, flags, text, status, tells) => {
  const outcome = await place.run({ command: writeJob(place, text), flags });
  expect({ status: outcome.status, tells: summaryOf(outcome) !== "" }).toEqual({ status, tells });
});

test.each([
  ["no known ending", ["--report", "denied.txt"], "a report is a file that ends in"],
  ["a folder", ["--report", "junit=notes"], "is a folder"],
  ["below a file", ["--report", "tracked.txt/x.xml"], "--report tracked.txt/x.xml: "],
])("a report that cannot be: %s", async (_name, flags, message) => {
  const outcome = await place.run({ command: ["touch", "started"], flags });
  expect(outcome.status).toBe(2);
  expect(outcome.stderr).toContain(message);
  expect(existsSync(join(place.workspace, "started"))).toBe(false);
});

test("a report is put in the place of a link that the job made, never through it", async () => {
  const aim = join(place.outside, "precious");
  writeFileSync(aim, "precious\n");
  const outcome = await place.run({
    command: writeJob(place, `ln -s ${aim} report.xml\nrm -rf notes\n`),
    flags: ["--report", "report.xml"],
  });
  expect(outcome.stderr).toContain("holdpoint: 1 denied");
  expect(readFileSync(aim, "utf8")).toBe("precious\n");
  expect(readFileSync(join(place.workspace, "report.xml"), "utf8")).toMatch(/^<\?xml/);
});

test("inside another session a report is the outer one's", async () => {
  const inner = [process.execPath, cli, "run", "--report", "inner.json", "--", "rm", "-rf", "notes"];
  const outcome = await place.run({ command: inner, flags: ["-q", "--report", "outer.json"] });
  expect(outcome.stderr).toContain("inside another session: --report and --fail-on-denied");
  expect(existsSync(join(place.workspace, "inner.json"))).toBe(false);
  expect(JSON.parse(readFileSync(join(place.workspace, "outer.json"), "utf8")).denied).toBe(1);
});

describe("a runner that cancels", () => {
  const files = () => readFileSync(join(place.workspace, "report.json"), "utf8");

  async function cancel(job: string): Promise<{ readonly status: unknown; readonly stderr: string }> {
    const child = spawn(process.execPath, [cli, "--report", "report.json", "--", ...writeJob(place, job)], {
      cwd: place.workspace,
      env: place.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    let sent = false;
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      // By the refusal the job is in the middle of its work.
      if (sent || !stderr.includes("holdpoint: denied")) return;
      sent = true;
      child.kill("SIGTERM");
    });
    const status = await new Promise((resolve) =>
      child.once("close", (code, signal) => resolve(code ?? signal)),
    );
    return { status, stderr };
  }

  test("gets the summary and the reports of what ends at once", async () => {
    const { status, stderr } = await cancel("rm -rf notes\nexec sleep 30\n");
    expect(status).toBe(143);
    expect(stderr).toContain("holdpoint: 1 denied in this session (mode deny)\n");
    expect(JSON.parse(files())).toMatchObject({ status: 143, denied: 1 });
  });

  test("and of what takes its time, before it has ended and after", async () => {
    // It waits for the first report: without one it would hang until the test's end.
    const { status, stderr } = await cancel(
      "trap '' TERM\nrm -rf notes\nuntil grep -q denied report.json 2>/dev/null; do sleep 0.1; done\ncp report.json first.json\n",
    );
    expect(status).toBe(0);
    expect(stderr.match(/in this session/g)).toHaveLength(1);
    expect(stderr).toContain("told to end, the command still runs");
    const first = readFileSync(join(place.workspace, "first.json"), "utf8");
    expect(JSON.parse(first)).toMatchObject({ status: null, denied: 1 });
    expect(JSON.parse(files())).toMatchObject({ status: 0, denied: 1 });
  });
});
