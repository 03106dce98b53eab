import * as v from "valibot";
import type { Protocol } from "./protocol.js";
import type { ToolCall, ToolShapes } from "./tool-call.js";
import { anyEvent, readNamedTool, toolEvent } from "./tool-event.js";

const tools: ToolShapes = new Map([
  ["run_shell_command", { line: "command", cwd: "dir_path" }],
  ["write_file", { write: "file_path" }],
  ["replace", { write: "file_path" }],
  ["read_file", { read: ["file_path", "absolute_path", "path"] }],
  ["read_many_files", { read: ["include", "paths"] }],
  ["grep_search", { search: ["dir_path", "path"] }],
  ["search_file_content", { search: ["dir_path", "path"] }],
]);

const event = v.looseObject({
  ...toolEvent.entries,
  mcp_context: v.optional(v.looseObject({ server_name: v.string(), tool_name: v.optional(v.string()) })),
});

/** https://geminicli.com/docs/hooks/reference, BeforeTool. It has `ask` since some version, and no way to tell which it is. */
export const gemini: Protocol = {
  name: "gemini",
  asksByDefault: false,
  read(input) {
    const canAsk = true;
    if (v.parse(anyEvent, input).hook_event_name !== "BeforeTool")
      return { session: "", cwd: undefined, tool: undefined, canAsk };
    const { session_id: session, cwd, ...call } = v.parse(event, input);
    return { session, cwd, tool: toolOf(call), canAsk };
  },
  answer(answer) {
    if (answer.kind === "allow") return "{}";
    const words = answer.kind === "ask" ? { systemMessage: answer.reason } : {};
    return JSON.stringify({ decision: answer.kind, reason: answer.reason, ...words });
  },
  notes: /^\.gemini\/tmp\//,
};

function toolOf({
  tool_name: tool,
  tool_input: input,
  mcp_context: server,
}: Pick<v.InferOutput<typeof event>, "tool_name" | "tool_input" | "mcp_context">): ToolCall | undefined {
  if (server !== undefined)
    return { kind: "service", tool, server: server.server_name, name: server.tool_name ?? tool, input };
  const [, name, own] = /^mcp_(?!_)([^_]+)_(.+)$/s.exec(tool) ?? [];
  if (name !== undefined && own !== undefined)
    return { kind: "service", tool, server: name, name: own, input };
  return readNamedTool(tool, input, tools);
}
