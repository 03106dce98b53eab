import { byTurns, cli, clock, median, ratioOf, round } from "../context.js";

/** A whole session around `true`, and what an agent waits for its hook, beside Node doing nothing. */
export function start(bench) {
  const node = () => bench.run(process.execPath, ["-e", "0"]);
  const times = byTurns(bench.short ? 5 : 15, node, () => bench.held(["true"]));
  return [
    { name: "node -e 0", value: round(median(times.bare), 1), unit: "ms" },
    { name: "holdpoint -- true", value: round(median(times.guarded), 1), unit: "ms" },
    {
      name: "holdpoint -- true in starts of Node",
      value: ratioOf(times),
      unit: "times",
      aim: { atMost: 2.5 },
      fails: { atMost: 15 },
    },
    ...(bench.short ? [] : hooks(bench)),
  ];
}

function hooks(bench) {
  const asked = [
    ["ls", "Bash", { command: "ls" }],
    ["rm -rf notes", "Bash", { command: "rm -rf notes" }],
    ["SQL", "mcp__db__query", { sql: "select 1" }],
    ["a file read", "Read", { file_path: "x" }],
  ];
  return asked.map(([name, tool, words]) => {
    const input = JSON.stringify({
      session_id: "b",
      hook_event_name: "PreToolUse",
      permission_mode: "default",
      cwd: bench.work,
      tool_name: tool,
      tool_input: words,
    });
    const times = Array.from({ length: 9 }, () =>
      clock(() => bench.run(process.execPath, [cli, "hook", "claude"], { input })),
    );
    return { name: `holdpoint hook claude: ${name}`, value: round(median(times), 1), unit: "ms" };
  });
}
