import { constants } from "node:os";
import type { InnerPty } from "./inner-pty.js";
import { hasTerminal, isDefaultSignal, readProcessState, sendSignal } from "./process-state.js";
import { hasSignalKeys } from "./stty.js";

/** Whoever has the human's terminal. */
export interface TerminalHolder {
  /** Whether it could be given away now: no card is up, the session goes on. */
  isFree(): boolean;
  /** Gives it to the shell that started us; calls back once that shell can have it. */
  leave(left: () => void): void;
  /** Takes it again. */
  enter(): void;
  /** Somebody stopped and continued us without asking: it may have any modes, and another size. */
  reenter(): void;
}

/**
 * When the program in an inner terminal stops, so does the session: the human's shell gets its terminal back, and `fg` goes
 * on with both. What stops below a shell in there is that shell's own job, and not seen here.
 */
export class JobControl {
  private state: "front" | "leaving" | "stopped" | "background" = "front";
  private isOver = false;

  constructor(
    private readonly inner: InnerPty,
    private readonly holder: TerminalHolder,
  ) {
    process.on("SIGCHLD", this.look).on("SIGCONT", this.onContinued).on("SIGTSTP", this.onStop);
  }

  /** The terminal is, or is about to be, with the human's shell. */
  get isParked(): boolean {
    return this.state !== "front";
  }

  /** Stops the session if the program has stopped: to be called whenever the terminal has become free, too. */
  readonly look = (): void => {
    if (this.isOver || readProcessState(this.inner.pid)?.state !== "T") return;
    // It wanted the terminal, which is with the shell.
    if (this.state === "background") this.stop("SIGTTOU");
    if (this.state !== "front" || !this.holder.isFree()) return;
    this.state = "leaving";
    this.holder.leave(() => {
      if (!this.isOver) this.stop("SIGTSTP");
    });
  };

  /**
   * A Ctrl-Z went in. Without a leader the program's process group is orphaned (nobody in its session could continue it), and
   * the kernel stops it only by SIGSTOP: that is what it gets where the kernel would have stopped it.
   */
  afterCtrlZ(): void {
    if (this.inner.hasLeader) return;
    setTimeout(() => {
      const program = readProcessState(this.inner.pid);
      const isInFront = program !== undefined && program.foreground === program.group;
      if (this.isOver || !isInFront || !isDefaultSignal(this.inner.pid, constants.signals.SIGTSTP)) return;
      if (hasSignalKeys(this.inner.descriptor)) sendSignal(-this.inner.pid, "SIGSTOP");
    }, 60).unref();
  }

  end(): void {
    this.isOver = true;
    process.off("SIGCHLD", this.look).off("SIGCONT", this.onContinued).off("SIGTSTP", this.onStop);
  }

  /** Us, and all that the shell started together with us, as the kernel would. */
  private stop(signal: "SIGTSTP" | "SIGTTOU"): void {
    this.state = "stopped";
    process.off("SIGTSTP", this.onStop);
    process.kill(0, signal);
    // Runs only once somebody continues us; at once where the kernel does not stop us either.
    setTimeout(() => this.wake(), 50);
  }

  /** By `fg`, or by `bg`: then the program runs, and the terminal stays with the shell. */
  private wake(): void {
    process.on("SIGTSTP", this.onStop);
    this.state = "background";
    if (!hasTerminal()) sendSignal(-this.inner.pid, "SIGCONT");
    this.waitForTerminal();
  }

  private waitForTerminal(): void {
    if (this.isOver || this.state !== "background") return;
    if (!hasTerminal()) {
      setTimeout(() => this.waitForTerminal(), 100);
      return;
    }
    this.holder.enter();
    // First, so that the program has the terminal when it goes on: in the background it would stop again.
    if (this.inner.hasLeader) sendSignal(this.inner.pid, "SIGURG");
    sendSignal(-this.inner.pid, "SIGCONT");
    this.state = "front";
    this.look();
  }

  private readonly onContinued = (): void => {
    if (this.state === "front" && !this.isOver) this.holder.reenter();
  };

  /** `kill -TSTP`: the program decides, as it would without us; we follow. */
  private readonly onStop = (): void => sendSignal(this.inner.pid, "SIGTSTP");
}
