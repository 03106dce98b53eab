import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// `holdpoint init AGENT`: what it writes, that the rest stays, and that it can be taken back to the byte.

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place.remove());

const init = (...args: readonly string[]): Promise<Outcome> =>
  execute(process.execPath, [cli, "init", ...args], { cwd: place.workspace, env: place.env });

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const program = (): string => join(place.home, ".local", "share", "holdpoint", "hook");

interface Case {
  readonly agent: string;
  /** Below the home. */
  readonly file: string;
  readonly projectFile: string;
  /** Settings of a person's own, in a style of their own. */
  readonly own: string;
  /** What must be in the new text beside them. */
  readonly adds: (text: string) => void;
}

const hooksOf = (text: string, event: string): readonly unknown[] => JSON.parse(text).hooks[event];
const lists = (event: string, command: string) => (text: string) => {
  const last = hooksOf(text, event).at(-1);
  expect(last).toMatchObject({
    hooks: [{ type: "command", command: `'${program()}' ${command} || exit 2` }],
  });
};
const cases: readonly Case[] = [
  {
    agent: "claude",
    file: ".claude/settings.json",
    projectFile: ".claude/settings.local.json",
    own: '{\n\t"permissions": {"allow": ["Bash(ls:*)"]},\n\t"hooks": {\n\t\t"PreToolUse": [\n\t\t\t{"matcher": "Bash", "hooks": []}\n\t\t]\n\t}\n}',
    adds: lists("PreToolUse", "claude"),
  },
  {
    agent: "codex",
    file: ".codex/hooks.json",
    projectFile: ".codex/hooks.json",
    own: '{"hooks":{"Stop":[{"hooks":[]}]}}\n',
    adds: lists("PreToolUse", "codex"),
  },
  {
    agent: "gemini",
    file: ".gemini/settings.json",
    projectFile: ".gemini/settings.json",
    own: '// mine\n{\r\n  "theme": "GitHub", // dark\r\n}\r\n',
    adds: (text) =>
      lists("BeforeTool", "gemini")(text.replaceAll(/\/\/.*/g, "").replaceAll(/,(\s*[}\]])/g, "$1")),
  },
  {
    agent: "cursor",
    file: ".cursor/hooks.json",
    projectFile: ".cursor/hooks.json",
    own: '{\n  "version": 1,\n  "hooks": {\n    "stop": [{ "command": "./done.sh" }]\n  }\n}\n',
    adds: (text) => {
      for (const event of ["beforeShellExecution", "beforeMCPExecution", "preToolUse"])
        expect(hooksOf(text, event)).toMatchObject([{ command: `${program()} cursor`, failClosed: true }]);
    },
  },
];

test.each(cases)(
  "$agent: a file of one's own keeps what is in it, and comes back to the byte",
  async ({ agent, file, own, adds }) => {
    const path = join(place.home, file);
    put(path, own);
    if (agent === "cursor") mkdirSync(join(place.home, ".config", "Cursor", "User"), { recursive: true });
    const written = await init(agent, "--yes");
    expect([written.status, written.stderr]).toEqual([0, ""]);
    expect(written.stdout).toContain(`${program()}`);
    const text = readFileSync(path, "utf8");
    adds(text);
    const again = await init(agent, "--yes");
    expect([again.status, readFileSync(path, "utf8")]).toEqual([0, text]);
    expect((await init(agent, "--undo", "--yes")).status).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(own);
  },
);

test.each(cases)("$agent: a file that was not there goes again", async ({ agent, file }) => {
  const path = join(place.home, file);
  mkdirSync(dirname(path), { recursive: true });
  if (agent === "cursor") mkdirSync(join(place.home, ".config", "Cursor", "User"), { recursive: true });
  expect((await init(agent, "--yes")).status).toBe(0);
  expect(existsSync(path)).toBe(true);
  expect((await init(agent, "--undo", "--yes")).status).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test.each(cases)(
  "$agent: what somebody has added since stays when ours is taken back",
  async ({ agent, file, own }) => {
    const path = join(place.home, file);
    put(path, own);
    if (agent === "cursor") mkdirSync(join(place.home, ".config", "Cursor", "User"), { recursive: true });
    await init(agent, "--yes");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/\{/, '{ "added": [1, 2],'));
    expect((await init(agent, "--undo", "--yes")).status).toBe(0);
    const left = readFileSync(path, "utf8");
    expect(left).toContain('"added": [1, 2]');
    expect(left).not.toContain(program());
  },
);

test.each(cases)("$agent: --project writes the project's file", async ({ agent, projectFile }) => {
  const path = join(place.workspace, projectFile);
  expect((await init(agent, "--project", "--yes")).status).toBe(0);
  expect(readFileSync(path, "utf8")).toContain(program());
  expect((await init(agent, "--project", "--undo", "--yes")).status).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test("opencode: a plugin, which goes again", async () => {
  const path = join(place.home, ".config", "opencode", "plugin", "holdpoint.js");
  expect((await init("opencode", "--yes")).status).toBe(0);
  expect(readFileSync(path, "utf8")).toContain(JSON.stringify(program()));
  expect(
    (await execute(process.execPath, ["--check", path], { cwd: place.workspace, env: place.env })).status,
  ).toBe(0);
  expect((await init("opencode", "--undo", "--yes")).status).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test("opencode: the plugin refuses by throwing, and when it gets no answer", async () => {
  await init("opencode", "--yes");
  const path = join(place.home, ".config", "opencode", "plugin", "holdpoint.js");
  const use = `import { Holdpoint } from ${JSON.stringify(path)};
const hooks = await Holdpoint({ directory: process.cwd() });
for (const command of process.argv.slice(2))
  await hooks["tool.execute.before"]({ tool: "bash", sessionID: "s", callID: "c" }, { args: { command } }).then(
    () => console.log("runs"),
    (cause) => console.log(cause.message.split("\\n")[0]),
  );
`;
  const script = join(place.base, "use.mjs");
  writeFileSync(script, use);
  writeFileSync(join(place.outside, "old.txt"), "old\n");
  const run = () =>
    execute(process.execPath, [script, "ls", `rm -rf ${place.outside}`], {
      cwd: place.workspace,
      env: place.env,
    });
  expect((await run()).stdout.split("\n")).toEqual([
    "runs",
    expect.stringMatching(/^holdpoint: denied by rule files\/lose-work/),
    "",
  ]);
  writeFileSync(program(), "#!/bin/sh\nexit 0\n");
  expect((await run()).stdout).toMatch(/^holdpoint: denied.*\nholdpoint: denied.*\n$/);
});

test.each([
  [
    "a plugin of somebody else's",
    "opencode",
    ".config/opencode/plugin/holdpoint.js",
    "export const x = 1;\n",
  ],
  ["a broken file", "claude", ".claude/settings.json", '{"hooks": {'],
  ["hooks that are no list", "claude", ".claude/settings.json", '{"hooks": {"PreToolUse": {}}}'],
  ["hooks that are no object", "gemini", ".gemini/settings.json", '{"hooks": []}'],
])("%s is left alone", async (_what, agent, file, text) => {
  const path = join(place.home, file);
  put(path, text);
  const { status, stderr } = await init(agent, "--yes");
  expect([status, readFileSync(path, "utf8")]).toEqual([1, text]);
  expect(stderr).toContain(path);
});

test("an agent that is not there is named", async () => {
  const { status, stderr } = await init("claude", "--yes");
  expect(status).toBe(1);
  expect(stderr).toContain(join(place.home, ".claude"));
});

test("an agent may neither change the file nor have it taken back", async () => {
  const path = join(place.home, ".claude", "settings.json");
  put(path, "{}\n");
  await init("claude", "--yes");
  const judged = async (line: string): Promise<number | string> =>
    (await execute(process.execPath, [cli, "explain", line], { cwd: place.workspace, env: place.env }))
      .status;
  const denied = 4;
  expect([
    await judged(`echo '{}' > ${path}`),
    await judged(`mv ${join(place.home, ".claude")} /tmp/new`),
    await judged("holdpoint init claude --undo --yes"),
    await judged(`${process.execPath} ${cli} init claude --undo --yes`),
    await judged(`rm ${program()}`),
    await judged(`cat ${path}`),
  ]).toEqual([denied, denied, denied, denied, denied, 0]);
});
