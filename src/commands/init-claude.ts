import { join } from "node:path";
import { hookCommand } from "./hook-program.js";
import { agentTarget } from "./init-agent.js";

/** https://code.claude.com/docs/en/settings: the project's own file of a person, which git is told to ignore. */
export const claude = agentTarget({
  name: "claude",
  about: "what Claude Code runs and writes: its commands, files, MCP tools",
  folder: ({ env, places }) => env["CLAUDE_CONFIG_DIR"] ?? join(places.home, ".claude"),
  file: "settings.json",
  projectFile: ".claude/settings.local.json",
  entries: (places) => [
    {
      path: ["hooks", "PreToolUse"],
      value: {
        matcher: "Bash|Monitor|Read|NotebookRead|Grep|Write|Edit|MultiEdit|NotebookEdit|mcp__.*",
        hooks: [{ type: "command", command: hookCommand(places, "claude"), timeout: 600 }],
      },
    },
  ],
  next: [
    "start claude anew; /hooks shows the entry. It asks there, by Claude Code's own question",
    "scripts and programs that a command starts are not seen by a hook: holdpoint -- claude sees them (docs/agents/claude.md)",
  ],
});
