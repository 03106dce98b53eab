import type { ReadStream, WriteStream } from "node:tty";
import type { OpenScreen, Screen, ScreenListener, ScreenSize } from "../model/screen.js";
import { forwardSignals } from "./child.js";
import { type InnerPty, startPty } from "./inner-pty.js";
import { hasTerminal, sendSignal } from "./process-state.js";
import { watchForStop } from "./stop-watch.js";
import { makeRaw, type TerminalState } from "./stty.js";
import { TerminalModes } from "./terminal-modes.js";
import { TerminalOutput } from "./terminal-output.js";

export interface RelayOptions {
  /** A path, or a name that is looked up on the PATH of `env`. */
  readonly program: string;
  /** Without argv[0]. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Both the human's terminal. */
  readonly stdin: Input;
  readonly stdout: Output;
}

type Input = ReadStream & { readonly fd: number };
type Output = WriteStream & { readonly fd: number };

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
  let running: RunningRelay | undefined;
  const inner = startPty({
    ...options,
    ...size,
    onOutput: (bytes) => running?.relayOutput(bytes),
    onExit: (status) => running?.end(status),
    onDrained: () => running?.finish(),
  });
  if (typeof inner === "string") {
    outer.restore();
    return inner;
  }
  running = new RunningRelay(inner, outer, options.stdin, options.stdout);
  return {
    pid: inner.pid,
    exited: running.exited,
    openScreen: running.openScreen,
    kill: running.kill,
  };
}

class RunningRelay {
  readonly exited: Promise<number>;
  private readonly output: TerminalOutput;
  private readonly modes = new TerminalModes();
  private listener: ScreenListener | undefined;
  private hasScreen = false;
  private isParked = false;
  private isEnded = false;
  private status: number | undefined;
  private held: Uint8Array[] = [];
  private heldSize = 0;
  private kept: Uint8Array[] = [];
  private readonly cleanups: (() => void)[] = [];
  private resolveExit: (status: number) => void = () => {};

  constructor(
    private readonly inner: InnerPty,
    private outer: TerminalState | undefined,
    private readonly stdin: Input,
    private readonly stdout: Output,
  ) {
    this.exited = new Promise((resolve) => {
      this.resolveExit = resolve;
    });
    this.output = new TerminalOutput(stdout.fd);
    this.wire();
  }

  readonly openScreen = (): Screen | "later" | "gone" => {
    if (this.isEnded || this.output.isBroken) return "gone";
    if (this.hasScreen || this.isParked) return "later";
    this.hasScreen = true;
    this.output.write(this.modes.takeOver());
    // Held up until now by a program that does not read; from here on they are for the card.
    this.stdin.resume();
    return {
      size: () => sizeOf(this.stdout),
      write: (text, shown) => this.output.write(text, shown),
      listen: (listener) => {
        this.listener = listener;
      },
      keep: (bytes) => void this.kept.push(bytes),
      close: (closed) => {
        this.closeScreen();
        // What comes from the program goes the same way, behind it.
        closed();
      },
    };
  };

  readonly kill = (signal: NodeJS.Signals): void => sendSignal(this.inner.pid, signal);

  /** The program ended; its last output may still be on the way. A card that is up has nobody left to answer to. */
  end(status: number): void {
    this.status = status;
    this.listener?.onLost();
  }

  private wire(): void {
    const onInput = (chunk: Buffer) => this.relayInput(chunk);
    const onHangup = () => {
      this.listener?.onLost();
      sendSignal(-this.inner.pid, "SIGHUP");
    };
    const onResize = () => this.resize();
    this.stdin.on("data", onInput).on("end", onHangup).on("error", onHangup);
    this.stdout.on("resize", onResize);
    const onDeath = () => this.restoreNow();
    process.on("exit", onDeath);
    this.cleanups.push(
      forwardSignals((signal) => this.kill(signal), false),
      () => process.off("exit", onDeath),
      () => this.stdin.off("data", onInput).off("end", onHangup).off("error", onHangup),
      () => this.stdout.off("resize", onResize),
    );
  }

  relayOutput(chunk: Uint8Array): void {
    if (this.hasScreen) {
      this.held.push(chunk);
      this.heldSize += chunk.length;
      if (this.heldSize > mostHeld) this.inner.stream.pause();
      return;
    }
    this.show(chunk);
    if (this.output.pending < mostPending) return;
    this.inner.stream.pause();
    this.output.whenDrained(() => {
      if (this.heldSize <= mostHeld) this.inner.stream.resume();
    });
  }

  private show(chunk: Uint8Array): void {
    this.modes.scan(chunk);
    this.output.write(chunk);
  }

  private relayInput(chunk: Uint8Array): void {
    if (this.hasScreen) {
      this.listener?.onBytes(chunk);
      return;
    }
    if (chunk.includes(ctrlZ)) this.watch();
    if (this.inner.stream.write(chunk)) return;
    this.stdin.pause();
    this.inner.stream.once("drain", () => {
      if (!this.isParked) this.stdin.resume();
    });
  }

  private resize(): void {
    const { columns, rows } = sizeOf(this.stdout);
    if (!this.isEnded) this.inner.resize(columns, rows);
    this.listener?.onResize();
  }

  private closeScreen(): void {
    if (!this.hasScreen) return;
    this.hasScreen = false;
    this.listener = undefined;
    this.output.write(this.modes.giveBack());
    this.output.write(this.modes.unfinished);
    const { held, kept } = this;
    this.held = [];
    this.heldSize = 0;
    this.kept = [];
    for (const chunk of held) this.show(chunk);
    for (const reply of kept) this.inner.stream.write(reply);
    this.inner.stream.resume();
    if (this.modes.isAlternate || hasOneScreen.test(process.env["TERM"] ?? "")) this.nudge();
  }

  /** A full-screen program draws itself anew when its window changes. The pause keeps it from seeing no change at all. */
  private nudge(): void {
    const { columns, rows } = sizeOf(this.stdout);
    if (this.isEnded) return;
    this.inner.resize(columns, rows > 1 ? rows - 1 : rows + 1);
    setTimeout(() => this.resize(), 120).unref();
  }

  private watch(): void {
    const isFree = () => !this.isEnded && !this.hasScreen && !this.isParked;
    watchForStop(this.inner, isFree, () => this.park());
  }

  /** The program stopped, so we do: the shell that started us gets its terminal back. */
  private park(): void {
    this.isParked = true;
    this.stdin.pause();
    this.output.write(this.modes.park());
    this.output.whenDrained(() => {
      this.outer?.restore();
      this.outer = undefined;
      process.kill(0, "SIGTSTP");
      // Runs only once somebody continues us; at once where the kernel does not stop us either.
      setTimeout(() => this.unpark(), 50);
    });
  }

  private unpark(): void {
    if (this.isEnded) return;
    sendSignal(-this.inner.pid, "SIGCONT");
    if (!hasTerminal()) {
      setTimeout(() => this.unpark(), 250);
      return;
    }
    this.outer = makeRaw(this.stdin.fd);
    this.isParked = false;
    this.output.write(this.modes.unpark());
    this.stdin.resume();
    this.nudge();
  }

  /** All of its output is here. */
  finish(): void {
    this.isEnded = true;
    this.closeScreen();
    for (const clean of this.cleanups) clean();
    this.stdin.pause();
    this.output.whenDrained(() => {
      this.outer?.restore();
      this.outer = undefined;
      this.resolveExit(this.status ?? 1);
    });
  }

  /** The process dies without an end: an exception, `process.exit`. */
  private restoreNow(): void {
    if (this.hasScreen) this.output.writeNow(this.modes.giveBack());
    this.output.writeNow(this.modes.park());
    this.outer?.restore();
    sendSignal(-this.inner.pid, "SIGHUP");
  }
}

const ctrlZ = 0x1a;
const mostHeld = 4_000_000;
const mostPending = 256_000;
/** Terminals without an alternate screen: the card overwrote what was there. */
const hasOneScreen = /^(?:linux|dumb|vt\d+|ansi)/;

function sizeOf(stdout: WriteStream): ScreenSize {
  return { columns: Math.max(1, stdout.columns || 80), rows: Math.max(1, stdout.rows || 24) };
}
