import type { Duplex } from "node:stream";

/**
 * What comes on a connection, in order. It is read ahead a little, so that somebody who hangs up is noticed
 * while a verdict is awaited.
 */
export class Inbound {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private isOver = false;
  private wake: (() => void) | undefined;

  /** `onOver`: nothing more will come. */
  constructor(
    private readonly stream: Duplex,
    private readonly onOver: () => void = () => {},
  ) {
    stream.on("data", this.onData).on("end", this.onEnd).on("close", this.onEnd);
    stream.resume();
  }

  /** Bytes that came and were not taken. */
  get waiting(): number {
    return this.size;
  }

  /** What is there, or what comes next; undefined: nothing more will. */
  async next(): Promise<Buffer | undefined> {
    while (this.chunks.length === 0 && !this.isOver)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    const chunk = this.chunks.shift();
    if (chunk !== undefined) this.size -= chunk.length;
    if (this.size < readAhead && this.stream.isPaused()) this.stream.resume();
    return chunk;
  }

  /** Just so many bytes; undefined where the stream ends before. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let have = 0; have < count; ) {
      const chunk = await this.next();
      if (chunk === undefined) return undefined;
      const [wanted, rest] = [chunk.subarray(0, count - have), chunk.subarray(count - have)];
      if (rest.length > 0) {
        this.chunks.unshift(rest);
        this.size += rest.length;
      }
      parts.push(wanted);
      have += wanted.length;
    }
    return Buffer.concat(parts);
  }

  /** Leaves the stream paused, with what was not taken in it. */
  release(): void {
    this.stream.off("data", this.onData).off("end", this.onEnd).off("close", this.onEnd);
    this.stream.pause();
    if (this.size > 0) this.stream.unshift(Buffer.concat(this.chunks));
  }

  private readonly onData = (chunk: Buffer): void => {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size >= readAhead) this.stream.pause();
    this.wake?.();
  };

  private readonly onEnd = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.onOver();
    this.wake?.();
  };
}

/** Bytes. */
const readAhead = 256 * 1024;
