// npm run bench:relay [-- --json] [--mb N]: output and keys through the relay, and through the same terminal without it.
// Needs a build. Each program runs in a terminal of its own which is read as fast as it goes; bare and relayed in turns, and with a
// C compiler also through a second terminal and a program that passes bytes on and does nothing else (hop.c): the most that a relay can reach.
import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import { printed } from "./table.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "bin", "holdpoint.js");
const home = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", TERM: "xterm-256color" };
const megabytes = Number(optionValue("--mb") ?? 200);
const rounds = Number(optionValue("--rounds") ?? 3);
const hop = compileHop();

try {
  const results = [...(await throughput()), ...(await latency())];
  console.log(process.argv.includes("--json") ? JSON.stringify(results, undefined, 1) : printed(results));
} finally {
  rmSync(home, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
}

async function throughput() {
  const text = fill("text", "The quick brown fox jumps over the lazy dog, é 漢字, and again and again.\n");
  const colours = fill(
    "colours",
    "\u001b[38;2;12;200;99mfn\u001b[0m \u001b[1;33mmain\u001b[0m() {\u001b[K \u001b[48;5;17m x \u001b[m}\n",
  );
  const results = [];
  for (const [name, script] of [
    ["plain text", `cat ${text}`],
    ["colours, a sequence every eight bytes", `cat ${colours}`],
    ["yes | head", `yes | head -c ${megabytes}000000`],
  ]) {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      runs.push([
        await speed(["sh", "-c", wrapped(script)]),
        await speed(held(["sh", "-c", wrapped(script)])),
        ...(hop === undefined ? [] : [await speed([hop, "sh", "-c", wrapped(script)])]),
      ]);
    }
    const bare = runs.map(([one]) => one.speed);
    const relayed = runs.map(([, one]) => one.speed);
    const hopped = runs.flatMap(([, , one]) => (one === undefined ? [] : [one.speed]));
    results.push(
      { name: `${name}, without the relay`, value: Math.round(median(bare)), unit: "MB/s" },
      { name: `${name}, through the relay`, value: Math.round(median(relayed)), unit: "MB/s" },
      {
        name: "ratio",
        value: percent(relayed, bare),
        unit: "%",
        aim: { atLeast: 90 },
      },
      ...(hopped.length === 0
        ? []
        : [{ name: `${name}, a bare pump in C, ratio`, value: percent(hopped, bare), unit: "%" }]),
      // Where processors are scarce or shared, this says more than the ratio: what the relay adds to each megabyte.
      { name: "processor, who reads the terminal", value: tenths(runs, 0, "reader"), unit: "ms/MB" },
      { name: "processor, the relay", value: tenths(runs, 1, "own"), unit: "ms/MB" },
      { name: "the relay's memory grew by", value: tenths(runs, 1, "grown"), unit: "MB" },
    );
  }
  return results;
}

/** From a key to its echo by the program's terminal. */
async function latency() {
  const bare = await echoes(["sh", "-c", "printf START; exec cat"]);
  const relayed = await echoes(held(["sh", "-c", "printf START; exec cat"]));
  const hopped = hop === undefined ? [] : await echoes([hop, "sh", "-c", "printf START; exec cat"]);
  return [
    { name: "a key and its echo, without the relay, median", value: median(bare), unit: "µs" },
    { name: "through the relay, median", value: median(relayed), unit: "µs" },
    { name: "through the relay, 99th percentile", value: relayed.sort((a, b) => a - b)[990], unit: "µs" },
    ...(hopped.length === 0
      ? []
      : [{ name: "through a bare pump in C, median", value: median(hopped), unit: "µs" }]),
  ];
}

function wrapped(script) {
  return `printf START; ${script}; printf '\\001END\\001'; read -r x`;
}

function held(command) {
  return [process.execPath, cli, "run", "-q", "--", ...command];
}

function percent(these, those) {
  return Math.round(100 * median(these.map((one, at) => one / those[at])));
}

function compileHop() {
  const program = join(work, "hop");
  const source = join(root, "bench", "hop.c");
  return spawnSync(process.env.CC ?? "cc", ["-O2", "-o", program, source]).status === 0 ? program : undefined;
}

function tenths(runs, at, key) {
  return Math.round(10 * median(runs.map((run) => run[at][key]))) / 10;
}

/** Between the marks: MB/s; processor of who reads, and of the program's own process (the relay, if it is one), in ms/MB; its growth in MB. */
function speed([program, ...args]) {
  return new Promise((resolve) => {
    const pty = open(program, args);
    let begun = 0;
    let size = 0;
    let last = "";
    let reader;
    let before;
    pty.onData((chunk) => {
      if (begun === 0 && chunk.includes("START")) {
        begun = performance.now();
        reader = process.cpuUsage();
        before = usage(pty.pid);
      }
      size += chunk.length;
      last = `${last}${chunk.toString("latin1", chunk.length - 5)}`.slice(-5);
      if (last === "\u0001END\u0001") {
        const speed = size / 1000 / (performance.now() - begun);
        const { user, system } = process.cpuUsage(reader);
        const after = usage(pty.pid);
        const own = (after.milliseconds - before.milliseconds) / (size / 1e6);
        const grown = after.megabytes - before.megabytes;
        pty.onExit(() => resolve({ speed, reader: (user + system) / 1000 / (size / 1e6), own, grown }));
        pty.write("\r");
      }
    });
  });
}

/** Of a process and its pump; nothing where there is no /proc. */
function usage(pid) {
  const all = [pid, ...pumpsOf(pid)].map((each) => usageOf(each));
  return {
    milliseconds: all.reduce((sum, one) => sum + one.milliseconds, 0),
    megabytes: all.reduce((sum, one) => sum + one.megabytes, 0),
  };
}

function pumpsOf(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return children.filter((child) => readFileSync(`/proc/${child}/comm`, "utf8") === "pump\n");
  } catch {
    return [];
  }
}

function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return {
      milliseconds: 10 * (Number(fields[11]) + Number(fields[12])),
      megabytes: (Number(fields[21]) * 4096) / 1e6,
    };
  } catch {
    return { milliseconds: 0, megabytes: 0 };
  }
}

function echoes([program, ...args]) {
  return new Promise((resolve) => {
    const pty = open(program, args);
    const times = [];
    let sent;
    const press = () => {
      sent = process.hrtime.bigint();
      pty.write("x");
    };
    pty.onData((chunk) => {
      if (chunk.includes("START")) setTimeout(press, 300);
      if (!chunk.includes("x")) return;
      times.push(Math.round(Number(process.hrtime.bigint() - sent) / 1000));
      if (times.length % 50 === 0) pty.write("\u0015");
      if (times.length < 1000) setTimeout(press, 1);
      else if (times.length === 1000) {
        pty.onExit(() => resolve(times));
        pty.write("\u0015\u0004");
      }
    });
  });
}

function open(program, args) {
  return spawn(program, args, { cols: 100, rows: 30, cwd: work, env, encoding: null });
}

function fill(name, line) {
  const path = join(work, name);
  const descriptor = openSync(path, "w");
  const part = Buffer.from(line.repeat(Math.floor(1e6 / Buffer.byteLength(line))));
  for (let at = 0; at < megabytes; at++) writeSync(descriptor, part);
  spawnSync("sync");
  return path;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function optionValue(option) {
  const at = process.argv.indexOf(option);
  return at > 0 ? process.argv[at + 1] : undefined;
}
