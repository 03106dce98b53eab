/** What an agent keeps between sessions, below the home. */
export interface AgentState {
  /** Names of its command. */
  readonly names: readonly string[];
  readonly folders: readonly string[];
  /** Single files: their folder is not writable, so that they can be written, but not replaced by another. */
  readonly files?: readonly string[];
  /** The variable that moves the first folder. */
  readonly variable?: string;
  /** A sandbox of its own, in which shims cannot ask: what to say unless one of the words is given. */
  readonly own?: { readonly words: RegExp; readonly note: string };
  /** Programs that the agent starts by itself stand here (hooks, servers): what is written here runs outside, later. */
  readonly settings: readonly string[];
}

export const agentStates: readonly AgentState[] = [
  {
    names: ["codex"],
    folders: [".codex"],
    variable: "CODEX_HOME",
    settings: [".codex/config.toml", ".codex/hooks.json", ".codex/rules", ".codex/skills"],
    own: {
      words: /danger-full-access|dangerously-bypass-approvals-and-sandbox|network_access\s*=\s*true/,
      note: "codex's own sandbox forbids its commands the sockets that this one needs, and as root cannot be made here: where they are denied, start codex with --sandbox danger-full-access, or (not as root) with -c sandbox_workspace_write.network_access=true",
    },
  },
  {
    names: ["claude", "claude-code"],
    folders: [".claude"],
    files: [".claude.json"],
    variable: "CLAUDE_CONFIG_DIR",
    settings: [
      ".claude/settings.json",
      ".claude/settings.local.json",
      ...[".claude/hooks", ".claude/plugins", ".claude/skills", ".claude/commands", ".claude/agents"],
    ],
  },
  {
    names: ["gemini", "gemini-cli"],
    folders: [".gemini"],
    settings: [".gemini/settings.json", ".gemini/extensions"],
  },
  { names: ["qwen", "qwen-code"], folders: [".qwen"], settings: [".qwen/settings.json", ".qwen/extensions"] },
  {
    names: ["opencode", "opencode-ai"],
    folders: [".local/share/opencode", ".local/state/opencode", ".config/opencode"],
    settings: [
      ".config/opencode/opencode.json",
      ".config/opencode/opencode.jsonc",
      ...[".config/opencode/plugin", ".config/opencode/plugins", ".config/opencode/tool"],
    ],
  },
  {
    names: ["cursor-agent"],
    folders: [".cursor", ".config/cursor", ".local/share/cursor-agent"],
    settings: [".cursor/hooks.json", ".cursor/mcp.json", ".local/share/cursor-agent"],
  },
  { names: ["aider"], folders: [".aider"], settings: [] },
  {
    names: ["goose"],
    folders: [".config/goose", ".local/share/goose", ".local/state/goose"],
    settings: [".config/goose/config.yaml"],
  },
  {
    names: ["amp"],
    folders: [".config/amp", ".local/share/amp"],
    settings: [".config/amp/settings.json"],
  },
  {
    names: ["copilot"],
    folders: [".copilot"],
    settings: [".copilot/mcp-config.json", ".copilot/hooks"],
  },
  {
    names: ["crush"],
    folders: [".local/share/crush", ".config/crush"],
    settings: [".config/crush/crush.json"],
  },
  { names: ["droid"], folders: [".factory"], settings: [".factory/settings.json", ".factory/mcp.json"] },
  { names: ["auggie"], folders: [".augment"], settings: [".augment/settings.json"] },
];
