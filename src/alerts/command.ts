import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import type { AlertEvent } from "../model/alert.js";
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

/** No shell, nothing of its output is read, and it ends with all that it started in its group. */
function run({ command, env, cwd }: CommandOptions, { body }: Message, signal: AbortSignal): Promise<Sent> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(failure("called off"));
    const [program = "", ...args] = command;
    let child: ChildProcess;
    try {
      child = spawn(program, args, {
        env: { ...env },
        cwd,
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });
    } catch (cause) {
      return resolve({
        ok: false,
        reason: cause instanceof Error ? cause.message : String(cause),
        isFinal: true,
      });
    }
    const end = (sent: Sent) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(sent);
    };
    const kill = (reason: string) => {
      killGroup(child);
      end(failure(reason));
    };
    const stop = () => kill("called off");
    const timer = setTimeout(() => kill("did not end within ten seconds"), tryTime);
    signal.addEventListener("abort", stop);
    child.on("error", (error: NodeJS.ErrnoException) =>
      end({ ok: false, reason: error.code ?? error.message, isFinal: error.code === "ENOENT" }),
    );
    child.on("exit", (status, by) =>
      end(status === 0 ? { ok: true } : failure(`ended with ${status ?? by ?? "?"}`)),
    );
    child.unref();
    // One that does not read, or is gone before it read all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(body);
  });
}

/** It leads a group of its own. */
function killGroup({ pid, stdin }: ChildProcess): void {
  stdin?.destroy();
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Gone by now.
  }
}

function failure(reason: string): Sent {
  return { ok: false, reason, isFinal: false };
}
