import type { Judge } from "../judge.js";
import { opaqueEffect } from "../model/effect.js";
import type { Judgement, Request } from "../model/judgement.js";
import type { RecordBody } from "../model/record.js";
import type { SandboxPort } from "../model/sandbox-port.js";
import type { Trash } from "../model/trash.js";
import type { Network } from "../model/wire.js";
import type { World } from "../model/world.js";
import { nameAgent } from "./agent.js";
import type { Attention } from "./attention.js";
import type { Decisions, Mode } from "./decision.js";
import type { Lines } from "./lines.js";
import type { Programs } from "./program.js";
import type { ShimCall } from "./protocol.js";

/** What a broker decides with. */
export interface Bench {
  readonly judge: Judge;
  readonly world: World;
  /** Which caller's call is judged in that world. Left out: nobody wants to know. */
  readonly attention?: Attention;
  readonly decisions: Decisions;
  readonly lines: Lines;
  readonly programs: Programs;
  readonly mode: Mode;
  /** The folder of the shims. */
  readonly bin: string;
  readonly redact: (text: string) => string;
  /** What is moved instead of deleted, and the world of what could not be. Left out: nothing is. */
  readonly undo?: { readonly trash: Trash; readonly worldWithout: World };
  /** The session's network layer. Left out: it has none. */
  readonly network?: Network;
  /** Left out: the session runs on the machine as it is. */
  readonly sandbox?: SandboxPort;
  /** Links what a caller's PATH brings and the session has not seen yet. */
  readonly notePath: (path: string) => void;
}

/** The judge's verdict; when it throws, a judgement that denies and says so, so that the failure is logged like any other. */
export async function judgeSafely(bench: Bench, request: Request): Promise<Judgement> {
  try {
    return await bench.judge(request, bench.world);
  } catch (cause) {
    const tool = request.door === "exec" ? request.tool : request.shell;
    return denied(tool, tool, `the guard could not judge it: ${describeFailure(cause)}`);
  }
}

/** A denial that no rule speaks of. */
export function denied(tool: string, target: string, reason: string): Judgement {
  return {
    verdict: "deny",
    severity: "high",
    calls: [],
    origins: { calls: [], effects: [] },
    effects: [opaqueEffect(tool, target, reason)],
    matches: [],
    errors: [reason],
    wantsStdin: false,
  };
}

/** The session's mode, or the caller's where that is stricter: a session inside this one may tighten, never loosen. */
export function modeOf(bench: Bench, call: ShimCall): Mode {
  const inner = call.env.get("HOLDPOINT_MODE");
  if (inner === "deny") return "deny";
  return inner === "ask" && bench.mode === "observe" ? "ask" : bench.mode;
}

/** A record of a shim's call: its folder, its process, and the agent that its environment names. */
export function recordOf(call: ShimCall, body: RecordBody): RecordBody {
  const agent = nameAgent(call.env);
  return { ...body, cwd: call.cwd, pid: call.pid, ...(agent === undefined ? {} : { agent }) };
}

/** An error for a record or a denial: its message, with its cause in parentheses. */
export function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}
