import type { ToolCall } from "../hooks/tool-call.js";
import { assertNever } from "../model/assert-never.js";
import { envFrom } from "../model/env.js";
import type { Request } from "../model/judgement.js";
import { lineRequest } from "./line-request.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** An agent's tool call in the words of the judge: a line, or the call of a reader that stands for such tools. */
export function hookRequest(tool: ToolCall, cwd: string, env: Environment): Request {
  switch (tool.kind) {
    case "line":
      // Agents give their shells /dev/null.
      return lineRequest({ line: tool.text, cwd: folderOf(tool.cwd, cwd), env, stdin: "" });
    case "files":
    case "service":
      return {
        door: "exec",
        tool: `agent/${tool.kind}`,
        argv: toolArgv(tool),
        cwd,
        env: envFrom(Object.entries(env)),
        stdin: { kind: "none" },
      };
    default:
      return assertNever(tool);
  }
}

/** As the readers `agent/files` and `agent/service` take it. */
export function toolArgv(tool: Exclude<ToolCall, { readonly kind: "line" }>): readonly string[] {
  if (tool.kind === "service") return [tool.tool, tool.server, tool.name, JSON.stringify(tool.input ?? null)];
  const { written, deleted, read = [], searched = [] } = tool;
  return [
    tool.tool,
    ...written,
    ...marked("--delete", deleted),
    ...marked("--read", read),
    ...marked("--search", searched),
  ];
}

function marked(mark: string, paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : [mark, ...paths];
}

function folderOf(own: string | undefined, cwd: string): string {
  if (own === undefined) return cwd;
  return own.startsWith("/") ? own : `${cwd}/${own}`;
}
