import * as v from "valibot";
import { readPatchFiles } from "../model/patch.js";
import { decide } from "./claude.js";
import type { Protocol } from "./protocol.js";
import type { ToolCall, ToolShapes } from "./tool-call.js";
import { anyEvent, readNamedTool, toolEvent } from "./tool-event.js";

const tools: ToolShapes = new Map([
  ["Bash", { line: "command" }],
  ["apply_patch", { patch: "command" }],
]);

/** https://developers.openai.com/codex/hooks, PreToolUse: Claude's words, but what is answered with `ask` runs. */
export const codex: Protocol = {
  name: "codex",
  asksByDefault: false,
  read(input) {
    const event = v.parse(anyEvent, input);
    const canAsk = false;
    if (event.hook_event_name !== "PreToolUse")
      return { session: "", cwd: undefined, tool: undefined, canAsk };
    const { session_id: session, cwd, tool_name: name, tool_input } = v.parse(toolEvent, input);
    return { session, cwd, tool: withPatch(readNamedTool(name, tool_input, tools)), canAsk };
  },
  answer: decide,
};

/** `cd src && apply_patch <<'EOF' …`: Codex takes the patch out of such a text and applies it without a shell. */
function withPatch(tool: ToolCall | undefined): ToolCall | undefined {
  if (tool?.kind !== "line" || !/\bapply_?patch\b/.test(tool.text)) return tool;
  const { written, deleted } = readPatchFiles(tool.text);
  if (written.length + deleted.length === 0) return tool;
  const [, , folder] = /^\s*cd\s+(["']?)(.+?)\1\s*&&/.exec(tool.text) ?? [];
  const place = (path: string) => (folder === undefined || path.startsWith("/") ? path : `${folder}/${path}`);
  return {
    ...tool,
    unseen: {
      kind: "files",
      tool: "apply_patch",
      written: written.map(place),
      deleted: deleted.map(place),
    },
  };
}
