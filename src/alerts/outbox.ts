import type { Clock } from "../model/clock.js";
import type { Message, Sent, Sink } from "./sink.js";

interface Job {
  readonly message: Message;
  /** Alerts of one kind cannot crowd out those of another. */
  readonly kind: string;
  readonly settle: (isDelivered: boolean) => void;
  readonly settled: Promise<boolean>;
  tries: number;
  isOver: boolean;
  /** Calls the next try off; undefined while one runs, or waits for its turn. */
  stopPause: (() => void) | undefined;
}

/** One sink's alerts until they are delivered or given up: a few at a time, each tried again after longer and longer pauses. */
export class Outbox {
  /** The last wait for it was in vain: nobody waits for it again until something gets through. */
  isLate = false;
  private readonly jobs = new Set<Job>();
  private readonly ready: Job[] = [];
  private running = 0;
  private isClosing = false;
  private readonly abort = new AbortController();

  constructor(
    readonly sink: Sink,
    private readonly clock: Clock,
    /** Hears, once for each alert, why it was not delivered. */
    private readonly onLost: (reason: string) => void,
  ) {}

  /** Whether the alert was delivered; resolves when it is, or when it is given up. */
  put(message: Message, kind: string): Promise<boolean> {
    if (this.abort.signal.aborted) {
      this.onLost(`${this.sink.name}: it came after the end`);
      return Promise.resolve(false);
    }
    const waiting = [...this.jobs].filter((job) => job.kind === kind).length;
    if (waiting >= mostWaiting) {
      this.onLost(`${this.sink.name}: ${mostWaiting} others wait already`);
      return Promise.resolve(false);
    }
    let settle: Job["settle"] = () => {};
    const settled = new Promise<boolean>((done) => {
      settle = done;
    });
    const job = { message, kind, settle, settled, tries: 0, isOver: false, stopPause: undefined };
    this.jobs.add(job);
    this.start(job);
    return settled;
  }

  /** Tries all that waits at once, and again after short pauses; what is not delivered after so many milliseconds is given up. */
  async close(milliseconds: number): Promise<void> {
    this.isClosing = true;
    const all = Promise.all([...this.jobs].map((job) => job.settled));
    for (const job of this.jobs) {
      if (job.stopPause === undefined) continue;
      job.stopPause();
      this.start(job);
    }
    let stop = () => {};
    const late = new Promise<void>((done) => {
      stop = this.clock.after(milliseconds, done);
    });
    await Promise.race([all, late]);
    stop();
    for (const job of this.jobs) this.lose(job, "not delivered in time");
    this.abort.abort();
  }

  private start(job: Job): void {
    job.stopPause = undefined;
    this.ready.push(job);
    this.next();
  }

  private next(): void {
    if (this.running >= mostRunning) return;
    let job = this.ready.shift();
    while (job?.isOver === true) job = this.ready.shift();
    if (job === undefined) return;
    this.run(job);
  }

  private run(job: Job): void {
    this.running += 1;
    job.tries += 1;
    this.sink.send(job.message, this.abort.signal).then((sent) => {
      this.running -= 1;
      if (!job.isOver) this.note(job, sent);
      this.next();
    });
  }

  private note(job: Job, sent: Sent): void {
    if (sent.ok) {
      this.isLate = false;
      this.finish(job, true);
      return;
    }
    const pause = sent.isFinal ? undefined : this.isClosing ? pauses[0] : pauses[job.tries - 1];
    if (pause !== undefined) job.stopPause = this.clock.after(pause, () => this.start(job));
    else this.lose(job, job.tries === 1 ? sent.reason : `${sent.reason} (tried ${job.tries} times)`);
  }

  private lose(job: Job, reason: string): void {
    this.finish(job, false);
    this.onLost(`${this.sink.name}: ${reason}`);
  }

  private finish(job: Job, isDelivered: boolean): void {
    job.isOver = true;
    job.stopPause?.();
    this.jobs.delete(job);
    job.settle(isDelivered);
  }
}

/** Milliseconds before each further try. */
const pauses = [250, 2000, 10_000, 30_000, 120_000];
const mostWaiting = 50;
const mostRunning = 4;
