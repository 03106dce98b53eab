// node bench/cases.js: how many golden lines of each tool must stop, and how many must stay quiet.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "test", "cases");
const all = { stop: 0, quiet: 0 };
for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml"))) {
  const cases = parse(readFileSync(join(folder, name), "utf8"));
  const quiet = cases.filter(({ verdict }) => verdict === "allow").length;
  const stop = cases.length - quiet;
  all.stop += stop;
  all.quiet += quiet;
  console.log(row(name.replace(/\.yaml$/, ""), stop, quiet));
}
console.log(row("all", all.stop, all.quiet));

function row(name, stop, quiet) {
  return `${name.padEnd(24)} stop ${String(stop).padStart(5)}   quiet ${String(quiet).padStart(5)}`;
}
