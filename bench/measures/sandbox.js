import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { byTurns, cli, median, ratioOf, round } from "../context.js";
import { repository } from "./repository.js";

/** The sandbox: a start, a call by name and by path, and what stays in memory; each beside a session without one. */
export async function sandbox(bench) {
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
  const memory = await memoryAround(bench);
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
      name: "resident memory of what serves it, beside the broker",
      value: round(memory.reduce((sum, [, kB]) => sum + kB, 0) / 1024, 1),
      unit: "MB",
      note: memory.map(([name, kB]) => `${name} ${kB} kB`).join(", "),
    },
  ];
}

/** Name and kB of each process of a session that is neither the broker nor the command. */
async function memoryAround({ work, env }) {
  const session = spawn(process.execPath, [cli, "run", "-q", "--sandbox", "--net", "--", "sleep", "4"], {
    ...{ cwd: work, env, stdio: "ignore" },
  });
  const ended = new Promise((done) => session.once("exit", done));
  await new Promise((done) => setTimeout(done, 2500));
  const found = [];
  const pending = childrenOf(session.pid);
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, name] = /^Name:\s+(.*)$/m.exec(status);
    if (!/sleep|node/.test(name)) found.push([name, Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)]);
    pending.push(...childrenOf(pid));
  }
  await ended;
  return found;
}

function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter((word) => word !== "");
}

function medianOf(text) {
  return JSON.parse(text).median;
}
