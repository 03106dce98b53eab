import * as v from "valibot";
import { readServiceName, readTool, type ToolCall, type ToolShapes } from "./tool-call.js";

/** What Claude Code, Codex and Gemini send before a tool runs; fields not named here are left alone. */
export const toolEvent = v.looseObject({
  session_id: v.optional(v.string(), ""),
  cwd: v.optional(v.string()),
  hook_event_name: v.string(),
  tool_name: v.string(),
  tool_input: v.unknown(),
});

/** Any event, of which there are more every month. */
export const anyEvent = v.looseObject({ hook_event_name: v.string() });

/** Undefined for a tool that is in none of the tables and of no server: those read, plan, or talk. */
export function readNamedTool(tool: string, input: unknown, shapes: ToolShapes): ToolCall | undefined {
  const shape = shapes.get(tool);
  return shape === undefined
    ? readServiceName(tool, input)
    : readTool(tool, shape, v.parse(v.looseObject({}), input));
}
