import { spawnSync } from "node:child_process";
import * as v from "valibot";
import { type Agent, noSandbox } from "./agent.js";
import { type Dialect, events } from "./model.js";

const RequestSchema = v.object({
  tools: v.optional(v.array(v.unknown()), []),
  contents: v.array(
    v.looseObject({
      parts: v.optional(
        v.array(v.looseObject({ functionResponse: v.optional(v.looseObject({ response: v.unknown() })) })),
        [],
      ),
    }),
  ),
});

/** Gemini's streamGenerateContent. */
const dialect: Dialect = {
  results: (body) => {
    const { tools, contents } = v.parse(RequestSchema, body);
    if (tools.length === 0) return undefined;
    return contents
      .flatMap(({ parts }) => parts)
      .flatMap(({ functionResponse }) =>
        functionResponse === undefined ? [] : [JSON.stringify(functionResponse.response)],
      );
  },
  run: (command) => answer({ functionCall: { name: "run_shell_command", args: { command } } }),
  say: (text) => answer({ text }),
};

function answer(part: Readonly<Record<string, unknown>>) {
  return events([
    [
      undefined,
      {
        candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
      },
    ],
  ]);
}

export const gemini: Agent = {
  name: "gemini",
  package: "@google/gemini-cli",
  version: "0.61.0",
  bin: "gemini",
  dialect,
  sandboxes: [noSandbox, { ...noSandbox, name: "docker", flags: ["--sandbox"], missing: missingImage }],
  configure: ({ url }) => ({
    files: {
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      }),
    },
    env: {
      GEMINI_API_KEY: "none",
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_CLI_TRUST_WORKSPACE: "true",
    },
  }),
  oneShot: (prompt) => [...settings, "-p", prompt],
  screen: (prompt) => [...settings, "-i", prompt],
  frame: /Type your message[\s\S]*no sandbox\s+gemini-2\.5-flash/,
  removes: "rm -rf",
  questions: 1,
  quit: ["\u0003", "\u0003"],
};

const settings = ["--yolo", "--model", "gemini-2.5-flash"];

/** The image is large, and no registry's business of a test: it counts where somebody has it. */
function missingImage(): string | undefined {
  const image = `us-docker.pkg.dev/gemini-code-dev/gemini-cli/sandbox:${gemini.version}`;
  const { status } = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore", timeout: 20_000 });
  return status === 0 ? undefined : `docker has no image ${image}`;
}
