import { clock, median } from "../context.js";
import { repository } from "./repository.js";

/** One allowed, logged exec: `rm -f` of a file that is not there, and a shell's line in front of one. */
export function exec(bench) {
  const spawn = repository(bench);
  const count = bench.short ? 200 : 500;
  const single = turns(bench, spawn, count, ["rm", "-f", "none"]);
  const line = turns(bench, spawn, count / 2, ["bash", "-c", "true"]);
  const node = Array.from({ length: bench.rounds }, () =>
    clock(() => bench.run(process.execPath, ["-e", "0"])),
  );
  return [
    {
      name: "bare exec of rm -f none, median",
      value: median(single.bare.map((one) => one.median)),
      unit: "µs",
    },
    {
      name: "guarded, logged before it runs, median",
      value: median(single.guarded.map((one) => one.median)),
      unit: "µs",
    },
    { name: "added by the guard, median", value: added(single, "median"), unit: "µs", aim: { atMost: 1000 } },
    {
      name: "added by the guard, 99th percentile",
      value: added(single, "p99"),
      unit: "µs",
      aim: { atMost: 3000 },
    },
    {
      name: "processor time of the broker for each",
      value: median(single.guarded.map((one) => one.parent)),
      unit: "µs",
      note: "steadier than the clock on a busy machine",
    },
    {
      name: "added, in cold starts of Node",
      value: Math.round((added(single, "median") / (median(node) * 1000)) * 1000) / 1000,
      unit: "times",
      fails: { atMost: 0.2 },
      note: "what a hook written in Node costs at least: 1",
    },
    {
      name: "added to bash -c true, line door and exec door",
      value: added(line, "median"),
      unit: "µs",
      aim: { atMost: 1500 },
    },
  ];
}

function turns(bench, spawn, count, command) {
  const bare = [];
  const guarded = [];
  for (let i = 0; i < bench.rounds; i++) {
    bare.push(JSON.parse(bench.run(spawn, [String(count), ...command])));
    guarded.push(JSON.parse(bench.held([spawn, String(count), ...command])));
  }
  return { bare, guarded };
}

function added({ bare, guarded }, part) {
  return Math.round(median(guarded.map((one, i) => one[part] - bare[i][part])));
}
