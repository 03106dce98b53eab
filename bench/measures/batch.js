import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cli, clock, median, root, round } from "../context.js";

/** `explain --batch` with its start-up; few lines measure mostly that. */
export function batch(bench) {
  const lines = bench.lines === undefined ? ofRules() : rowsOf(bench.lines);
  const input = `${lines.map((line) => JSON.stringify({ line })).join("\n")}\n`;
  let out = "";
  const seconds = Array.from({ length: 3 }, () =>
    clock(() => {
      out = bench.run(process.execPath, [cli, "explain", "--batch"], { input });
    }),
  ).map((ms) => ms / 1000);
  const quiet = out
    .trimEnd()
    .split("\n")
    .filter((line) => JSON.parse(line).verdict === "allow").length;
  return [
    {
      name: `explain --batch, ${lines.length} lines, with start-up`,
      value: Math.round(lines.length / median(seconds)),
      unit: "lines/s",
      // Few lines tell of the start alone.
      ...(lines.length > 5000 ? { aim: { atLeast: 6000 } } : {}),
    },
    { name: "of these allowed", value: round((100 * quiet) / lines.length), unit: "%" },
  ];
}

function rowsOf(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function ofRules() {
  const packs = readdirSync(join(root, "rules")).filter((name) => name.endsWith(".yaml"));
  return packs.flatMap((name) =>
    [...readFileSync(join(root, "rules", name), "utf8").matchAll(/^ {6}- (.*)$/gm)].map(([, line]) => line),
  );
}
