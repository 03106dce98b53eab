import { byTurns, cli, median, ratioOf, round } from "../context.js";
import { repository } from "./repository.js";

/** The sandbox: a start, a call by name and by path, and what stays in memory; each beside a session without one. */
export function sandbox(bench) {
  const spawn = repository(bench);
  const count = bench.short ? 200 : 500;
  const boxed = (options, ...command) =>
    bench.run(process.execPath, [cli, "run", "-q", "--sandbox", ...options, "--", ...command]);
  const starts = byTurns(
    bench.rounds,
    () => bench.held(["true"]),
    () => boxed([], "true"),
  );
  const both = byTurns(
    bench.rounds,
    () => bench.held(["true"]),
    () => boxed(["--net"], "true"),
  );
  const times = { held: [], named: [], path: [], unguarded: [], bare: [] };
  for (let i = 0; i < bench.rounds; i++) {
    times.bare.push(medianOf(bench.run(spawn, [`${count}`, "/bin/true"])));
    times.unguarded.push(medianOf(boxed([], spawn, `${count}`, "/bin/true")));
    times.held.push(medianOf(bench.held([spawn, `${count}`, "rm", "-f", "none"])));
    times.named.push(medianOf(boxed([], spawn, `${count}`, "rm", "-f", "none")));
    times.path.push(medianOf(boxed([], spawn, `${count}`, "/bin/rm", "-f", "none")));
  }
  const memory = boxed(["--net"], "bash", "-c", "grep VmRSS /proc/1/status /proc/2/status");
  const of = (kind) => median(times[kind]);
  return [
    { name: "holdpoint -- true", value: round(median(starts.bare), 0), unit: "ms" },
    { name: "holdpoint --sandbox -- true", value: round(median(starts.guarded), 0), unit: "ms" },
    { name: "a start in times of one without", value: ratioOf(starts), unit: "times" },
    { name: "holdpoint --sandbox --net -- true", value: round(median(both.guarded), 0), unit: "ms" },
    { name: "guarded, logged rm -f none, no sandbox: median", value: of("held"), unit: "µs" },
    { name: "in the sandbox", value: of("named"), unit: "µs" },
    { name: "in the sandbox, by its path", value: of("path"), unit: "µs" },
    { name: "a program that is not guarded, bare: median", value: of("bare"), unit: "µs" },
    { name: "in the sandbox ", value: of("unguarded"), unit: "µs" },
    {
      name: "resident memory of what serves it inside (first process, forwarder)",
      value: [...memory.matchAll(/VmRSS:\s+(\d+)/g)].reduce((sum, [, kB]) => sum + Number(kB), 0),
      unit: "kB",
    },
  ];
}

function medianOf(text) {
  return JSON.parse(text).median;
}
