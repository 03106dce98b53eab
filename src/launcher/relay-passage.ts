import type { ReadStream, WriteStream } from "node:tty";
import type { Screen, ScreenListener, ScreenSize } from "../model/screen.js";
import { forwardSignals } from "./child.js";
import type { InnerPty } from "./inner-pty.js";
import { JobControl } from "./job-control.js";
import { sendSignal } from "./process-state.js";
import { Handover } from "./relay-handover.js";
import { makeRaw, type TerminalState } from "./stty.js";
import { cancel, TerminalModes } from "./terminal-modes.js";
import { TerminalOutput } from "./terminal-output.js";

/** The human's keyboard: a terminal, so that it has a descriptor. */
export type Input = ReadStream & { readonly fd: number };

/** Their screen: the same terminal. */
export type Output = WriteStream & { readonly fd: number };

/** Bytes between the human's terminal and the inner one, and what may come between them: a card, a stop, the end. */
export class Passage {
  readonly exited: Promise<number>;
  private readonly output: TerminalOutput;
  private readonly modes = new TerminalModes();
  private readonly jobs: JobControl;
  private readonly handover: Handover;
  private listener: ScreenListener | undefined;
  private hasScreen = false;
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
    pump: string | undefined,
    private readonly aim: () => number | undefined = () => undefined,
  ) {
    this.exited = new Promise((resolve) => {
      this.resolveExit = resolve;
    });
    this.output = new TerminalOutput(stdout.fd);
    this.handover = new Handover(pump, stdout.fd, inner, this.output, this.modes);
    this.jobs = new JobControl(inner, {
      isFree: () => !this.isEnded && !this.hasScreen,
      leave: (left) => this.leave(left),
      enter: () => this.enter(),
      reenter: () => this.reenter(),
    });
    this.wire();
  }

  readonly openScreen = (): Screen | "later" | "gone" => {
    if (this.isEnded || this.output.isBroken) return "gone";
    if (this.hasScreen || this.jobs.isParked) return "later";
    this.hasScreen = true;
    const inFront = (work: () => void) => this.handover.takeBack(work);
    inFront(() => this.output.write(this.modes.takeOver()));
    // Held up until now by a program that does not read; from here on they are for the card.
    this.stdin.resume();
    return {
      size: () => sizeOf(this.stdout),
      write: (text, shown) => inFront(() => this.output.write(text, shown)),
      listen: (listener) => {
        this.listener = listener;
      },
      keep: (bytes) => void this.kept.push(bytes),
      close: (closed) =>
        inFront(() => {
          this.closeScreen();
          // What comes from the program goes the same way, behind it.
          closed();
        }),
    };
  };

  readonly kill = (signal: NodeJS.Signals): void => sendSignal(this.aim() ?? this.inner.pid, signal);

  /** The program ended; its last output may still be on the way. A card that is up has nobody left to answer to. */
  end(status: number): void {
    this.status = status;
    this.listener?.onLost();
    this.handover.takeBack(() => this.inner.expectEnd());
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
      () => this.jobs.end(),
      () => this.handover.end(),
    );
    // A program that stops at once was faster than our listener.
    this.jobs.look();
  }

  /** The chunk is only lent. */
  relayOutput(chunk: Uint8Array): void {
    if (this.hasScreen) {
      this.held.push(Buffer.from(chunk));
      this.heldSize += chunk.length;
      if (this.heldSize > mostHeld) this.inner.stream.pause();
      return;
    }
    this.show(chunk);
    if (!this.jobs.isParked && this.status === undefined && this.handover.lend()) return;
    if (this.output.pending < mostPending || this.inner.stream.isPaused()) return;
    this.inner.stream.pause();
    this.output.whenDrained(() => {
      if (this.heldSize <= mostHeld && this.handover.isBack) this.inner.stream.resume();
    });
  }

  private show(chunk: Uint8Array): void {
    this.modes.scan(chunk);
    this.output.writeThrough(chunk);
  }

  private relayInput(chunk: Uint8Array): void {
    if (this.hasScreen) {
      this.listener?.onBytes(chunk);
      return;
    }
    if (chunk.includes(ctrlZ)) this.jobs.afterCtrlZ();
    if (this.inner.stream.write(chunk)) return;
    this.stdin.pause();
    this.inner.stream.once("drain", () => {
      if (!this.jobs.isParked) this.stdin.resume();
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
    this.jobs.look();
  }

  /**
   * A full-screen program draws itself anew when its window changes. The pause keeps it from seeing no change at all: some
   * look at the new size only once it has been quiet for a while (opencode: 100 ms).
   */
  private nudge(): void {
    const { columns, rows } = sizeOf(this.stdout);
    if (this.isEnded) return;
    this.inner.resize(columns, rows > 1 ? rows - 1 : rows + 1);
    setTimeout(() => this.resize(), 400).unref();
  }

  private leave(left: () => void): void {
    this.stdin.pause();
    // What the program wrote before it stopped is still on its way here.
    this.handover.takeBack(() => setTimeout(() => this.park(left), 20));
  }

  private park(parked: () => void): void {
    if (this.isEnded) return;
    this.output.write(this.modes.park());
    this.output.whenDrained(() => {
      this.outer?.restore();
      this.outer = undefined;
      parked();
    });
  }

  private enter(): void {
    this.outer = makeRaw(this.stdin.fd);
    this.output.write(this.modes.unpark());
    this.stdin.resume();
    this.redraw();
  }

  private reenter(): void {
    this.outer?.renew();
    this.redraw();
  }

  /** The window may have changed while the terminal was not ours, and nobody told us. */
  private redraw(): void {
    process.emit("SIGWINCH", "SIGWINCH");
    if (this.modes.isAlternate && !this.hasScreen) this.nudge();
    else this.resize();
  }

  /** All of its output is here. */
  finish(): void {
    this.isEnded = true;
    this.closeScreen();
    for (const clean of this.cleanups) clean();
    this.stdin.pause();
    // Who was killed has not tidied up.
    if ((this.status ?? 1) > 128) this.output.write(this.modes.park());
    this.output.whenDrained(() => {
      this.outer?.restore();
      this.outer = undefined;
      this.output.close();
      this.resolveExit(this.status ?? 1);
    });
  }

  /** The process dies without an end: an exception, `process.exit`. */
  private restoreNow(): void {
    this.handover.end();
    this.output.writeNow(
      `${this.handover.isBack ? "" : cancel}${this.hasScreen ? this.modes.giveBack() : ""}${this.modes.park()}`,
    );
    this.outer?.restore();
    sendSignal(-this.inner.pid, "SIGHUP");
  }
}

const ctrlZ = 0x1a;
const mostHeld = 4_000_000;
/** Little, so that a Ctrl-C in a flood is not followed by much of it. */
const mostPending = 65_536;
/** Terminals without an alternate screen: the card overwrote what was there. */
const hasOneScreen = /^(?:linux|dumb|vt\d+|ansi)/;

/** 80 × 24 where the terminal says nothing: a serial line, one that is just being closed. */
export function sizeOf({ columns, rows }: WriteStream): ScreenSize {
  return { columns: Math.max(1, columns || 80), rows: Math.max(1, rows || 24) };
}
