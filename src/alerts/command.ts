import { basename } from "node:path";
import type { AlertEvent } from "../model/alert.js";
import { assertNever } from "../model/assert-never.js";
import { runChild } from "../world/child.js";
import { type Message, type Sent, type Sink, tryTime } from "./sink.js";

export interface CommandOptions {
  /** A program, found already, and its arguments. */
  readonly command: readonly string[];
  /** The user's own environment, as it was before the session: no shims. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly on: readonly AlertEvent[];
}

/** Starts the user's own program for each alert, with its JSON on stdin. Status 0: it was delivered. */
export function commandSink(options: CommandOptions): Sink {
  return {
    name: `command ${basename(options.command[0] ?? "")}`,
    on: options.on,
    send: (message, signal) => run(options, message, signal),
  };
}

/** Nothing of its output is read. What it starts for later may outlive it. */
async function run(
  { command, env, cwd }: CommandOptions,
  { body }: Message,
  signal: AbortSignal,
): Promise<Sent> {
  const [program = "", ...args] = command;
  const ended = await runChild({
    ...{ program, args, env, cwd, input: body },
    ...{ leaves: true, signal, patience: tryTime },
  });
  switch (ended.kind) {
    case "ended":
      return ended.status === 0 ? { ok: true } : failure(`ended with ${ended.status ?? ended.by ?? "?"}`);
    case "failed":
      return {
        ok: false,
        reason: ended.code ?? ended.reason,
        isFinal: ended.code === undefined || /^(ENOENT$|ERR_)/.test(ended.code),
      };
    case "late":
      return failure("did not end within ten seconds");
    case "stopped":
      return failure("called off");
    default:
      return assertNever(ended);
  }
}

function failure(reason: string): Sent {
  return { ok: false, reason, isFinal: false };
}
