/** What the user's config says of the network layer. */
export interface NetSetting {
  /** Whether every session has it. */
  readonly always: boolean;
  /** Hosts whose TLS is passed on unread: `api.example.com`, or `*.example.com` for all below it. */
  readonly untouched: readonly string[];
}

/**
 * The models' own services: what an agent says there is between it and its user, and each word of an answer would come late.
 * None of them keeps what an agent works on.
 */
const models = [
  "api.anthropic.com",
  "api.openai.com",
  "chatgpt.com",
  "generativelanguage.googleapis.com",
  "cloudcode-pa.googleapis.com",
  "api.mistral.ai",
  "api.x.ai",
  "openrouter.ai",
  "api.githubcopilot.com",
  "*.githubcopilot.com",
  "*.cursor.sh",
  "opencode.ai",
];

/** What holds where the config says nothing. */
export const usualNet: NetSetting = { always: false, untouched: models };

/** Whether one of the names stands for that host; lower case. */
export function isNamed(names: readonly string[], host: string): boolean {
  return names.some((name) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name));
}
