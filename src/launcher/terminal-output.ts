import { closeSync, constants, openSync, write, writeSync } from "node:fs";
import { ReadStream } from "node:tty";

/**
 * Writes to a terminal without ever stopping the event loop: Node's own stream for a terminal does, and a broker that
 * waits for a slow one lets every shim run into its time limit. What comes in one turn of the event loop goes out in one
 * write, in order.
 */
export class TerminalOutput {
  private readonly sink: Sink;
  private queue: Entry[] = [];
  private size = 0;
  private isBusy = false;
  isBroken = false;
  private onDrain: (() => void)[] = [];

  constructor(private readonly descriptor: number) {
    this.sink = openSink(descriptor);
  }

  /** Bytes that the terminal has not taken yet. */
  get pending(): number {
    return this.size;
  }

  write(bytes: Uint8Array | string, done?: () => void): void {
    const data = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
    if (this.isBroken) return;
    this.queue.push({ data, done });
    this.size += data.length;
    if (this.isBusy) return;
    this.isBusy = true;
    setImmediate(() => this.next());
  }

  /** As `write`, but what the terminal takes is there at once; `bytes` are the caller's again afterwards. */
  writeThrough(bytes: Uint8Array): void {
    const taken = this.isBusy || this.isBroken ? 0 : this.sink.tryWrite(bytes);
    if (taken < bytes.length) this.write(Buffer.from(bytes.subarray(taken)));
  }

  /** Calls back once all is written; at once when it is. */
  whenDrained(callback: () => void): void {
    if (this.size === 0 || this.isBroken) callback();
    else this.onDrain.push(callback);
  }

  /** For the last words of a dying process. What was under way may be cut anywhere, so that a sequence is broken off first. */
  writeNow(text: string): void {
    try {
      writeSync(this.descriptor, this.size > 0 ? `\u0018${text}` : text);
    } catch {
      // The terminal is gone, or full: there is nobody to tell.
    }
  }

  /** Nothing is written any more. */
  close(): void {
    this.isBroken = true;
    this.sink.close();
  }

  private next(): void {
    const entries = this.queue;
    if (entries.length === 0 || this.isBroken) {
      this.drained();
      return;
    }
    this.queue = [];
    const [first] = entries;
    const data =
      first !== undefined && entries.length === 1
        ? first.data
        : Buffer.concat(entries.map((each) => each.data));
    this.sink.write(data, (isWritten) => {
      this.size -= data.length;
      if (!isWritten) this.isBroken = true;
      else for (const { done } of entries) done?.();
      if (this.queue.length === 0) this.drained();
      else setImmediate(() => this.next());
    });
  }

  private drained(): void {
    this.isBusy = false;
    const waiting = this.onDrain;
    this.onDrain = [];
    for (const callback of waiting) callback();
  }
}

interface Entry {
  readonly data: Uint8Array;
  readonly done: (() => void) | undefined;
}

interface Sink {
  /** How many of the bytes it took without waiting. */
  tryWrite(data: Uint8Array): number;
  write(data: Uint8Array, done: (isWritten: boolean) => void): void;
  close(): void;
}

function openSink(descriptor: number): Sink {
  let own: number;
  try {
    // Opened anew, the mode that does not wait is ours alone, and not set for all who share the terminal.
    own = openSync(`/dev/fd/${descriptor}`, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return poolSink(descriptor);
  }
  try {
    return streamSink(own);
  } catch {
    closeSync(own);
    return poolSink(descriptor);
  }
}

/** Of Node's streams, the one for reading a terminal is the one that writes without waiting. It never reads here. */
function streamSink(descriptor: number): Sink {
  const stream = new ReadStream(descriptor).on("error", () => {});
  return {
    tryWrite: (data) => {
      try {
        return writeSync(descriptor, data);
      } catch {
        // Full, or gone: whoever waits for it hears which.
        return 0;
      }
    },
    write: (data, done) => void stream.write(data, (error) => done(error === null || error === undefined)),
    close: () => void stream.destroy(),
  };
}

/** A terminal that cannot be opened again, as another user's after `sudo -u`: writes that wait, off the event loop. */
function poolSink(descriptor: number): Sink {
  const put = (data: Uint8Array, done: (isWritten: boolean) => void) => {
    write(descriptor, data, 0, data.length, null, (error, written) => {
      // Somebody made the terminal non-blocking for all who share it.
      if (error?.code === "EAGAIN" || error?.code === "EINTR") setTimeout(() => put(data, done), 5);
      else if (error !== null) done(false);
      else if (written < data.length) put(data.subarray(written), done);
      else done(true);
    });
  };
  return { tryWrite: () => 0, write: put, close: () => {} };
}
