// node bench/net-sql.js [--json]: what a statement costs on its way through the network layer, against the same client bare, by turns.
// On a PostgreSQL of its own, by node `pg`: simple and prepared queries, and 100 MB by COPY with psql. Needs a build.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "bin", "holdpoint.js");
const rounds = 5;
const parent = process.getuid?.() === 0 ? "/var/lib" : join(homedir(), ".cache");
mkdirSync(parent, { recursive: true });
const base = mkdtempSync(join(parent, "holdpoint-bench-"));
const client = `
const { Client } = require(${JSON.stringify(join(root, "node_modules", "pg"))});
const run = async () => {
  const client = new Client();
  await client.connect();
  const each = async (count, ask) => {
    for (let i = 0; i < 50; i++) await ask(i);
    const start = performance.now();
    for (let i = 0; i < count; i++) await ask(i);
    return (performance.now() - start) / count;
  };
  const simple = await each(1000, (i) => client.query("SELECT " + i));
  const prepared = await each(1000, (i) => client.query({ name: "one", text: "SELECT $1::int", values: [i] }));
  const start = performance.now();
  await client.query("SELECT repeat('x', 1000) FROM generate_series(1, 100000)");
  const rows = performance.now() - start;
  console.log(JSON.stringify({ simple, prepared, rows }));
  await client.end();
};
run();
`;
const cluster = await startCluster();
try {
  const work = join(base, "work");
  mkdirSync(work);
  const databases = `databases: ["127.0.0.1:${cluster.port}"]`;
  const manifest = `version: 1\nenvironments:\n  bench:\n    ${databases}\n    allow: [read]\n`;
  writeFileSync(join(work, "holdpoint.yaml"), manifest);
  const env = { PATH: process.env.PATH, HOME: base, LANG: "C.UTF-8", ...cluster.env };
  const measure = (...command) => {
    const [program, ...words] = [...command, process.execPath, "-e", client];
    const { stdout, stderr } = spawnSync(program, words, { cwd: work, env, encoding: "utf8" });
    if (!stdout.startsWith("{")) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const guarded = [process.execPath, cli, "run", "-q", "--net", "--mode", "deny", "--"];
  const turns = Array.from({ length: rounds }, () => [measure(), measure(...guarded)]);
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
  const results = ["simple", "prepared", "rows"].map((kind) => ({
    kind,
    bare: median(turns.map(([bare]) => bare[kind])),
    guarded: median(turns.map(([, one]) => one[kind])),
  }));
  if (process.argv.includes("--json")) console.log(JSON.stringify(results, undefined, 1));
  else
    for (const { kind, bare, guarded: with_ } of results)
      console.log(`${kind.padEnd(9)} bare ${bare.toFixed(3)} ms, guarded ${with_.toFixed(3)} ms`);
} finally {
  await cluster.stop();
  rmSync(base, { recursive: true, force: true });
}

async function startCluster() {
  const outfile = join(base, "postgres.mjs");
  const entry = join(root, "test", "scripts", "postgres.ts");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const { startCluster: start } = await import(pathToFileURL(outfile).href);
  const started = await start();
  if ("reason" in started) throw new Error(started.reason);
  return started;
}
