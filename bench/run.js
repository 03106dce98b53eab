// npm run bench [-- --json] [--lines FILE]: what the guard costs, measured on this machine, bare and guarded in turns.
// Needs a build and a C compiler. FILE: one command line a row; without it the lines of this repository's own cases serve.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "bin", "holdpoint.js");
const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const env = { PATH: process.env.PATH, HOME: folder, LANG: "C.UTF-8", CI: "true" };
const rounds = 5;

try {
  const results = measure();
  if (process.argv.includes("--json")) console.log(JSON.stringify(results, undefined, 1));
  else
    for (const { name, value, unit, note } of results)
      console.log(`${name.padEnd(58)} ${String(value).padStart(9)} ${unit.padEnd(8)} ${note ?? ""}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
}

function measure() {
  const spawn = join(folder, "spawn");
  run("cc", ["-O2", "-o", spawn, join(root, "bench", "spawn.c")]);
  run("git", ["init", "-q"]);
  writeFileSync(join(work, "tracked.txt"), "tracked\n");
  run("git", ["add", "."]);
  run("git", ["-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "first"]);
  return [...execCost(spawn), ...lineCost(spawn), ...startCost(), ...batchSpeed(), ...memory(spawn)];
}

/** An allowed, logged exec: `rm -f` of a file that is not there, bare and guarded by turns. */
function execCost(spawn) {
  const bare = [];
  const guarded = [];
  for (let i = 0; i < rounds; i++) {
    bare.push(JSON.parse(run(spawn, ["500", "rm", "-f", "none"])));
    guarded.push(JSON.parse(held([spawn, "500", "rm", "-f", "none"])));
  }
  const node = times(rounds, () => run(process.execPath, ["-e", "0"]));
  const added = median(guarded.map((one, i) => one.median - bare[i].median));
  return [
    { name: "bare exec of rm -f none, median", value: median(bare.map((one) => one.median)), unit: "µs" },
    { name: "guarded exec, median", value: median(guarded.map((one) => one.median)), unit: "µs" },
    { name: "added by the guard, median", value: Math.round(added), unit: "µs", note: "aim: under 1000" },
    {
      name: "added by the guard, 99th percentile",
      value: Math.round(median(guarded.map((one, i) => one.p99 - bare[i].p99))),
      unit: "µs",
    },
    {
      name: "processor time of the broker for each",
      value: median(guarded.map((one) => one.parent)),
      unit: "µs",
      note: "steadier than the clock on a busy machine",
    },
    { name: "a cold start of Node instead", value: Math.round(median(node) * 1000), unit: "µs" },
  ];
}

function lineCost(spawn) {
  const bare = [];
  const guarded = [];
  for (let i = 0; i < rounds; i++) {
    bare.push(JSON.parse(run(spawn, ["200", "bash", "-c", "true"])));
    guarded.push(JSON.parse(held([spawn, "200", "bash", "-c", "true"])));
  }
  const added = median(guarded.map((one, i) => one.median - bare[i].median));
  return [{ name: "added to bash -c true, line door and exec door", value: Math.round(added), unit: "µs" }];
}

function startCost() {
  const node = [];
  const start = [];
  for (let i = 0; i < 15; i++) {
    node.push(...times(1, () => run(process.execPath, ["-e", "0"])));
    start.push(...times(1, () => held(["true"])));
  }
  return [
    { name: "node -e 0", value: round(median(node)), unit: "ms" },
    { name: "holdpoint -- true", value: round(median(start)), unit: "ms" },
    { name: "ratio", value: round(median(start) / median(node)), unit: "times", note: "aim: 2.5" },
  ];
}

function batchSpeed() {
  const lines = corpus();
  const input = `${lines.map((line) => JSON.stringify({ line })).join("\n")}\n`;
  let out = "";
  const seconds = times(3, () => {
    out = run(process.execPath, [cli, "explain", "--batch"], input);
  }).map((ms) => ms / 1000);
  const verdicts = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).verdict);
  const quiet = verdicts.filter((verdict) => verdict === "allow").length;
  return [
    {
      name: `explain --batch, ${lines.length} lines, with start-up`,
      value: Math.round(lines.length / median(seconds)),
      unit: "lines/s",
      note: "aim: 4000",
    },
    { name: "of these allowed", value: round((100 * quiet) / verdicts.length), unit: "%" },
  ];
}

function corpus() {
  const at = process.argv.indexOf("--lines");
  if (at > 0)
    return readFileSync(process.argv[at + 1], "utf8")
      .split("\n")
      .filter((line) => line !== "");
  const packs = readdirSync(join(root, "rules")).filter((name) => name.endsWith(".yaml"));
  return packs.flatMap((name) =>
    [...readFileSync(join(root, "rules", name), "utf8").matchAll(/^ {6}- (.*)$/gm)].map(([, line]) => line),
  );
}

/** Resident memory of the broker after 5,000 and 10,000 calls, read by its own child. */
function memory(spawn) {
  const part = `${spawn} 5000 rm -f none >/dev/null; grep -E "VmRSS|VmHWM" /proc/$PPID/status`;
  const text = held(["bash", "-c", `${part}; ${part}`]);
  const of = (name) =>
    [...text.matchAll(new RegExp(`${name}:\\s+(\\d+)`, "g"))].map(([, kB]) => Math.round(Number(kB) / 1024));
  const [half, whole] = of("VmRSS");
  return [
    { name: "broker's resident memory after 5,000 calls", value: half, unit: "MB" },
    { name: "after 10,000", value: whole, unit: "MB", note: "aim: 90" },
    { name: "at its highest", value: of("VmHWM")[1], unit: "MB" },
  ];
}

function held(command) {
  return run(process.execPath, [cli, "run", "-q", "--", ...command]);
}

function run(program, args, input) {
  mkdirSync(work, { recursive: true });
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: work,
    env,
    encoding: "utf8",
    input: input ?? "",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: status ${status}\n${stderr}`);
  return stdout;
}

function times(count, work) {
  return Array.from({ length: count }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round(value) {
  return Math.round(value * 100) / 100;
}
