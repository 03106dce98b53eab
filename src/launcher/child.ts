import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { getSystemErrorMap } from "node:util";
import { jsonText } from "../model/json-text.js";
import { sendSignal } from "./process-state.js";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** What the program finds as argv[0]; the command when left out. */
  readonly argv0?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The process that signals are for, where that is not the one that is started; undefined as long as it is. */
  readonly aim?: (() => number | undefined) | undefined;
}

/** A command that was started, or that could not be. */
export interface Child {
  /** The command's own status; 128+n when a signal ended it; 127 or 126 when it could not be started. */
  readonly exit: Promise<number>;
  readonly pid: number | undefined;
}

/**
 * Starts a command without a terminal of its own: same descriptors, same process group. Ctrl-C and Ctrl-\ of a shared
 * terminal reach it by themselves; what is sent to this process alone is passed on.
 */
export function startChild(options: ChildOptions): Child {
  const { command } = options;
  let child: ChildProcess;
  try {
    child = spawnInherited(options);
  } catch (cause) {
    // Node throws what it does not foresee: ENOTDIR, E2BIG, ELOOP, an empty name.
    return { pid: undefined, exit: Promise.resolve(failedStart(command, cause)) };
  }
  // Not process.stdin.isTTY: looking at process.stdin makes a pipe on descriptor 0 non-blocking, for the child as well.
  const send = (signal: NodeJS.Signals) => {
    const aim = options.aim?.();
    if (aim === undefined) child.kill(signal);
    else sendSignal(aim, signal);
  };
  const stop = forwardSignals(send, isatty(0));
  const exit = new Promise<number>((resolve) => {
    child.once("error", (cause) => resolve(failedStart(command, cause)));
    child.once("exit", (status, signal) => resolve(exitStatus(status, signal)));
  });
  return { pid: child.pid, exit: exit.finally(stop) };
}

function spawnInherited({ command, args, argv0, env, cwd }: ChildOptions): ChildProcess {
  return spawn(command, [...args], {
    stdio: "inherit",
    env,
    cwd,
    ...(argv0 === undefined ? {} : { argv0 }),
  });
}

/** The statuses that shells give. */
function failedStart(command: string, cause: unknown): number {
  const code = command === "" ? "ENOENT" : cause instanceof Error && "code" in cause ? cause.code : undefined;
  const words = code === "ENOENT" ? "command not found" : describe(cause);
  process.stderr.write(`holdpoint: ${showName(command)}: ${words}\n`);
  return code === "ENOENT" ? 127 : 126;
}

/** An error's own message has the name in it as it is. */
function describe(cause: unknown): string {
  const errno = cause instanceof Error && "errno" in cause ? Number(cause.errno) : 0;
  return getSystemErrorMap().get(errno)?.[1] ?? jsonText(String(cause));
}

/** As it is, or quoted where a terminal would do something with it. */
function showName(command: string): string {
  const quoted = jsonText(command);
  return command !== "" && quoted === `"${command}"` ? command : quoted;
}

/** As a shell has it in `$?`: 128+n where signal n ended it. */
export function exitStatus(status: number | null, signal: NodeJS.Signals | null): number {
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Passes signals on until the returned function is called. This process itself survives them: the session ends with the child. */
export function forwardSignals(kill: (signal: NodeJS.Signals) => void, sharesTerminal: boolean): () => void {
  const passed: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
  const fromKeys: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
  const pass = (signal: NodeJS.Signals) => kill(signal);
  const hold = (signal: NodeJS.Signals) => {
    if (!sharesTerminal) kill(signal);
  };
  for (const signal of passed) process.on(signal, pass);
  for (const signal of fromKeys) process.on(signal, hold);
  return () => {
    for (const signal of passed) process.off(signal, pass);
    for (const signal of fromKeys) process.off(signal, hold);
  };
}
