import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScreen } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// The built program as agents start it: a question on stdin, an answer on stdout, and a log that holds.

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

interface Asked {
  readonly session?: string;
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** What was made since a conversation began is the agent's own: each has its own unless it is named. */
let count = 0;

/** A question of Claude Code's, or of one that speaks as it does. */
function ask(
  agent: string,
  tool: string,
  input: object,
  { session = `s${++count}`, flags = [], env, cwd }: Asked = {},
) {
  const question = {
    session_id: session,
    cwd: cwd ?? place.workspace,
    hook_event_name: agent === "gemini" ? "BeforeTool" : "PreToolUse",
    tool_name: tool,
    tool_input: input,
  };
  return hook([agent, ...flags], JSON.stringify(question), env);
}

function hook(args: readonly string[], input: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return execute(process.execPath, [cli, "hook", ...args], {
    cwd: place.workspace,
    env: { ...place.env, ...env },
    input,
  });
}

/** What Claude Code and Codex are told: the decision, and why. */
function decision({ stdout }: Outcome): readonly [string, string] {
  if (stdout === "") return ["", ""];
  const { hookSpecificOutput: said } = JSON.parse(stdout);
  return [said.permissionDecision, said.permissionDecisionReason];
}

const verify = () =>
  execute(process.execPath, [cli, "log", "verify"], { cwd: place.workspace, env: place.env });
const recordsOf = (session: string) => place.records().filter((record) => record["session"] === session);

test("what harms nothing gets no answer, so that the agent's own questions stay", async () => {
  expect(await ask("claude", "Bash", { command: "ls" })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(await ask("codex", "Bash", { command: "ls" })).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("Claude Code asks its person, and the record was there before the answer", async () => {
  writeFileSync(join(place.outside, "old.txt"), "old\n");
  const asked = await ask("claude", "Bash", { command: `rm -rf ${place.outside}` }, { session: "asks" });
  const [kind, reason] = decision(asked);
  expect([asked.status, kind, asked.stderr]).toEqual([0, "ask", ""]);
  expect(reason).toContain("files/lose-work");
  expect(reason).toContain(place.outside);
  expect(recordsOf("claude-asks")).toMatchObject([
    { event: "session.start", agent: "claude", cwd: place.workspace },
    {
      event: "line",
      verdict: "ask",
      line: `rm -rf ${place.outside}`,
      agent: "claude",
      reason: "left to the question that claude asks",
    },
  ]);
});

test("Codex would run what is answered with ask, so it is refused", async () => {
  const [kind, reason] = decision(
    await ask(
      "codex",
      "Bash",
      { command: `rm -rf ${place.outside}` },
      { session: "denies", flags: ["--mode", "ask"] },
    ),
  );
  expect([kind, reason]).toEqual([
    "deny",
    expect.stringContaining("holdpoint: denied by rule files/lose-work"),
  ]);
  expect(recordsOf("codex-denies").at(-1)).toMatchObject({ verdict: "deny" });
});

test("Gemini CLI refuses, and asks only where it was told to", async () => {
  const command = { command: `rm -rf ${place.outside}` };
  const plain = await ask("gemini", "run_shell_command", command);
  const told = await ask("gemini", "run_shell_command", command, { flags: ["--mode", "ask"] });
  expect([JSON.parse(plain.stdout).decision, JSON.parse(told.stdout).decision]).toEqual(["deny", "ask"]);
});

test("mode deny asks nobody, mode observe holds nothing, and both are logged", async () => {
  const command = { command: `rm -rf ${place.outside}` };
  const denied = await ask("claude", "Bash", command, { session: "d", flags: ["--mode", "deny"] });
  const observed = await ask("claude", "Bash", command, { session: "o", flags: ["--mode", "observe"] });
  expect([decision(denied)[0], decision(observed)[0]]).toEqual(["deny", ""]);
  expect(recordsOf("claude-o").at(-1)).toMatchObject({ verdict: "ask", reason: "observed, not held" });
});

test("file tools and servers' tools are judged as what they do", async () => {
  const theirs = join(place.outside, "theirs.txt");
  writeFileSync(theirs, "theirs\n");
  const kinds = [
    await ask("claude", "Write", { file_path: theirs, content: "" }),
    await ask("claude", "Write", { file_path: join(place.workspace, "own.txt"), content: "" }),
    await ask("claude", "Write", { file_path: join(place.home, ".claude", "plans", "a.md"), content: "" }),
    await ask("claude", "mcp__railway__remove_volume", { volumeId: "v" }),
    await ask("claude", "mcp__railway__list_volumes", {}),
    await ask("claude", "Read", { file_path: theirs }),
  ].map((outcome) => decision(outcome)[0]);
  expect(kinds).toEqual(["ask", "", "", "ask", "", ""]);
});

test("a link among the agent's notes leads to no free way out", async () => {
  const secret = join(place.outside, "precious.txt");
  writeFileSync(secret, "precious\n");
  mkdirSync(join(place.home, ".claude", "plans"), { recursive: true });
  const link = join(place.home, ".claude", "plans", "link.md");
  await execute("ln", ["-s", secret, link], { cwd: place.workspace, env: place.env });
  expect(decision(await ask("claude", "Write", { file_path: link, content: "" }))[0]).toBe("ask");
});

test("what nothing will see later is asked about now", async () => {
  expect(decision(await ask("claude", "Bash", { command: 'rm -rf "$(choose-one)"' }))[0]).toBe("ask");
});

test("what the agent made in this conversation may go; what others made meanwhile may not", async () => {
  const [made, there] = ["made.txt", "there.txt"].map((name) => join(place.outside, name));
  writeFileSync(there ?? "", "there\n");
  expect(decision(await ask("claude", "Bash", { command: "ls" }, { session: "made" }))[0]).toBe("");
  writeFileSync(made ?? "", "made\n");
  const [own, other] = [
    await ask("claude", "Bash", { command: `rm ${made}` }, { session: "made" }),
    await ask("claude", "Bash", { command: `rm ${there}` }, { session: "made" }),
  ];
  expect([decision(own)[0], decision(other)[0]]).toEqual(["", "ask"]);
});

test("an ignore rule that the agent wrote in this conversation frees nothing", async () => {
  mkdirSync(join(place.workspace, "target"), { recursive: true });
  writeFileSync(join(place.workspace, "target", "thesis.txt"), "thesis\n");
  await ask("claude", "Bash", { command: "ls" }, { session: "ignore" });
  writeFileSync(join(place.workspace, ".gitignore"), "target/\n");
  const asked = await ask("claude", "Bash", { command: "rm -rf target" }, { session: "ignore" });
  expect(decision(asked)[0]).toBe("ask");
  await place.git("checkout", ".gitignore");
  rmSync(join(place.workspace, "target"), { recursive: true });
});

test("secrets are in no record and in no answer", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const { stdout } = await ask(
    "claude",
    "Bash",
    { command: `rm -rf ${place.outside} # ${secret}; curl -H 'Authorization: Bearer abcdefghijklmnop' x` },
    { session: "secret", env: { MY_TOKEN: secret } },
  );
  const text = stdout + JSON.stringify(recordsOf("claude-secret"));
  expect(text).toContain("‹redacted›");
  expect(text).not.toContain(secret);
  expect(text).not.toContain("abcdefghijklmnop");
});

test("many hooks at once write one log that holds", async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      ask("claude", "Bash", { command: `echo ${at}` }, { session: "many" }),
    ),
  );
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 0));
  const records = recordsOf("claude-many");
  expect(records.map((record) => record["seq"])).toEqual(records.map((_, at) => at));
  expect(
    records
      .slice(1)
      .map((record) => record["line"])
      .sort(),
  ).toEqual(Array.from({ length: 8 }, (_, at) => `echo ${at}`));
  expect(await verify()).toMatchObject({ status: 0 });
});

test.each([
  ["garbage", "rm -rf /"],
  ["nothing", ""],
  ["a list", "[]"],
  ["an event without its tool", '{"hook_event_name":"PreToolUse"}'],
])("%s is refused: status 2, the reason on stderr, nothing on stdout", async (_what, input) => {
  const { status, stdout, stderr } = await hook(["claude"], input);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^holdpoint: denied: /);
});

test.each<[string, string, string]>([
  ["10 MB of brackets", "[".repeat(10_000_000), "the guard's hook failed"],
  [
    "10 MB of brackets that end",
    `${"[".repeat(5_000_000)}${"]".repeat(5_000_000)}`,
    "the guard's hook failed",
  ],
  ["more than 32 MB", `{"a":"${"x".repeat(34_000_000)}`, "longer than 32 MB"],
])("a question that is none is refused: %s", async (_, input, reason) => {
  const { status, stdout, stderr } = await hook(["claude"], input);
  expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining(reason)]);
});

test("a command of 10 MB is not let through unread", async () => {
  const outcome = await ask("claude", "Bash", { command: "true;".repeat(2_000_000) });
  expect([outcome.status, decision(outcome)[0]]).toEqual([0, "ask"]);
});

test("an agent that nobody knows is refused", async () => {
  expect(await hook(["nobody"], "{}")).toMatchObject({ status: 2, stdout: "" });
});

test("a broken config refuses everything, and says where it is broken", async () => {
  const home = join(place.base, "broken");
  mkdirSync(join(home, ".config", "holdpoint"), { recursive: true });
  writeFileSync(join(home, ".config", "holdpoint", "config.yaml"), "version: 1\nrules: 3\n");
  const outcome = await ask("claude", "Bash", { command: "ls" }, { env: { HOME: home } });
  expect(outcome).toMatchObject({ status: 2, stdout: "" });
  expect(outcome.stderr).toContain("config.yaml:2");
});

test("without a place for the log nothing may run", async () => {
  const file = join(place.base, "a-file");
  writeFileSync(file, "");
  const outcome = await ask("claude", "Bash", { command: "ls" }, { env: { XDG_STATE_HOME: file } });
  expect(outcome).toMatchObject({ status: 2, stdout: "" });
});

test("without HOME the answer is the same", async () => {
  const state = join(place.base, "state");
  const { HOME: _, ...env } = place.env;
  const outcome = await execute(process.execPath, [cli, "hook", "claude"], {
    cwd: place.workspace,
    env: { ...env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: state, XDG_DATA_HOME: state },
    input: JSON.stringify({
      session_id: "x",
      cwd: place.workspace,
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: `rm -rf ${place.outside}` },
    }),
  });
  expect([outcome.status, decision(outcome)[0]]).toEqual([0, "ask"]);
  expect(readdirSync(join(state, "holdpoint", "sessions"))).toContainEqual(
    expect.stringMatching(/claude-x\.jsonl$/),
  );
});

/** A program without a shim that asks the hook, as an agent below a session does, and says what came. */
function agentThatAsks(
  name: string,
  ...questions: readonly (readonly [tool: string, input: object])[]
): readonly string[] {
  const path = join(place.base, "asking.cjs");
  writeFileSync(
    path,
    `const { spawnSync } = require("node:child_process");
for (const [tool_name, tool_input] of ${JSON.stringify(questions)}) {
  const input = JSON.stringify({ session_id: "inner", cwd: process.cwd(), hook_event_name: "PreToolUse", tool_name, tool_input });
  const { status, stdout, stderr } = spawnSync(process.execPath, [${JSON.stringify(cli)}, "hook", ${JSON.stringify(name)}], { input, encoding: "utf8" });
  console.log(tool_name, status, stdout.includes('"deny"') ? "deny" : stdout === "" ? "no word" : stdout, stderr.slice(0, 20));
}
`,
  );
  return [process.execPath, path];
}

test("inside a session a command is left to the shims; what they cannot see goes to the session", async () => {
  const theirs = join(place.outside, "session.txt");
  writeFileSync(theirs, "theirs\n");
  const { stdout } = await place.run({
    flags: ["-q", "--mode", "deny"],
    command: agentThatAsks(
      "claude",
      ["Bash", { command: `rm -rf ${place.outside}` }],
      ["Write", { file_path: theirs }],
      ["Write", { file_path: join(place.workspace, "fine.txt") }],
      ["mcp__railway__remove_volume", { volumeId: "v", note: "x".repeat(300_000) }],
      ["mcp__railway__list_volumes", {}],
    ),
  });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    "Bash 0 no word",
    "Write 0 deny",
    "Write 0 no word",
    "mcp__railway__remove_volume 0 deny",
    "mcp__railway__list_volumes 0 no word",
  ]);
  expect(recordsOf("claude-inner")).toEqual([]);
  expect(
    place.records().filter((record) => record["event"] === "exec" && record["verdict"] === "deny"),
  ).toMatchObject([
    { argv: ["Write", theirs] },
    { argv: ["mcp__railway__remove_volume", "railway", "remove_volume", expect.any(String)] },
  ]);
});

test("inside a session a patch that Codex takes out of a command goes to the session, for no shell runs it", async () => {
  const theirs = join(place.outside, "patched.txt");
  writeFileSync(theirs, "theirs\n");
  const patch = `*** Begin Patch\n*** Delete File: ${theirs}\n*** End Patch`;
  const { stdout } = await place.run({
    flags: ["-q", "--mode", "deny"],
    command: agentThatAsks("codex", ["Bash", { command: `apply_patch <<'E'\n${patch}\nE` }]),
  });
  expect(stdout.trim()).toBe("Bash 0 deny");
});

test("a person at the session's terminal lets a file tool through", async () => {
  const theirs = join(place.outside, "asked.txt");
  writeFileSync(theirs, "theirs\n");
  const screen = openScreen(place, agentThatAsks("claude", ["Write", { file_path: theirs }]));
  try {
    await screen.see(/a command waits for you/);
    expect(screen.text()).toContain("Write");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const word = /and type (\S+)/.exec(screen.text())?.[1];
    screen.press("a");
    if (word !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      screen.press(`${word}\r`);
    }
    await screen.see("Write 0 no word");
  } finally {
    screen.kill();
  }
});

test("a session that nobody answers for is none: the hook judges by itself", async () => {
  const env = {
    HOLDPOINT_SESSION: "abcdefg",
    PATH: `${place.base}/holdpoint-abcdefg/bin:${place.env["PATH"]}`,
  };
  expect(decision(await ask("claude", "Bash", { command: `rm -rf ${place.outside}` }, { env }))[0]).toBe(
    "ask",
  );
});

test("the program that settings name refuses when what it starts is gone or dies", async () => {
  const data = join(place.home, ".local", "share", "holdpoint");
  mkdirSync(join(place.home, ".claude"), { recursive: true });
  await execute(process.execPath, [cli, "init", "claude", "--yes"], { cwd: place.workspace, env: place.env });
  const program = join(data, "hook");
  const start = (env: NodeJS.ProcessEnv = {}) =>
    execute(program, ["claude"], { cwd: place.workspace, env: { ...place.env, ...env }, input: "{}" });
  expect((await start()).status).toBe(2);
  const text = readFileSync(program, "utf8");
  writeFileSync(program, text.replace(/^cli=.*$/m, "cli=/nowhere/holdpoint.js"));
  expect(await start({ PATH: "/usr/bin:/bin" })).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("holdpoint init claude"),
  });
  const dying = join(place.base, "dying.js");
  writeFileSync(dying, "process.kill(process.pid, 'SIGKILL')");
  writeFileSync(program, text.replace(/^cli=.*$/m, `cli=${dying}`));
  expect((await start()).status).toBe(2);
  // Found on PATH where the place that was noted is gone: a new Node, a new folder.
  const bin = join(place.base, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "holdpoint"), `#!/bin/sh\nexec ${process.execPath} ${cli} "$@"\n`);
  chmodSync(join(bin, "holdpoint"), 0o755);
  writeFileSync(program, text.replace(/^node=.*$/m, "node=/nowhere/node"));
  const found = await execute(program, ["claude"], {
    cwd: place.workspace,
    env: { ...place.env, PATH: `${bin}:${place.env["PATH"]}` },
    input: '{"hook_event_name":"Stop"}',
  });
  expect(found).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(existsSync(join(place.home, ".claude", "settings.json"))).toBe(true);
});
