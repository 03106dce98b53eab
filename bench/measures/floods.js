import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { byTurns, median, ratioOf, round } from "../context.js";
import { repository } from "./repository.js";

const many = 5000;

/** 5,000 guarded programs in a row, and as the recipes of a make with four jobs. */
export function floods(bench) {
  repository(bench);
  const list = join(bench.home, "names");
  const names = Array.from({ length: many }, (_, i) => `f${i}`);
  writeFileSync(list, `${names.join("\n")}\n`);
  const rules = names.map((name) => `${name}:\n\trm -f out/${name}`).join("\n");
  const folder = join(bench.work, "tree");
  mkdirSync(join(folder, "out"), { recursive: true });
  writeFileSync(
    join(folder, "Makefile"),
    `.PHONY: clean ${names.join(" ")}\nclean: ${names.join(" ")}\n${rules}\n`,
  );
  return [
    ...rows(`${many.toLocaleString("en")} rm -f in a row`, bench, ["xargs", "-a", list, "-n1", "rm", "-f"]),
    ...rows(`make -j4 clean of ${many.toLocaleString("en")} rules`, bench, [
      "make",
      "-s",
      "-j4",
      "-C",
      folder,
      "clean",
    ]),
  ];
}

function rows(name, bench, [program, ...args]) {
  const times = byTurns(
    3,
    () => bench.run(program, args),
    () => bench.held([program, ...args]),
  );
  return [
    { name: `${name}, bare`, value: round(median(times.bare) / 1000), unit: "s" },
    { name: `${name}, guarded`, value: round(median(times.guarded) / 1000), unit: "s" },
    { name: "ratio", value: ratioOf(times), unit: "times", aim: { atMost: 2.5 } },
  ];
}
