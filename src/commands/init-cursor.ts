import { join } from "node:path";
import { hookPath } from "./hook-program.js";
import { agentTarget } from "./init-agent.js";

/** https://cursor.com/docs/hooks */
export const cursorHooks = agentTarget({
  name: "cursor-hooks",
  about: "what Cursor's agent runs and deletes: its commands, files, MCP tools",
  folder: ({ places }) => join(places.home, ".cursor"),
  file: "hooks.json",
  projectFile: ".cursor/hooks.json",
  also: { version: 1 },
  entries: (places) => {
    const hook = { command: `${quoted(hookPath(places))} cursor`, timeout: 600, failClosed: true };
    return [
      { path: ["hooks", "beforeShellExecution"], value: hook },
      { path: ["hooks", "beforeMCPExecution"], value: hook },
      { path: ["hooks", "preToolUse"], value: { ...hook, matcher: "Read|Grep|Write|StrReplace|Delete" } },
    ];
  },
  next: [
    "Cursor reads hooks.json at once; Settings, Hooks shows the entries",
    "before commands and MCP tools it asks; its file tools cannot ask, so there what needs a question is refused (docs/agents/cursor.md)",
  ],
});

function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
