import { type ChildProcess, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { modeFinals } from "./terminal-sequences.js";

/** What the relay hears of output that the pump passes on in its place. */
export interface PumpListener {
  /**
   * What the terminal was told, where that is more than text; `isAnew`: from outside of any sequence, else it goes on where the
   * last ended. Returns how many bytes at its end begin something.
   */
  readonly onTold: (bytes: Uint8Array, isAnew: boolean) => number;
  /** It passes nothing on any more, and leaves this to be written. */
  readonly onStopped: (unwritten: Uint8Array) => void;
  /** It has ended, whatever it had in hand. */
  readonly onLost: () => void;
}

/** `shims/pump.c`, running: passes output on from terminal to terminal. What is said between us is described there. */
export class Pump {
  private readonly child: ChildProcess;
  private readonly wire: Duplex;
  private frames: Buffer = Buffer.alloc(0);
  private patience: NodeJS.Timeout | undefined;
  private isOver = false;

  /** Throws where it cannot be started at all. */
  constructor(
    program: string,
    inner: number,
    outer: number,
    private readonly listener: PumpListener,
  ) {
    this.child = spawn(program, [modeFinals], {
      stdio: ["ignore", "ignore", "ignore", "pipe", inner, outer],
      env: {},
      cwd: "/",
    });
    const wire = this.child.stdio[3];
    if (!(wire instanceof Duplex)) throw new Error("the pump has no wire");
    this.wire = wire;
    this.child.on("error", () => this.lose());
    this.wire.on("data", (chunk: Buffer) => this.read(chunk)).on("error", () => {});
    this.wire.on("close", () => this.lose());
  }

  /** `begun` as `onTold` returns it, of what the terminal was told so far. */
  go(begun: number): void {
    this.order("g", begun);
  }

  stop(): void {
    this.order("s", 0);
    // Somebody has stopped it, as any process of this user can: what it has in hand is lost, the terminal is not.
    this.patience = setTimeout(() => this.child.kill("SIGKILL"), 2000);
  }

  /** Says nothing any more. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.patience);
    this.child.kill("SIGKILL");
    this.wire.destroy();
  }

  private order(letter: string, number: number): void {
    const order = Buffer.alloc(5, letter);
    order.writeUInt32BE(Math.min(number, most), 1);
    this.wire.write(order);
  }

  private lose(): void {
    if (this.isOver) return;
    this.end();
    this.listener.onLost();
  }

  private read(chunk: Buffer): void {
    let rest = this.frames.length === 0 ? chunk : Buffer.concat([this.frames, chunk]);
    while (rest.length >= 5 && !this.isOver) {
      const end = 5 + rest.readUInt32BE(1);
      if (rest.length < end) break;
      this.take(String.fromCharCode(rest[0] ?? 0), rest.subarray(5, end));
      rest = rest.subarray(end);
    }
    this.frames = rest;
  }

  private take(letter: string, bytes: Buffer): void {
    if (letter !== "s") {
      this.order("k", this.listener.onTold(bytes, letter === "n"));
      return;
    }
    clearTimeout(this.patience);
    this.listener.onStopped(bytes);
  }
}

const most = 0xffffffff;
