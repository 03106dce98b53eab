import * as v from "valibot";
import type { HookAnswer, Protocol } from "./protocol.js";
import type { ToolShapes } from "./tool-call.js";
import { anyEvent, readNamedTool, toolEvent } from "./tool-event.js";

const tools: ToolShapes = new Map([
  ["Bash", { line: "command" }],
  ["Monitor", { line: "command" }],
  ["Write", { write: "file_path" }],
  ["Edit", { write: "file_path" }],
  ["MultiEdit", { write: "file_path" }],
  ["NotebookEdit", { write: "notebook_path" }],
  ["Read", { read: ["file_path"] }],
  ["NotebookRead", { read: ["notebook_path"] }],
  ["Grep", { search: ["path"] }],
]);

/**
 * https://code.claude.com/docs/en/hooks, PreToolUse. To say `allow` would skip the questions that Claude Code asks by the
 * user's own settings, so what is let through gets no answer at all.
 */
export const claude: Protocol = {
  name: "claude",
  asksByDefault: true,
  read(input) {
    const event = v.parse(anyEvent, input);
    // Cursor runs the hooks of Claude's settings, too, and does not wait for anybody when the answer is `ask`.
    const canAsk = !("cursor_version" in event);
    if (event.hook_event_name !== "PreToolUse")
      return { session: "", cwd: undefined, tool: undefined, canAsk };
    const { session_id: session, cwd, tool_name: name, tool_input } = v.parse(toolEvent, input);
    return { session, cwd, tool: readNamedTool(name, tool_input, tools), canAsk };
  },
  answer: decide,
  notes: /^\.claude\/(?:plans|projects\/[^/]+\/memory)\//,
};

/** The answer that Claude Code and Codex understand. */
export function decide(answer: HookAnswer): string {
  if (answer.kind === "allow") return "";
  return JSON.stringify({
    hookSpecificOutput: {
      hookEventName: "PreToolUse",
      permissionDecision: answer.kind,
      permissionDecisionReason: answer.reason,
    },
  });
}
