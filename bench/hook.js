// node bench/hook.js: what an agent waits for its hook, from start to answer, beside a bare node. Needs a build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = join(dirname(fileURLToPath(import.meta.url)), "..", "bin", "holdpoint.js");
const home = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8" };
const rounds = 15;

try {
  spawnSync("git", ["init", "-q"], { cwd: work, env });
  show("node -e 0", ["-e", "0"], "");
  show("hook claude, ls", [cli, "hook", "claude"], question("Bash", { command: "ls" }));
  show("hook claude, rm -rf notes", [cli, "hook", "claude"], question("Bash", { command: "rm -rf notes" }));
  show("hook claude, SQL", [cli, "hook", "claude"], question("mcp__db__query", { sql: "select 1" }));
  show("hook claude, a read", [cli, "hook", "claude"], question("Read", { file_path: "x" }));
} finally {
  rmSync(home, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
}

function show(name, args, input) {
  const took = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: work, env, input, encoding: "utf8" });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  }).sort((a, b) => a - b);
  console.log(
    `${name.padEnd(30)} median ${took[rounds >> 1].toFixed(0)} ms   least ${took[0].toFixed(0)} ms`,
  );
}

function question(tool_name, tool_input) {
  return JSON.stringify({
    session_id: "bench",
    cwd: work,
    hook_event_name: "PreToolUse",
    tool_name,
    tool_input,
  });
}
