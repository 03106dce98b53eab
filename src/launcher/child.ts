import { spawn } from "node:child_process";
import { constants } from "node:os";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** What the program finds as argv[0]; the command when left out. */
  readonly argv0?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Child {
  /** The command's own status; 128+n when a signal ended it; 127 or 126 when it could not be started. */
  readonly exit: Promise<number>;
  readonly pid: number | undefined;
}

/**
 * Starts a command without a terminal of its own: same descriptors, same process group. Ctrl-C and Ctrl-\ of a shared
 * terminal reach it by themselves; what is sent to this process alone is passed on.
 */
export function startChild({ command, args, argv0, env, cwd }: ChildOptions): Child {
  const child = spawn(command, [...args], {
    stdio: "inherit",
    env,
    cwd,
    ...(argv0 === undefined ? {} : { argv0 }),
  });
  const stop = forwardSignals((signal) => child.kill(signal), process.stdin.isTTY === true);
  const exit = new Promise<number>((resolve) => {
    child.once("error", (cause) => {
      process.stderr.write(`holdpoint: ${command}: ${describe(cause)}\n`);
      resolve("code" in cause && cause.code === "ENOENT" ? 127 : 126);
    });
    child.once("exit", (status, signal) => resolve(exitStatus(status, signal)));
  });
  return { pid: child.pid, exit: exit.finally(stop) };
}

export function exitStatus(status: number | null, signal: NodeJS.Signals | null): number {
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Passes signals on until the returned function is called. This process itself survives them: the session ends with the child. */
export function forwardSignals(kill: (signal: NodeJS.Signals) => void, sharesTerminal: boolean): () => void {
  const passed: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR2"];
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

function describe(cause: Error): string {
  if (!("code" in cause)) return cause.message;
  if (cause.code === "ENOENT") return "command not found";
  return cause.code === "EACCES" ? "permission denied" : cause.message;
}
