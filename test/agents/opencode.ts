import * as v from "valibot";
import { type Agent, noSandbox } from "./agent.js";
import { type Dialect, events } from "./model.js";

const RequestSchema = v.object({
  tools: v.optional(v.array(v.unknown()), []),
  messages: v.array(v.looseObject({ role: v.string(), content: v.optional(v.unknown()) })),
});

/** OpenAI's chat completions, as anything "compatible" speaks them. */
const dialect: Dialect = {
  results: (body) => {
    const { tools, messages } = v.parse(RequestSchema, body);
    if (tools.length === 0) return undefined;
    return messages
      .filter(({ role }) => role === "tool")
      .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)));
  },
  run: (command, at) =>
    answer(
      {
        tool_calls: [
          {
            index: 0,
            id: `call_${at}`,
            type: "function",
            function: { name: "bash", arguments: JSON.stringify({ command, description: "the next step" }) },
          },
        ],
      },
      "tool_calls",
    ),
  say: (text) => answer({ content: text }, "stop"),
};

function answer(delta: Readonly<Record<string, unknown>>, reason: string) {
  const chunk = (rest: Readonly<Record<string, unknown>>, finish: string | null) => ({
    id: "chat_1",
    object: "chat.completion.chunk",
    created: 1,
    model: "scripted",
    choices: [{ index: 0, delta: rest, finish_reason: finish }],
  });
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  return events([
    [undefined, chunk({ role: "assistant", ...delta }, null)],
    [undefined, { ...chunk({}, reason), usage }],
    [undefined, "[DONE]"],
  ]);
}

export const opencode: Agent = {
  name: "opencode",
  package: "opencode-ai",
  version: "1.18.33",
  bin: "opencode",
  dialect,
  sandboxes: [{ ...noSandbox, name: "none" }],
  configure: ({ url }) => ({
    files: {
      ".config/opencode/opencode.json": JSON.stringify({
        autoupdate: false,
        share: "disabled",
        model: "loopback/scripted",
        permission: { "*": "allow" },
        provider: {
          loopback: {
            npm: "@ai-sdk/openai-compatible",
            name: "loopback",
            options: { baseURL: `${url}/v1`, apiKey: "none" },
            models: { scripted: { name: "scripted", limit: { context: 200_000, output: 8_000 } } },
          },
        },
      }),
    },
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    },
  }),
  oneShot: (prompt) => ["run", prompt],
  screen: (prompt) => ["--prompt", prompt],
  frame: /Build · scripted loopback[\s\S]*ctrl\+p comm/,
  removes: "rm -rf",
  questions: 1,
  quit: ["\u0003"],
};
