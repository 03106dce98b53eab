/** Apart from what they stand for: each start of holdpoint reads them for its help. */
export const targetNames = [
  "claude",
  "codex",
  "cursor",
  "gemini",
  "opencode",
  "vscode",
  "tmux",
  "shell",
  "scope",
] as const;

/** Editors put their shell integration into what is called like one of these; `sh` is for those that know no other. */
export const shellNames: readonly string[] = ["bash", "zsh", "fish", "sh"];
