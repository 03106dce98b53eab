// node bench/previews.js [--json]: how long a look takes before somebody is asked, by kind; `whole` is the command that prints it.
// The SQL is asked of a PostgreSQL of its own, where one is installed. Needs a build.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "bin", "holdpoint.js");
const rounds = 7;
// Not below /tmp: what lies there is let go without a question.
const parent = process.getuid?.() === 0 ? "/var/lib" : join(homedir(), ".cache");
mkdirSync(parent, { recursive: true });
const base = mkdtempSync(join(parent, "holdpoint-bench-"));
const work = join(base, "work");
const env = { PATH: process.env.PATH, HOME: base, LANG: "C.UTF-8" };
const cluster = await startCluster();
try {
  prepareFiles();
  const sql = cluster === undefined ? [] : await prepareTables(cluster);
  const lines = [
    "rm -rf small",
    "rm -rf large",
    "git reset --hard",
    "git branch -D topic",
    "terraform destroy",
    ...sql,
  ];
  const results = lines.map(measure);
  if (process.argv.includes("--json")) console.log(JSON.stringify(results, undefined, 1));
  else
    for (const { line, kind, median, most, whole } of results)
      console.log(
        `${kind.padEnd(6)} ${line.padEnd(50)} median ${median} ms, most ${most} ms, whole ${whole} ms`,
      );
} finally {
  await cluster?.stop();
  rmSync(base, { recursive: true, force: true });
}

function measure(line) {
  const took = [];
  const whole = [];
  let kind = "";
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const { stdout, stderr } = spawnSync(process.execPath, [cli, "explain", "--preview", "--json", line], {
      ...{ cwd: work, env: { ...env, ...cluster?.env, PATH: `${cluster?.bin ?? "/usr/bin"}:${env.PATH}` } },
      ...{ encoding: "utf8", maxBuffer: 1 << 26 },
    });
    whole.push(performance.now() - started);
    const previews = JSON.parse(stdout).previews ?? [];
    if (previews.length === 0 || previews.some(({ state }) => state !== "found"))
      throw new Error(`${line}: ${JSON.stringify(previews)} ${stderr}`);
    kind = previews[0].kind;
    took.push(Math.max(...previews.map(({ tookMs }) => tookMs)));
  }
  return { line, kind, median: median(took), most: Math.max(...took), whole: median(whole) };
}

function median(times) {
  return Math.round(times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
}

function prepareFiles() {
  mkdirSync(work);
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@x", ...args], {
      cwd: work,
      env,
      stdio: "pipe",
    });
  git("init", "-q");
  for (let n = 0; n < 50; n++) writeFileSync(join(work, `f${n}`), "first\n");
  git("add", ".");
  git("commit", "-qm", "first");
  git("checkout", "-q", "-b", "topic");
  const old = { GIT_COMMITTER_DATE: "2024-01-01T00:00:00Z" };
  for (let n = 0; n < 20; n++)
    execFileSync(
      "git",
      ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-m", `step ${n}`],
      {
        ...{ cwd: work, env: { ...env, ...old }, stdio: "pipe" },
      },
    );
  git("checkout", "-q", "-");
  for (let n = 0; n < 50; n++) writeFileSync(join(work, `f${n}`), "changed\n");
  const resources = Array.from({ length: 500 }, (_, n) => ({
    ...{ mode: "managed", type: `aws_kind_${n % 20}`, name: `r${n}` },
    instances: [{ attributes: { id: "x".repeat(1000) } }],
  }));
  writeFileSync(join(work, "terraform.tfstate"), JSON.stringify({ version: 4, resources }));
  for (const [name, count] of [
    ["small", 100],
    ["large", 10_000],
  ])
    for (let n = 0; n < count; n++) {
      const folder = join(work, name, String(Math.floor(n / 250)));
      if (n % 250 === 0) mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, String(n)), "x");
    }
}

async function prepareTables({ query }) {
  for (const text of [
    "CREATE TABLE users AS SELECT i AS id, 'name ' || i AS name FROM generate_series(1, 10000) i",
    "ALTER TABLE users ADD PRIMARY KEY (id)",
    "CREATE TABLE orders AS SELECT i AS id, i % 10000 + 1 AS who FROM generate_series(1, 100000) i",
    "ALTER TABLE orders ADD FOREIGN KEY (who) REFERENCES users ON DELETE CASCADE",
    "CREATE VIEW names AS SELECT name FROM users",
    "CREATE UNLOGGED TABLE big (id int)",
    ...Array.from(
      { length: 10 },
      (_, n) => `INSERT INTO big SELECT i + ${n} * 1000000 FROM generate_series(1, 1000000) i`,
    ),
    "ANALYZE",
  ])
    await query(text);
  return [
    "DELETE FROM users WHERE id > 9000",
    "DROP TABLE users CASCADE",
    "DELETE FROM big WHERE id % 7 = 3",
    "DROP SCHEMA public CASCADE",
  ].map((text) => `psql -X -c '${text}'`);
}

/** The one that the tests start. */
async function startCluster() {
  const outfile = join(base, "postgres.mjs");
  await build({
    entryPoints: [join(root, "test/scripts/postgres.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const { startCluster: start } = await import(pathToFileURL(outfile).href);
  const started = await start();
  return "reason" in started ? undefined : started;
}
