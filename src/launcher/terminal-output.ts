import { write, writeSync } from "node:fs";

/**
 * Writes to a terminal without ever stopping the event loop: Node's own stream for a terminal does, and a broker that
 * waits for a slow one lets every shim run into its time limit. One write at a time, in order.
 */
export class TerminalOutput {
  private readonly queue: Entry[] = [];
  private size = 0;
  private isWriting = false;
  isBroken = false;
  private onDrain: (() => void)[] = [];

  constructor(private readonly descriptor: number) {}

  /** Bytes that the terminal has not taken yet. */
  get pending(): number {
    return this.size;
  }

  write(bytes: Uint8Array | string, done?: () => void): void {
    const data = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
    if (this.isBroken) return;
    this.queue.push({ data, done });
    this.size += data.length;
    if (!this.isWriting) this.next();
  }

  /** Calls back once all is written; at once when it is. */
  whenDrained(callback: () => void): void {
    if (this.size === 0 || this.isBroken) callback();
    else this.onDrain.push(callback);
  }

  /** For the last words of a dying process. */
  writeNow(text: string): void {
    try {
      writeSync(this.descriptor, text);
    } catch {
      // The terminal is gone, or full: there is nobody to tell.
    }
  }

  private next(): void {
    const entry = this.queue[0];
    if (entry === undefined) {
      this.drained();
      return;
    }
    this.isWriting = true;
    write(this.descriptor, entry.data, 0, entry.data.length, null, (error, written) =>
      this.wrote(entry, error, written),
    );
  }

  private wrote(entry: Entry, error: NodeJS.ErrnoException | null, written: number): void {
    if (error?.code === "EAGAIN" || error?.code === "EINTR") {
      // Somebody made the terminal non-blocking for all who share it.
      setTimeout(() => this.next(), 5);
      return;
    }
    if (error !== null) {
      this.isBroken = true;
      this.drained();
      return;
    }
    this.size -= written;
    entry.data = entry.data.subarray(written);
    if (entry.data.length === 0) {
      this.queue.shift();
      entry.done?.();
    }
    this.next();
  }

  private drained(): void {
    this.isWriting = false;
    const waiting = this.onDrain;
    this.onDrain = [];
    for (const callback of waiting) callback();
  }
}

interface Entry {
  data: Uint8Array;
  readonly done: (() => void) | undefined;
}
