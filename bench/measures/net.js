import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { byTurns, cli, median, round } from "../context.js";

/** The network layer: what a request costs over a bare one to the same server on loopback, on a connection that is kept open. */
export function net(bench) {
  const { work, short, rounds } = bench;
  const requests = short ? 200 : 1000;
  const megabytes = short ? 100 : 1000;
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL("../net-server.js", import.meta.url)), work],
    {
      stdio: ["pipe", "ignore", "inherit"],
    },
  );
  try {
    while (!existsSync(join(work, "port"))) spawnSync("sleep", ["0.05"]);
    // Under a name that has no shim: the request is all that is judged.
    const program = join(work, "client");
    copyFileSync(findCurl(), program);
    const more = { SSL_CERT_FILE: join(work, "server.pem") };
    const url = `https://localhost:${readFileSync(join(work, "port"), "utf8")}`;
    const bare = (...args) => bench.run(program, args, { more });
    const held = (...args) =>
      bench.run(process.execPath, [cli, "run", "-q", "--net", "--", program, ...args], { more });
    const each = ["-s", "-o", "/dev/null", "-w", "%{time_total}\\n", `${url}/[1-${requests}]`];
    const times = { bare: [], guarded: [] };
    for (let i = 0; i < rounds; i++) {
      times.bare.push(...milliseconds(bare(...each)));
      times.guarded.push(...milliseconds(held(...each)));
    }
    const speed = ["-s", "-o", "/dev/null", "-w", "%{speed_download}", `${url}/${megabytes}MB`];
    const flow = {
      bare: Number(bare(...speed)) / 1e6,
      guarded: Number(held(...speed)) / 1e6,
    };
    const starts = byTurns(
      rounds,
      () => bench.held(["true"]),
      () => bench.run(process.execPath, [cli, "run", "-q", "--net", "--", "true"], { more }),
    );
    const text = bench.run(
      process.execPath,
      [cli, "run", "-q", "--net", "--", "bash", "-c", memoryAfter(program, `${url}/[1-${requests}]`)],
      { more },
    );
    const of = (kind, at) => round(at(times[kind]));
    return [
      { name: "a GET of 1 kB over TLS, kept open, bare: median", value: of("bare", median), unit: "ms" },
      {
        name: "added by the network layer",
        value: round(of("guarded", median) - of("bare", median)),
        unit: "ms",
      },
      { name: "its 99th percentile, bare", value: of("bare", last), unit: "ms" },
      { name: "added to that", value: round(of("guarded", last) - of("bare", last)), unit: "ms" },
      { name: `a download of ${megabytes} MB, bare`, value: round(flow.bare, 0), unit: "MB/s" },
      { name: "through the network layer", value: round(flow.guarded, 0), unit: "MB/s" },
      { name: "holdpoint -- true, without it", value: round(median(starts.bare), 0), unit: "ms" },
      { name: "holdpoint --net -- true", value: round(median(starts.guarded), 0), unit: "ms" },
      {
        name: `broker's resident memory after ${requests} requests`,
        value: Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024),
        unit: "MB",
      },
    ];
  } finally {
    server.stdin.end();
  }
}

function memoryAfter(program, url) {
  return `${program} -s -o /dev/null ${url}; grep VmRSS /proc/$PPID/status`;
}

function milliseconds(text) {
  return text
    .trim()
    .split("\n")
    .map((line) => Number(line) * 1000);
}

function last(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)];
}

function findCurl() {
  return spawnSync("sh", ["-c", "command -v curl"], { encoding: "utf8" }).stdout.trim();
}
