import { readlinkSync } from "node:fs";
import type { OpenScreen } from "../model/screen.js";
import { startPty } from "./inner-pty.js";
import { hasTerminal } from "./process-state.js";
import { type Input, type Output, Passage, sizeOf } from "./relay-passage.js";
import { makeRaw } from "./stty.js";

export interface RelayOptions {
  /** A path, or a name that is looked up on the PATH of `env`. */
  readonly program: string;
  /** Without argv[0]. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** As `startChild` has it. */
  readonly aim?: (() => number | undefined) | undefined;
  /** Both the human's terminal. */
  readonly stdin: Input;
  readonly stdout: Output;
  /** `shims/leader.c`, compiled; without it a program can be stopped by Ctrl-Z, or by SIGSTOP, but not by its own SIGTSTP. */
  readonly leader?: string | undefined;
  /** `shims/pump.c`, compiled; without it output is slower. */
  readonly pump?: string | undefined;
}

/** A program that runs in a terminal of its own. `pid` is that of its leader, where it has one. */
export interface Relay {
  readonly pid: number;
  /** The program's own status, or 128+n; once its output is on the terminal and the terminal is as it was. */
  readonly exited: Promise<number>;
  readonly openScreen: OpenScreen;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Runs a program in a terminal of its own and passes bytes between that and the human's, unchanged. What the program can
 * reach, and push keys into, is its own terminal; the human's keys come here first. A string is the reason why it cannot.
 */
export function startRelay(options: RelayOptions): Relay | string {
  if (!hasTerminal()) return "this is a background job";
  const size = sizeOf(options.stdout);
  const outer = makeRaw(options.stdin.fd);
  if (outer === undefined) return "stty(1) cannot set this terminal";
  let running: Passage | undefined;
  const inner = startPty({
    ...options,
    ...size,
    leader: options.leader,
    modes: outer.before,
    outerPath: pathOf(options.stdout.fd),
    onOutput: (bytes) => running?.relayOutput(bytes),
    onExit: (status) => running?.end(status),
    onDrained: () => running?.finish(),
  });
  if (typeof inner === "string") {
    outer.restore();
    return inner;
  }
  running = new Passage(inner, outer, options.stdin, options.stdout, options.pump, options.aim);
  return {
    pid: inner.pid,
    exited: running.exited,
    openScreen: running.openScreen,
    kill: running.kill,
  };
}

function pathOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}
