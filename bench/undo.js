// node bench/undo.js [--lines FILE]: what the trash costs beside rm itself, and how many questions it saves in a day's worth of an
// agent's command lines. FILE: one line a row, of which those with rm or unlink are taken as well. Needs a build and a C compiler.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "bin", "holdpoint.js");
const base = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const home = join(base, "home");
const work = join(base, "work");
const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", CI: "true" };
const off = join(base, "off.yaml");

/** Each file that it is given, by one rm. */
const timer = `
const { spawnSync } = require("node:child_process");
const took = process.argv.slice(2).map((name) => {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync("rm", ["-rf", name]);
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error("status " + status + stderr);
  return time;
});
console.log(Math.round(took.sort((a, b) => a - b)[took.length >> 1] * 100) / 100);
`;

try {
  for (const folder of [home, work]) mkdirSync(folder);
  writeFileSync(off, "version: 1\ntrash: off\n");
  furnish();
  questions();
  times();
} finally {
  rmSync(base, { recursive: true, force: true });
}

/** A project in the middle of work: tracked, changed, untracked, ignored and built files. */
function furnish() {
  const write = (name, text = `${name}\n`) => {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text);
  };
  const tracked =
    "README.md package.json package-lock.json Makefile Dockerfile docker-compose.yml src/index.ts src/app.ts src/util.ts src/old.ts src/legacy/a.ts src/legacy/b.ts tests/app.test.ts docs/guide.md scripts/run.sh".split(
      " ",
    );
  for (const name of tracked) write(name);
  write(".gitignore", "node_modules/\ndist/\nbuild/\ncoverage/\n__pycache__/\n*.log\n.env\n*.sqlite\n");
  run("git", ["init", "-q"]);
  run("git", ["add", "."]);
  run("git", ["-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "first"]);
  for (const name of ["src/app.ts", "src/legacy/b.ts", "docs/guide.md"]) write(name, "changed by hand\n");
  const others =
    "notes.md notes/plan.md notes/todo.txt TODO.txt src/new-idea.ts src/draft/a.ts scratch.py tmp/a.txt tmp/b/c.txt temp.txt test.txt test.py output.txt output/run1.csv output/run2.csv results.json data.csv data/raw/a.csv data/raw/b.csv backup.tar.gz patch.diff migration.sql debug.log app.log logs/a.log .env dev.sqlite file file.txt file1 file2 file1.txt a.txt b.txt foo bar foo.txt old/x dir/a dir1/a test/a.txt new-feature/x.ts .cache/x nohup.out core a b c x".split(
      " ",
    );
  for (const name of others) write(name);
  for (const name of [
    "node_modules/x/index.js",
    "dist/app.js",
    "build/a.o",
    "coverage/lcov.info",
    "__pycache__/a.pyc",
  ])
    write(name);
}

function questions() {
  const lines = [...day(), ...corpus()];
  const input = `${lines.map((line) => JSON.stringify({ line })).join("\n")}\n`;
  const judge = (...more) =>
    run(process.execPath, [cli, "explain", "--batch", ...more], input)
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row));
  const [without, withTrash] = [judge("--config", off), judge()];
  const mine = day().length;
  for (const [name, from, to] of [
    ["lines as an agent writes them in a day", 0, mine],
    ["lines with rm or unlink of the file given", mine, lines.length],
  ]) {
    if (to === from) continue;
    const count = (all, verdict) => all.slice(from, to).filter((one) => one.verdict === verdict).length;
    print(`${name}`, to - from, "lines");
    print("  asked about without the trash", count(without, "ask"), "lines");
    print("  asked about with it", count(withTrash, "ask"), "lines");
    print("  denied without, with", `${count(without, "deny")}, ${count(withTrash, "deny")}`, "lines");
  }
  if (process.argv.includes("--verbose"))
    withTrash.forEach(({ line, verdict, matches }, at) => {
      const saved = without[at].verdict !== verdict ? "saved" : verdict;
      if (saved !== "allow")
        console.log(`${saved.padEnd(6)} ${line}   ${matches.map(({ rule }) => rule).join(" ")}`);
    });
}

/** Written down from what coding agents do in such a project: most of it reads, builds and tests. */
function day() {
  return readFileSync(join(root, "bench", "undo-day.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function corpus() {
  const at = process.argv.indexOf("--lines");
  if (at < 0) return [];
  return readFileSync(process.argv[at + 1], "utf8")
    .split("\n")
    .filter((line) => /(^|[\s;&|(])(rm|unlink)\s/.test(line));
}

/** Bare and guarded by turns, of files that were there before the session; what the clock shows around the call. */
function times() {
  const script = join(base, "time.cjs");
  writeFileSync(script, timer);
  for (const [name, count, entries] of [
    ["rm -rf of one untracked file", 100, 1],
    ["rm -rf of 10,000 untracked files in 100 folders", 5, 10_000],
  ]) {
    const timed = (...before) => {
      const names = Array.from({ length: count }, (_, at) => join(work, `timed${at}`));
      for (const each of names) grow(each, entries);
      const out = run(before[0] ?? process.execPath, [...before.slice(1), script, ...names]);
      return JSON.parse(out.trim().split("\n").at(-1));
    };
    const bare = timed();
    const kept = timed(process.execPath, cli, "run", "-q", "--", process.execPath);
    print(`${name}: rm itself, median`, bare, "ms");
    print("  guarded, into the trash", kept, "ms");
  }
}

function grow(path, entries) {
  if (entries === 1) return writeFileSync(path, path);
  for (let folder = 0; folder < 100; folder++) {
    mkdirSync(join(path, String(folder)), { recursive: true });
    for (let file = 0; file < entries / 100; file++)
      writeFileSync(join(path, String(folder), `f${file}`), path);
  }
}

function run(program, args, input) {
  const options = { cwd: work, env, encoding: "utf8", input: input ?? "", maxBuffer: 1 << 30 };
  const { status, stdout, stderr } = spawnSync(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: status ${status}\n${stderr}`);
  return stdout;
}

function print(name, value, unit) {
  console.log(`${name.padEnd(58)} ${String(value).padStart(9)} ${unit}`);
}
