import { join } from "node:path";
import { hookPath, installHook } from "./hook-program.js";
import type { InitTarget } from "./init-target.js";
import type { Places } from "./places.js";

/** https://opencode.ai/docs/plugins: it starts no hooks, but loads each file in this folder. */
export const opencode: InitTarget = {
  name: "opencode",
  about: "what opencode runs and writes: its commands, files, MCP tools",
  install: installHook,
  makesFolder: true,
  file({ folder, env, places }) {
    const config = env["XDG_CONFIG_HOME"];
    const usual = join(config?.startsWith("/") ? config : join(places.home, ".config"), "opencode");
    return join(folder ?? usual, "plugin", "holdpoint.js");
  },
  projectFile: (root) => join(root, ".opencode", "plugin", "holdpoint.js"),
  add: (text, { places }) =>
    text.trim() === "" || text.startsWith(mark)
      ? { ok: true, text: plugin(places) }
      : { ok: false, reason: "is a plugin of somebody else's; rename it, then run this again" },
  takeBack: (text) => ({ ok: true, text: text.startsWith(mark) ? "" : text }),
  print: ({ places }) => plugin(places),
  next: () => [
    "start opencode anew: it loads the plugin",
    "what would need a question is refused: a plugin cannot ask. holdpoint -- opencode asks (docs/agents/opencode.md)",
  ],
};

const mark = "// Written by `holdpoint init opencode`";

function plugin(places: Places): string {
  return `${mark}; \`holdpoint init opencode --undo\` takes it away.
import { spawn } from "node:child_process";

const program = ${JSON.stringify(hookPath(places))};

export const Holdpoint = async ({ directory }) => ({
  // What is thrown here is told to the model, and the tool does not run.
  "tool.execute.before": async ({ tool, sessionID }, { args }) => {
    const answer = await ask({ session_id: sessionID, cwd: directory, tool, args: args ?? {} });
    if (answer.decision !== "allow") throw new Error(answer.reason ?? "holdpoint: denied");
  },
});

function ask(question) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["opencode"], { stdio: ["pipe", "pipe", "pipe"] });
    let [out, complaint] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (complaint += text));
    child.stdin.on("error", () => {});
    child.on("error", (cause) => reject(new Error(\`holdpoint: denied: \${cause.message}\`)));
    child.on("close", (status) => {
      try {
        if (status !== 0) throw new Error();
        resolve(JSON.parse(out));
      } catch {
        reject(new Error(complaint || \`holdpoint: denied: its hook ended with \${status}\`));
      }
    });
    child.stdin.end(JSON.stringify(question));
  });
}
`;
}
