import * as v from "valibot";
import { type Agent, noSandbox } from "./agent.js";
import { type Dialect, events } from "./model.js";

const RequestSchema = v.object({
  tools: v.optional(v.array(v.looseObject({ name: v.optional(v.string()) })), []),
  messages: v.optional(
    v.array(
      v.looseObject({
        content: v.union([
          v.string(),
          v.array(v.looseObject({ type: v.string(), content: v.optional(v.unknown()) })),
        ]),
      }),
    ),
    [],
  ),
});

/** Anthropic's Messages API. */
const dialect: Dialect = {
  results: (body) => {
    const { tools, messages } = v.parse(RequestSchema, body);
    if (!tools.some(({ name }) => name === "Bash")) return undefined;
    return messages
      .flatMap(({ content }) => (typeof content === "string" ? [] : content))
      .filter(({ type }) => type === "tool_result")
      .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)));
  },
  run: (command, at) =>
    answer(
      { type: "tool_use", id: `toolu_${at}`, name: "Bash", input: {} },
      { type: "input_json_delta", partial_json: JSON.stringify({ command, description: "the next step" }) },
      "tool_use",
    ),
  say: (text) => answer({ type: "text", text: "" }, { type: "text_delta", text }, "end_turn"),
};

function answer(
  block: Readonly<Record<string, unknown>>,
  delta: Readonly<Record<string, unknown>>,
  reason: string,
) {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "scripted", content: [], usage };
  const named = (type: string, rest: Readonly<Record<string, unknown>>) => [type, { type, ...rest }] as const;
  return events([
    named("message_start", { message: { ...message, stop_reason: null, stop_sequence: null } }),
    named("content_block_start", { index: 0, content_block: block }),
    named("content_block_delta", { index: 0, delta }),
    named("content_block_stop", { index: 0 }),
    named("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage }),
    named("message_stop", {}),
  ]);
}

export const claude: Agent = {
  name: "claude",
  package: "@anthropic-ai/claude-code",
  version: "2.1.330",
  bin: "claude",
  dialect,
  sandboxes: [noSandbox],
  configure: ({ workspace, url }) => ({
    files: {
      ".claude.json": JSON.stringify({
        hasCompletedOnboarding: true,
        projects: { [workspace]: { hasTrustDialogAccepted: true } },
      }),
      ".claude/settings.json": JSON.stringify({ permissions: { allow: ["Bash"] } }),
    },
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: "none",
      ANTHROPIC_MODEL: "scripted",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
  }),
  oneShot: (prompt) => ["-p", prompt],
  // Its automatic mode asks a server that is not the model's.
  screen: (prompt) => ["--permission-mode", "default", prompt],
  frame: /\? for shortcuts/,
  removes: "rm -rf",
  questions: 1,
  quit: ["\u0003", "\u0003"],
};
