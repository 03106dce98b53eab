// npm run bench [-- --json|--markdown] [--short] [--check] [--only NAME,…] [--lines FILE]: what the guard costs, measured on this machine, bare
// and guarded in turns. Needs a build and a C compiler. --short: a few rounds of what is steady; --check: status 1 where a ratio is
// far off; FILE: one command line a row, without it the lines of this repository's own rules serve. docs/performance.md tells more.
import { cpus } from "node:os";
import { openContext } from "./context.js";
import { measures } from "./measures/index.js";
import { asMarkdown, failures, printed } from "./table.js";

const flag = (name) => process.argv.includes(name);
const optionValue = (name) => (flag(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);

const only = optionValue("--only")?.split(",");
const unknown = only?.filter((name) => !(name in measures)) ?? [];
if (unknown.length > 0) {
  console.error(`bench: no measure ${unknown.join(", ")}; there are ${Object.keys(measures).join(", ")}`);
  process.exit(2);
}

const bench = openContext({ short: flag("--short"), lines: optionValue("--lines") });
const rows = [];
try {
  for (const [name, { measure, long }] of Object.entries(measures)) {
    if (only === undefined ? bench.short && long : !only.includes(name)) continue;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${name} …`);
    try {
      rows.push(...(await measure(bench)).map((row) => ({ measure: name, ...row })));
    } catch (cause) {
      // The others take minutes: what they found is printed all the same.
      console.error(`bench: ${name}: ${cause.stack}`);
      process.exitCode = 1;
    }
  }
} finally {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  bench.close();
}

const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
};
if (flag("--json")) console.log(JSON.stringify({ machine, rows }, undefined, 1));
else if (flag("--markdown")) console.log(asMarkdown(rows));
else
  console.log(`${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${machine.date}\n\n${printed(rows)}`);

const failed = flag("--check") ? failures(rows) : [];
for (const line of failed) console.error(`bench: ${line}`);
if (failed.length > 0) process.exitCode = 1;
