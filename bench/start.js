// node bench/start.js [OTHER/bin/holdpoint.js] [--rounds 15]: what a start costs, by turns with a bare Node and, where one is
// named, with another build: processor time of all its processes, which a busy machine changes least, and the clock. Linux.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const own = join(dirname(fileURLToPath(import.meta.url)), "..", "bin", "holdpoint.js");
const words = process.argv.slice(2);
const at = words.indexOf("--rounds");
const rounds = at < 0 ? 15 : Number(words.splice(at, 2)[1]);
const other = words[0] === undefined ? undefined : resolve(words[0]);
const home = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", CI: "true" };
const question = JSON.stringify({
  ...{ session_id: "bench", cwd: work, hook_event_name: "PreToolUse" },
  ...{ tool_name: "Bash", tool_input: { command: "git status" } },
});
const forms = {
  "-- true": [["run", "-q", "--", "true"], ""],
  "-- bash -c 'rm -f none'": [["run", "-q", "--", "bash", "-c", "rm -f none"], ""],
  "--version": [["--version"], ""],
  "explain 'rm -f none'": [["explain", "rm -f none"], ""],
  "hook claude": [["hook", "claude"], question],
};

try {
  prepare();
  const rows = [["node -e 0", [process.execPath, "-e", "0"], ""]];
  for (const [name, [args, input]] of Object.entries(forms)) {
    if (other !== undefined) rows.push([`other ${name}`, [process.execPath, other, ...args], input]);
    rows.push([`holdpoint ${name}`, [process.execPath, own, ...args], input]);
  }
  const times = rows.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [row, [, command, input]] of rows.entries()) times[row].push(measure(command, input));
  const bare = summary(times[0]);
  console.log(`${"".padEnd(36)}   cpu ms: least median ratio   clock ms: least median ratio`);
  for (const [row, [name]] of rows.entries()) {
    const { cpu, clock } = summary(times[row]);
    console.log(name.padEnd(36), ...columns(cpu, bare.cpu), "   ", ...columns(clock, bare.clock));
  }
} finally {
  for (const folder of [home, work]) rmSync(folder, { recursive: true, force: true });
}

function prepare() {
  writeFileSync(join(work, "tracked.txt"), "tracked\n");
  mkdirSync(join(work, "src"));
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    ["-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "first"],
  ])
    spawnSync("git", args, { cwd: work, env });
}

/** Bash says what its children took, to the millisecond. */
function measure(command, input) {
  const started = process.hrtime.bigint();
  const { stderr } = spawnSync("bash", ["-c", '"$@" >/dev/null 2>&1; times >&2', "bash", ...command], {
    ...{ cwd: work, env, input, encoding: "utf8" },
  });
  const clock = Number(process.hrtime.bigint() - started) / 1e6;
  const [user = 0, system = 0] = [...(stderr.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000,
  );
  return { cpu: user + system, clock };
}

/** The least of each is what it takes where nobody else is at work. */
function summary(list) {
  const of = (key) => {
    const sorted = list.map((one) => one[key]).toSorted((a, b) => a - b);
    return { least: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0 };
  };
  return { cpu: of("cpu"), clock: of("clock") };
}

function columns({ least, median }, bare) {
  return [least, median]
    .map((ms) => ms.toFixed(0).padStart(7))
    .concat((median / bare.median).toFixed(2).padStart(6));
}
