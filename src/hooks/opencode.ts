import * as v from "valibot";
import type { Protocol } from "./protocol.js";
import { readTool, type ToolShapes } from "./tool-call.js";

const tools: ToolShapes = new Map([
  ["bash", { line: "command", cwd: "workdir" }],
  ["write", { write: "filePath" }],
  ["edit", { write: "filePath" }],
  ["multiedit", { write: "filePath" }],
  ["read", { read: ["filePath"] }],
  ["grep", { search: ["path"] }],
  ["apply_patch", { patch: "patchText" }],
  ["patch", { patch: "patchText" }],
]);

/** What reads, plans or talks; any other name is taken for a server's tool, which nothing in the name tells apart. */
const harmless: ReadonlySet<string> = new Set(
  "batch codesearch glob invalid list lsp plan_enter plan_exit question skill task todoread todowrite webfetch websearch".split(
    " ",
  ),
);

const event = v.looseObject({
  session_id: v.optional(v.string(), ""),
  cwd: v.optional(v.string()),
  tool: v.string(),
  args: v.looseObject({}),
});

/** What the plugin that `holdpoint init opencode` writes sends, and does: opencode starts no hooks by itself. */
export const opencode: Protocol = {
  name: "opencode",
  asksByDefault: false,
  read(input) {
    const { session_id: session, cwd, tool, args } = v.parse(event, input);
    const shape = tools.get(tool);
    if (shape !== undefined) return { session, cwd, tool: readTool(tool, shape, args), canAsk: false };
    if (harmless.has(tool)) return { session, cwd, tool: undefined, canAsk: false };
    // `server_tool`: a server's own name may hold a dash, seldom an underscore.
    const [, server, name] = /^([^_]+)_(.+)$/s.exec(tool) ?? [];
    return {
      session,
      cwd,
      tool: { kind: "service", tool, server: server ?? tool, name: name ?? tool, input: args },
      canAsk: false,
    };
  },
  answer: (answer) =>
    JSON.stringify(
      answer.kind === "allow" ? { decision: "allow" } : { decision: "deny", reason: answer.reason },
    ),
};
