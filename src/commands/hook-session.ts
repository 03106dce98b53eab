import { spawn } from "node:child_process";
import { join } from "node:path";
import type { HookAnswer } from "../hooks/protocol.js";
import type { ToolCall } from "../hooks/tool-call.js";
import { toolArgv } from "./hook-request.js";

/** Puts a tool's call to the session around the agent: it is judged, logged and asked about there, like a program's. */
export async function askSession(
  tool: Exclude<ToolCall, { readonly kind: "line" }>,
  cwd: string | undefined,
  shims: string,
): Promise<HookAnswer> {
  const argv = toolArgv(tool);
  // A server's tool may be given more than an argument may hold.
  const [words, input] = tool.kind === "service" ? [argv.slice(0, -1), argv.at(-1)] : [argv, undefined];
  const { status, stderr } = await run(
    join(shims, "holdpoint-ask"),
    ["tool", tool.kind, ...words],
    cwd,
    input,
  );
  if (status === 0) return { kind: "allow" };
  if (stderr === "") throw new Error(`the session gave no answer (${status})`);
  return { kind: "deny", reason: stderr };
}

function run(
  program: string,
  args: readonly string[],
  cwd: string | undefined,
  input: string | undefined,
): Promise<{ readonly status: number | string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: [input === undefined ? "ignore" : "pipe", "ignore", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ status: code ?? signal ?? "", stderr: stderr.trim() }));
    // Gone before it read all: its status says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
