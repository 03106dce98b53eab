import { isUtf8 } from "node:buffer";
import { decodeBytes } from "../model/bytes.js";
import type { Shell, Stdin } from "../model/call.js";
import { type Env, envFrom } from "../model/env.js";
import type { Request } from "../model/judgement.js";
import type { ShimCall, StdinAnswer, StdinKind } from "./protocol.js";

/** The exec door's request for a shim's call. */
export function execRequest(call: ShimCall, stdin: Stdin): Request & { readonly door: "exec" } {
  return { door: "exec", tool: call.name, argv: call.argv, cwd: cwdOf(call), env: envOf(call, []), stdin };
}

/** The line door's request. `variables`: the shell's own that are not exported, on top of its environment. */
export function lineRequest(
  call: ShimCall,
  shell: Shell,
  text: string,
  args: readonly string[],
  variables: readonly (readonly [string, string])[],
): Request & { readonly door: "line" } {
  const stdin = stdinOf(call.stdin);
  return { door: "line", text, shell, args, cwd: cwdOf(call), env: envOf(call, variables), stdin };
}

/** What is known of descriptor 0 before anything was read from it. */
export function stdinOf(kind: StdinKind): Stdin {
  switch (kind) {
    case "none":
      return { kind: "none" };
    case "tty":
      return { kind: "terminal" };
    case "null":
      return { kind: "text", text: "", from: "file" };
    case "file":
    case "pipe":
    case "socket":
    case "other":
      return {
        kind: "unknown",
        reason: `standard input is a ${kind === "other" ? "device" : kind} not read yet`,
      };
  }
}

/** What is known of descriptor 0 once it was read: only a whole text is one. */
export function spooledStdin(answer: StdinAnswer, from: StdinKind): Stdin {
  if (answer.state === "none") return { kind: "none" };
  if (answer.state === "more") return { kind: "unknown", reason: "standard input is too long or still open" };
  const text = isUtf8(answer.bytes) ? answer.bytes.toString("utf8") : decodeBytes(answer.bytes);
  return { kind: "text", text, from: from === "file" ? "file" : "spool" };
}

/**
 * A directory without a readable name (removed, or below one that may not be searched) still is where relative paths
 * start; `/` in its place would make `rm -rf x` look harmless.
 */
function cwdOf(call: ShimCall): string {
  return call.cwd === "" ? `/proc/${call.pid}/cwd` : call.cwd;
}

function envOf(call: ShimCall, variables: readonly (readonly [string, string])[]): Env {
  const env: Env = { layer: call.env, outer: undefined };
  return variables.length === 0 ? env : envFrom(variables, env);
}
