import { join } from "node:path";
import { hookCommand } from "./hook-program.js";
import { agentTarget } from "./init-agent.js";

/** https://geminicli.com/docs/hooks/reference; its timeout is in milliseconds. */
export const gemini = agentTarget({
  name: "gemini",
  about: "what Gemini CLI runs and writes: its commands, files, MCP tools",
  folder: ({ env, places }) => join(env["GEMINI_CLI_HOME"] ?? places.home, ".gemini"),
  file: "settings.json",
  projectFile: ".gemini/settings.json",
  entries: (places) => [
    {
      path: ["hooks", "BeforeTool"],
      value: {
        matcher:
          "^(run_shell_command|write_file|replace|read_file|read_many_files|grep_search|search_file_content|mcp_.*)$",
        hooks: [
          { type: "command", name: "holdpoint", command: hookCommand(places, "gemini"), timeout: 600_000 },
        ],
      },
    },
  ],
  next: [
    "start gemini anew; /hooks list shows the entry",
    "what would need a question is refused; docs/agents/gemini.md says how to let a new Gemini CLI ask. holdpoint -- gemini asks by itself",
  ],
});
