import { describe, expect, test } from "vitest";
import { claude } from "../../src/hooks/claude.js";
import { codex } from "../../src/hooks/codex.js";
import { cursor } from "../../src/hooks/cursor.js";
import { gemini } from "../../src/hooks/gemini.js";
import { opencode } from "../../src/hooks/opencode.js";
import type { HookAnswer, Protocol } from "../../src/hooks/protocol.js";

// What each agent sends, and the words that it understands. Shapes as the agents' own documentation and programs have them.

const tool = (name: string, input: unknown, event = "PreToolUse", more: object = {}): unknown => ({
  session_id: "s1",
  transcript_path: "/home/dev/t.jsonl",
  cwd: "/home/dev/project",
  hook_event_name: event,
  tool_name: name,
  tool_input: input,
  ...more,
});
const cursorEvent = (event: string, more: object): unknown => ({
  conversation_id: "c1",
  generation_id: "g1",
  hook_event_name: event,
  cursor_version: "2.0.77",
  workspace_roots: ["/home/dev/project"],
  ...more,
});
const plugin = (name: string, args: unknown): unknown => ({
  session_id: "o1",
  cwd: "/home/dev/project",
  tool: name,
  args,
});
const line = (text: string, cwd?: string) => ({ kind: "line", text, ...(cwd === undefined ? {} : { cwd }) });
const files = (name: string, written: readonly string[], deleted: readonly string[] = []) => ({
  kind: "files",
  tool: name,
  written,
  deleted,
});
const service = (name: string, server: string, own: string, input: unknown) => ({
  kind: "service",
  tool: name,
  server,
  name: own,
  input,
});
const patch = [
  "*** Begin Patch",
  "*** Add File: new.txt",
  "+x",
  "*** Update File: old.txt",
  "*** Move to: moved.txt",
  "@@",
  "-a",
  "+b",
  "*** Delete File: gone.txt",
  "*** End Patch",
].join("\n");

const heredoc = `cd src && apply_patch <<'EOF'\n${patch}\nEOF`;

const reads: readonly (readonly [Protocol, string, unknown, unknown])[] = [
  [claude, "a command", tool("Bash", { command: "ls", timeout: 5 }), line("ls")],
  [claude, "a watch", tool("Monitor", { command: "tail -f x" }), line("tail -f x")],
  [claude, "a new file", tool("Write", { file_path: "/a", content: "x" }), files("Write", ["/a"])],
  [claude, "an edit", tool("Edit", { file_path: "/a", old_string: "x" }), files("Edit", ["/a"])],
  [
    claude,
    "a notebook",
    tool("NotebookEdit", { notebook_path: "/n.ipynb" }),
    files("NotebookEdit", ["/n.ipynb"]),
  ],
  [
    claude,
    "a server's tool",
    tool("mcp__railway__remove_volume", { id: 1 }),
    service("mcp__railway__remove_volume", "railway", "remove_volume", { id: 1 }),
  ],
  [claude, "a read", tool("Read", { file_path: "/a" }), { ...files("Read", []), read: ["/a"] }],
  [claude, "a search", tool("Grep", { pattern: "x" }), { ...files("Grep", []), searched: ["."] }],
  [
    claude,
    "a search in a folder",
    tool("Grep", { pattern: "x", path: "src" }),
    { ...files("Grep", []), searched: ["src"] },
  ],
  [claude, "names", tool("Glob", { pattern: "**/*.ts" }), undefined],
  [claude, "a tool of next year", tool("Dream", {}), undefined],
  [claude, "another event", { hook_event_name: "SessionStart", source: "startup" }, undefined],
  [codex, "a command", tool("Bash", { command: "ls" }), line("ls")],
  [
    codex,
    "a patch",
    tool("apply_patch", { command: patch }),
    files("apply_patch", ["new.txt", "moved.txt"], ["gone.txt"]),
  ],
  [
    codex,
    "a server's tool",
    tool("mcp__pg__query", { sql: "select 1" }),
    service("mcp__pg__query", "pg", "query", { sql: "select 1" }),
  ],
  [
    codex,
    "a patch that it takes out of a command",
    tool("Bash", { command: heredoc }),
    { ...line(heredoc), unseen: files("apply_patch", ["src/new.txt", "src/moved.txt"], ["src/gone.txt"]) },
  ],
  [codex, "another event", { hook_event_name: "Stop" }, undefined],
  [gemini, "a command", tool("run_shell_command", { command: "ls" }, "BeforeTool"), line("ls")],
  [
    gemini,
    "a command elsewhere",
    tool("run_shell_command", { command: "ls", dir_path: "src" }, "BeforeTool"),
    line("ls", "src"),
  ],
  [
    gemini,
    "a new file",
    tool("write_file", { file_path: "/a", content: "" }, "BeforeTool"),
    files("write_file", ["/a"]),
  ],
  [gemini, "an edit", tool("replace", { file_path: "/a" }, "BeforeTool"), files("replace", ["/a"])],
  [
    gemini,
    "a server's tool by its name",
    tool("mcp_railway_remove_volume", {}, "BeforeTool"),
    service("mcp_railway_remove_volume", "railway", "remove_volume", {}),
  ],
  [
    gemini,
    "a server's tool with its server",
    tool("remove_volume", {}, "BeforeTool", {
      mcp_context: { server_name: "railway", tool_name: "remove_volume" },
    }),
    service("remove_volume", "railway", "remove_volume", {}),
  ],
  [
    gemini,
    "a read",
    tool("read_file", { file_path: "/a" }, "BeforeTool"),
    { ...files("read_file", []), read: ["/a"] },
  ],
  [cursor, "a command", cursorEvent("beforeShellExecution", { command: "ls", cwd: "/srv" }), line("ls")],
  [
    cursor,
    "a server's tool",
    cursorEvent("beforeMCPExecution", {
      tool_name: "remove_volume",
      tool_input: '{"id":1}',
      command: "railway mcp",
    }),
    service("remove_volume", "railway mcp", "remove_volume", { id: 1 }),
  ],
  [
    cursor,
    "a server's tool, its full name",
    cursorEvent("beforeMCPExecution", { tool_name: "MCP:railway:remove_volume", tool_input: {} }),
    service("MCP:railway:remove_volume", "railway", "remove_volume", {}),
  ],
  [
    cursor,
    "a deleted file",
    cursorEvent("preToolUse", { tool_name: "Delete", tool_input: { path: "/a" } }),
    files("Delete", [], ["/a"]),
  ],
  [
    cursor,
    "a new file",
    cursorEvent("preToolUse", { tool_name: "Write", tool_input: { file_path: "/a" } }),
    files("Write", ["/a"]),
  ],
  [
    cursor,
    "its own command tool, asked about before",
    cursorEvent("preToolUse", { tool_name: "Shell", tool_input: { command: "ls" } }),
    undefined,
  ],
  [cursor, "another event", cursorEvent("stop", {}), undefined],
  [opencode, "a command", plugin("bash", { command: "ls", workdir: "/srv" }), line("ls", "/srv")],
  [opencode, "a new file", plugin("write", { filePath: "/a" }), files("write", ["/a"])],
  [
    opencode,
    "a patch",
    plugin("apply_patch", { patchText: patch }),
    files("apply_patch", ["new.txt", "moved.txt"], ["gone.txt"]),
  ],
  [
    opencode,
    "a server's tool",
    plugin("railway_remove_volume", {}),
    service("railway_remove_volume", "railway", "remove_volume", {}),
  ],
  [opencode, "a read", plugin("read", { filePath: "/a" }), { ...files("read", []), read: ["/a"] }],
  [opencode, "names", plugin("glob", { pattern: "*" }), undefined],
];

test.each(reads)("$name reads %s", ({ read }, _what, input, expected) => {
  expect(read(input).tool).toEqual(expected);
});

const broken: readonly (readonly [Protocol, string, unknown])[] = [
  [claude, "nothing", null],
  [claude, "no event", { tool_name: "Bash" }],
  [claude, "a command without its text", tool("Bash", {})],
  [claude, "a command that is a list", tool("Bash", { command: ["ls"] })],
  [claude, "a tool without arguments", tool("Write", undefined)],
  [codex, "a patch that names no file", tool("apply_patch", { command: "x" })],
  [gemini, "an event without its tool", { hook_event_name: "BeforeTool" }],
  [cursor, "a command without its text", cursorEvent("beforeShellExecution", {})],
  [cursor, "a deletion of nothing", cursorEvent("preToolUse", { tool_name: "Delete", tool_input: {} })],
  [opencode, "no arguments", { tool: "bash" }],
];

test.each(broken)("$name does not guess: %s", ({ read }, _what, input) => {
  expect(() => read(input)).toThrow();
});

test.each<[Protocol, unknown, boolean]>([
  [claude, tool("Bash", { command: "ls" }), true],
  // Cursor runs Claude's hooks and waits for nobody.
  [claude, tool("Bash", { command: "ls" }, "PreToolUse", { cursor_version: "2.0.77" }), false],
  [codex, tool("Bash", { command: "ls" }), false],
  [gemini, tool("run_shell_command", { command: "ls" }, "BeforeTool"), true],
  [cursor, cursorEvent("beforeShellExecution", { command: "ls" }), true],
  [cursor, cursorEvent("beforeMCPExecution", { tool_name: "x", tool_input: {} }), true],
  [cursor, cursorEvent("preToolUse", { tool_name: "Delete", tool_input: { path: "/a" } }), false],
  [opencode, plugin("bash", { command: "ls" }), false],
])("$name knows where it can ask: %#", ({ read }, input, expected) => {
  expect(read(input).canAsk).toBe(expected);
});

describe("answers", () => {
  const said = ({ answer }: Protocol, given: HookAnswer): unknown => {
    const text = answer(given);
    return text === "" ? "" : JSON.parse(text);
  };
  const claudes = (kind: string) => ({
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: kind,
      permissionDecisionReason: "why",
    },
  });

  test.each<[Protocol, unknown, unknown, unknown]>([
    // Nothing is said: `allow` would skip the agent's own questions.
    [claude, "", claudes("ask"), claudes("deny")],
    [codex, "", claudes("ask"), claudes("deny")],
    [
      gemini,
      {},
      { decision: "ask", reason: "why", systemMessage: "why" },
      { decision: "deny", reason: "why" },
    ],
    [
      cursor,
      { permission: "allow" },
      { permission: "ask", user_message: "why", agent_message: "why" },
      { permission: "deny", user_message: "why", agent_message: "why" },
    ],
    [
      opencode,
      { decision: "allow" },
      { decision: "deny", reason: "why" },
      { decision: "deny", reason: "why" },
    ],
  ])("of $name", (protocol, allow, ask, deny) => {
    expect(said(protocol, { kind: "allow" })).toEqual(allow);
    expect(said(protocol, { kind: "ask", reason: "why" })).toEqual(ask);
    expect(said(protocol, { kind: "deny", reason: "why" })).toEqual(deny);
  });
});
