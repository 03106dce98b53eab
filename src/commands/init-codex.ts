import { join } from "node:path";
import { hookCommand } from "./hook-program.js";
import { agentTarget } from "./init-agent.js";

/** https://developers.openai.com/codex/hooks */
export const codex = agentTarget({
  name: "codex",
  about: "what Codex runs and writes: its commands, patches, MCP tools",
  folder: ({ env, places }) => env["CODEX_HOME"] ?? join(places.home, ".codex"),
  file: "hooks.json",
  projectFile: ".codex/hooks.json",
  entries: (places) => [
    {
      path: ["hooks", "PreToolUse"],
      value: {
        matcher: "Bash|apply_patch|mcp__.*",
        hooks: [{ type: "command", command: hookCommand(places, "codex"), timeout: 600 }],
      },
    },
  ],
  next: [
    "now a person must trust it: start codex, type /hooks, look at the entry, trust it. Until then Codex leaves it out, without a word in `codex exec`",
    "what would need a question is refused: Codex runs what a hook answers `ask` for. holdpoint -- codex asks (docs/agents/codex.md)",
  ],
});
