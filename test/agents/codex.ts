import * as v from "valibot";
import { type Agent, noSandbox } from "./agent.js";
import { type Dialect, events } from "./model.js";

const RequestSchema = v.object({
  tools: v.optional(v.array(v.looseObject({ name: v.optional(v.string()) })), []),
  input: v.array(v.looseObject({ type: v.optional(v.string()), output: v.optional(v.unknown()) })),
});

/** OpenAI's Responses API. */
const dialect: Dialect = {
  results: (body) => {
    const { tools, input } = v.parse(RequestSchema, body);
    if (!tools.some(({ name }) => name === "exec_command")) return undefined;
    return input
      .filter(({ type }) => type === "function_call_output")
      .map(({ output }) => (typeof output === "string" ? output : JSON.stringify(output)));
  },
  run: (command, at) =>
    answer({
      type: "function_call",
      id: `fc_${at}`,
      call_id: `call_${at}`,
      name: "exec_command",
      // The longest that Codex waits before it hands back a command that still runs.
      arguments: JSON.stringify({ cmd: command, yield_time_ms: 30_000 }),
    }),
  say: (text) =>
    answer({
      type: "message",
      id: "msg_1",
      role: "assistant",
      content: [{ type: "output_text", text, annotations: [] }],
    }),
};

function answer(item: Readonly<Record<string, unknown>>) {
  const usage = {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  };
  const response = { id: "resp_1", object: "response", status: "completed", output: [item], usage };
  return events([
    ["response.created", { type: "response.created", response: { id: "resp_1" } }],
    ["response.output_item.done", { type: "response.output_item.done", output_index: 0, item }],
    ["response.completed", { type: "response.completed", response }],
  ]);
}

const inSandbox = (name: string) => ({
  name,
  flags: ["--sandbox", name],
  hasNetwork: false,
  hasUnixSockets: false,
  isNested: true,
  missing: () => undefined,
});

export const codex: Agent = {
  name: "codex",
  package: "@openai/codex",
  version: "0.169.0",
  bin: "codex",
  dialect,
  sandboxes: [
    inSandbox("workspace-write"),
    inSandbox("read-only"),
    {
      ...noSandbox,
      name: "workspace-write with network",
      flags: ["--sandbox", "workspace-write", "-c", "sandbox_workspace_write.network_access=true"],
      isNested: true,
    },
    { ...noSandbox, flags: ["--sandbox", "danger-full-access"] },
  ],
  configure: ({ workspace, url }) => ({
    files: {
      ".codex/config.toml": `model = "scripted"
model_provider = "loopback"
approval_policy = "never"
check_for_update_on_startup = false
web_search = "disabled"

[model_providers.loopback]
name = "loopback"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "MODEL_KEY"
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false

[projects."${workspace}"]
trust_level = "trusted"
`,
    },
    env: { MODEL_KEY: "none" },
  }),
  oneShot: (prompt) => ["exec", prompt],
  screen: (prompt) => [prompt],
  frame: /scripted default · \S+\/work\s+.*shortcuts/,
  removes: "rm -r",
  // Its snapshot of the shell holds the token of the shell that made it, and hides the one that the answer belongs to.
  questions: 2,
  quit: ["\u0003", "\u0003"],
};
