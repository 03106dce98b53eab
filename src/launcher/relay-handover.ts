import type { InnerPty } from "./inner-pty.js";
import { Pump } from "./relay-pump.js";
import { cancel, type TerminalModes } from "./terminal-modes.js";
import type { TerminalOutput } from "./terminal-output.js";

/**
 * Who passes the program's output on: the relay itself, or its pump, for as long as nothing comes between. Only one of them
 * reads the inner terminal and writes to the human's at a time; keys always come to the relay.
 */
export class Handover {
  private state: "back" | "lending" | "lent" | "stopping" = "back";
  private pump: Pump | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    /** Compiled; undefined where there is none, or none any more. */
    private program: string | undefined,
    private readonly outer: number,
    private readonly inner: InnerPty,
    private readonly output: TerminalOutput,
    private readonly modes: TerminalModes,
  ) {}

  /** The relay passes output on itself. */
  get isBack(): boolean {
    return this.state === "back";
  }

  /** Once all is written that the relay was given. False where it is to go on itself. */
  lend(): boolean {
    if (this.program === undefined || this.output.isBroken || !this.isBack) return false;
    this.state = "lending";
    this.inner.stream.pause();
    this.output.whenDrained(() => this.start());
    return true;
  }

  /** What needs the terminal to itself: done once the relay has it back, in order, and before it reads any more output. */
  takeBack(work: () => void): void {
    if (this.isBack) {
      work();
      return;
    }
    this.waiting.push(work);
    if (this.state === "lending") this.have();
    if (this.state !== "lent") return;
    this.state = "stopping";
    this.pump?.stop();
  }

  end(): void {
    this.pump?.end();
    this.program = undefined;
  }

  private start(): void {
    if (this.state !== "lending") return;
    if (this.program === undefined || this.output.isBroken) {
      this.have();
      return;
    }
    try {
      this.pump ??= this.startPump(this.program);
    } catch {
      this.program = undefined;
      this.have();
      return;
    }
    this.state = "lent";
    this.pump.go(this.modes.begun);
  }

  private startPump(program: string): Pump {
    return new Pump(program, this.inner.descriptor, this.outer, {
      onTold: (bytes, isAnew) => {
        if (isAnew) this.modes.scanAnew(bytes);
        else this.modes.scan(bytes);
        return this.modes.begun;
      },
      onStopped: (unwritten) => {
        this.output.write(unwritten);
        this.have();
      },
      onLost: () => {
        this.program = undefined;
        if (this.isBack) return;
        // It may have been killed in the middle of anything.
        this.modes.scanAnew(new Uint8Array());
        this.output.write(cancel);
        this.have();
      },
    });
  }

  private have(): void {
    this.state = "back";
    const { waiting } = this;
    this.waiting = [];
    for (const work of waiting) work();
    this.inner.stream.resume();
  }
}
