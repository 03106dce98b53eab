/** Apart from what they stand for: each start of holdpoint reads them for its help. */
export const hookNames = ["claude", "codex", "cursor", "gemini", "opencode"] as const;
export type HookName = (typeof hookNames)[number];

export const hookModes = ["ask", "deny", "observe"] as const;
export type HookMode = (typeof hookModes)[number];
