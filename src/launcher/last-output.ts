import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { ReadStream } from "node:tty";

/**
 * What comes out of a pseudo-terminal, to its very end. Once nobody has the inner end open, the kernel reports a hang-up,
 * and libuv takes the next short read for the end although more is there to be read. So we keep the inner end open, and
 * when the program has ended we write a mark to it: what was written before has come out when the mark comes out.
 */
export class LastOutput {
  private readonly inner: number;
  private readonly mark = Buffer.from(`\u0000${BigInt(`0x${randomBytes(16).toString("hex")}`)}\u0000`);
  private isEnding = false;
  private isOver = false;
  private carried: Buffer = Buffer.alloc(0);
  private quiet: NodeJS.Timeout | undefined;

  constructor(
    path: string,
    private readonly stream: ReadStream,
    private readonly onOutput: (bytes: Uint8Array) => void,
    private readonly onDrained: () => void,
  ) {
    this.inner = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  expectEnd(): void {
    this.isEnding = true;
    this.writeMark(0);
    this.waitForQuiet();
  }

  /** What came out; the chunk is only lent. */
  take(chunk: Buffer): void {
    if (this.isOver) return;
    if (!this.isEnding) {
      this.onOutput(chunk);
      return;
    }
    const bytes = Buffer.concat([this.carried, chunk]);
    const at = bytes.indexOf(this.mark);
    const end = at >= 0 ? at : Math.max(0, bytes.length - this.mark.length + 1);
    this.carried = bytes.subarray(end);
    if (end > 0) this.onOutput(bytes.subarray(0, end));
    if (at >= 0) this.end();
    else this.waitForQuiet();
  }

  /** The terminal may be full: the rest of the mark goes in when something has come out. */
  private writeMark(from: number): void {
    if (this.isOver) return;
    let written = from;
    try {
      written += writeSync(this.inner, this.mark, from);
    } catch {
      // EAGAIN
    }
    if (written < this.mark.length) setTimeout(() => this.writeMark(written), 5);
  }

  /** Output that somebody stopped with Ctrl-S, or never ends: a process that was left behind goes on writing. */
  private waitForQuiet(): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      if (this.stream.isPaused()) {
        this.waitForQuiet();
        return;
      }
      if (this.carried.length > 0) this.onOutput(this.carried);
      this.end();
    }, 500);
  }

  private end(): void {
    this.isOver = true;
    clearTimeout(this.quiet);
    closeSync(this.inner);
    // Those left behind may go on writing: it is dropped, but they do not choke on it, nor keep us from ending.
    this.stream.resume();
    this.stream.unref();
    this.onDrained();
  }
}
