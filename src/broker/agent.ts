/** Which agent a call comes from, by the variables that agents set for their tools; `undefined` when none did. */
export function nameAgent(env: ReadonlyMap<string, string>): string | undefined {
  for (const [variable, agent] of marks) if (env.has(variable)) return agent;
  return undefined;
}

const marks: readonly (readonly [string, string])[] = [
  ["CLAUDECODE", "claude"],
  ["CODEX_THREAD_ID", "codex"],
  ["CODEX_CI", "codex"],
  ["GEMINI_CLI", "gemini"],
  ["OPENCODE", "opencode"],
  ["CURSOR_AGENT", "cursor"],
  ["CURSOR_TRACE_ID", "cursor"],
  ["CLINE_ACTIVE", "cline"],
  ["ROO_ACTIVE", "roo"],
  ["COPILOT_CLI", "copilot"],
  ["AIDER", "aider"],
];
