import * as v from "valibot";
import { assertNever } from "../model/assert-never.js";
import type { HookAnswer, HookCall, Protocol } from "./protocol.js";
import { readTool, type ToolCall, type ToolShapes } from "./tool-call.js";

const tools: ToolShapes = new Map([
  ["Write", { write: "path" }],
  ["StrReplace", { write: "path" }],
  ["Delete", { delete: "path" }],
  ["Read", { read: ["path"] }],
  ["Grep", { search: ["path"] }],
]);

const common = {
  conversation_id: v.optional(v.string(), ""),
  cwd: v.optional(v.string()),
  workspace_roots: v.optional(v.array(v.string()), []),
};
const event = v.variant("hook_event_name", [
  v.looseObject({ ...common, hook_event_name: v.literal("beforeShellExecution"), command: v.string() }),
  v.looseObject({
    ...common,
    hook_event_name: v.literal("beforeMCPExecution"),
    tool_name: v.string(),
    tool_input: v.unknown(),
  }),
  v.looseObject({
    ...common,
    hook_event_name: v.literal("preToolUse"),
    tool_name: v.string(),
    tool_input: v.unknown(),
  }),
]);
type Event = v.InferOutput<typeof event>;
const known: ReadonlySet<string> = new Set(["beforeShellExecution", "beforeMCPExecution", "preToolUse"]);

/** https://cursor.com/docs/hooks. Before a shell command and an MCP call it asks; before any other tool `ask` is not enforced. */
export const cursor: Protocol = {
  name: "cursor",
  asksByDefault: true,
  read(input): HookCall {
    const { hook_event_name: name } = v.parse(v.looseObject({ hook_event_name: v.string() }), input);
    if (!known.has(name)) return { session: "", cwd: undefined, tool: undefined, canAsk: false };
    const call = v.parse(event, input);
    const cwd = call.cwd || call.workspace_roots[0];
    const canAsk = call.hook_event_name !== "preToolUse";
    return { session: call.conversation_id, cwd, tool: toolOf(call), canAsk };
  },
  answer(answer: HookAnswer): string {
    if (answer.kind === "allow") return JSON.stringify({ permission: "allow" });
    const { kind, reason } = answer;
    return JSON.stringify({ permission: kind, user_message: reason, agent_message: reason });
  },
};

function toolOf(call: Event): ToolCall | undefined {
  switch (call.hook_event_name) {
    case "beforeShellExecution":
      return { kind: "line", text: call.command };
    case "beforeMCPExecution": {
      const { tool_name: tool } = call;
      // `MCP:server:tool` in some versions; others name the tool alone, and how its server is started.
      const [, server, name] = /^MCP:(?:(.+?):)?(.+)$/s.exec(tool) ?? [];
      const where = [server, call["server_name"], call["url"], call["command"]].find(
        (one) => typeof one === "string" && one !== "",
      );
      return {
        kind: "service",
        tool,
        server: String(where ?? "mcp").slice(0, 200),
        name: name ?? tool,
        input: parseText(call.tool_input),
      };
    }
    case "preToolUse": {
      const shape = tools.get(call.tool_name);
      if (shape === undefined) return undefined;
      const input: Readonly<Record<string, unknown>> = v.parse(v.looseObject({}), call.tool_input);
      // Called so in one version or another.
      const path = input["path"] ?? input["file_path"] ?? input["target_file"];
      return readTool(call.tool_name, shape, { path });
    }
    default:
      return assertNever(call);
  }
}

/** The arguments of an MCP call come as a text of JSON, or as they are. */
function parseText(input: unknown): unknown {
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch {
    return { input };
  }
}
