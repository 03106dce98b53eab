import { join } from "node:path";
import { root } from "../context.js";

/** Benches that are programs of their own and print their rows with `--json`. */
export const scripts = Object.fromEntries(
  ["relay", "prompts"].map((name) => [name, { long: true, measure: (bench) => rowsOf(bench, name) }]),
);

function rowsOf(bench, name) {
  const text = bench.run(process.execPath, [join(root, "bench", `${name}.js`), "--json"], { cwd: root });
  return JSON.parse(text);
}
