import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Arg, isKnown } from "../../src/model/arg.js";
import { envFrom } from "../../src/model/env.js";
import type { JudgedCall } from "../../src/model/judgement.js";
import { readLine } from "../../src/readers/read.js";
import { openWorld } from "../../src/world/world.js";
import { table } from "../example-judge.js";
import { harmlessLine } from "./harmless-lines.js";

// Lines that nobody wrote run in a real bash under strace: every program that starts was foretold, words and all, or the
// call that starts it was marked as not to be foreseen.
const count = 2000;
const seed = Number(process.env["FORETOLD_SEED"] ?? 7);
const strace = "/usr/bin/strace";

const top = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-foretold-")));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const cwd = join(top, "work");
const home = join(top, "home");
const files: Readonly<Record<string, string>> = {
  "a.txt": "one\ntwo\n",
  "b c.txt": "three words here\n",
  "list.txt": "x\ny z\n",
  ".hidden": "h\n",
  "sub/d.txt": "deep\n",
  "sub/e.md": "# e\n",
};

function plant(): void {
  mkdirSync(join(cwd, "sub"), { recursive: true });
  mkdirSync(home);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
}

/** The argument lists of all programs that a line started, `bash` with its script left out. */
function traceLines(lines: readonly string[]): readonly (readonly (readonly string[])[])[] {
  const scripts = join(top, "scripts");
  mkdirSync(scripts);
  lines.forEach((line, at) => {
    writeFileSync(join(scripts, `${at}.sh`), line);
  });
  const driver = join(top, "driver.sh");
  const each = `cd "${cwd}" && /bin/bash "${scripts}/$i.sh" </dev/null >/dev/null 2>&1`;
  writeFileSync(driver, `for ((i = 0; i < ${lines.length}; i++)); do (${each}); done\nexit 0\n`);
  const out = join(top, "trace");
  const options = [
    "-f",
    "-qq",
    "-e",
    "trace=execve",
    "-e",
    "signal=none",
    "-s",
    "4096",
    "-xx",
    "-v",
    "-o",
    out,
  ];
  // -v prints the environment as well: an empty one keeps the trace small.
  const env = ["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", `HOME=${home}`, "LC_ALL=C.UTF-8"];
  const { status, error } = spawnSync(strace, [...options, ...env, "/bin/bash", driver], {
    timeout: 900_000,
  });
  expect({ status, error }).toEqual({ status: 0, error: undefined });
  const runs: (readonly string[])[][] = lines.map(() => []);
  let current: number | undefined;
  for (const row of readFileSync(out, "utf8").split("\n")) {
    const [, list = "", result] = /execve\("[^"]*", \[([^\]]*)\].* = (-?\d+)/.exec(row) ?? [];
    if (result !== "0") continue;
    const argv = [...list.matchAll(/"([^"]*)"/g)].map(([, hex = ""]) => unhex(hex));
    const [, marked] = argv.length === 2 ? (/\/scripts\/(\d+)\.sh$/.exec(argv[1] ?? "") ?? []) : [];
    if (marked !== undefined) current = Number(marked);
    else if (current !== undefined) runs[current]?.push(argv);
  }
  return runs;
}

function unhex(text: string): string {
  return Buffer.from(text.replaceAll("\\x", ""), "hex").toString("utf8");
}

/** xargs deals its items out over several runs of what was foretold as one. */
function foretells(call: JudgedCall, argv: readonly string[]): boolean {
  const [program = "", ...words] = argv;
  if (isKnown(call.tool) && call.tool !== basename(program)) return false;
  const foretold = call.argv.slice(1);
  return (
    fits(foretold, words) || (call.via.includes("xargs") && words.every((word) => foretold.includes(word)))
  );
}

/** Words that are not known stand for any number of words. */
function fits(foretold: readonly Arg[], argv: readonly string[]): boolean {
  const [word, ...rest] = foretold;
  if (word === undefined) return argv.length === 0;
  if (!isKnown(word))
    return argv.length === 0
      ? fits(rest, argv)
      : fits(rest, argv) || fits(foretold, argv.slice(1)) || fits(rest, argv.slice(1));
  const [first, ...others] = argv;
  return first === word && fits(rest, others);
}

test.runIf(existsSync(strace))(`programs of ${count} random lines are foretold`, { timeout: 900_000 }, () => {
  plant();
  const lines = fc.sample(harmlessLine, { numRuns: count, seed });
  const traced = traceLines(lines);
  const world = openWorld({
    startedAt: Date.now(),
    workspace: cwd,
    guardPaths: [],
    home,
    uid: 1000,
    tmpdir: undefined,
    shimDirectory: undefined,
    shimmed: (name) => table.has(name),
    salt: "s",
    gitProgram: undefined,
  });
  const env = envFrom([
    ["PATH", "/usr/bin:/bin"],
    ["HOME", home],
    ["LC_ALL", "C.UTF-8"],
  ]);
  const missed = lines.flatMap((text, at) => {
    const input = {
      text,
      shell: "bash",
      args: ["bash"],
      cwd,
      env,
      stdin: { kind: "none" },
      via: [],
    } as const;
    const { calls } = readLine(input, table, world);
    const programs = traced[at] ?? [];
    return programs
      .filter((argv) => !calls.some((call) => foretells(call, argv)))
      .map((argv) => ({ text, argv }));
  });
  expect(traced.flat().length).toBeGreaterThan(count);
  expect(missed).toEqual([]);
});
