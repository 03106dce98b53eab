import type { AlertEvent } from "../model/alert.js";
import type { Clock } from "../model/clock.js";

/** What one alert stands for. */
export interface Told<T> {
  readonly event: AlertEvent;
  /** The latest. */
  readonly each: T;
  /** How many, this one with them. */
  readonly count: number;
  /** Whether all of them are the same but for the time. */
  readonly isAlike: boolean;
}

interface Held<T> {
  readonly event: AlertEvent;
  readonly isAlike: boolean;
  /** When the first was told, or held back. */
  readonly since: number;
  latest: T | undefined;
  count: number;
  stop: (() => void) | undefined;
}

/**
 * Keeps whoever is told from an agent that does the same again and again, or a thousand things. The first of its kind is told
 * at once; the same again is counted, and told once a minute. Beyond twenty a minute of one event, all others are counted,
 * and told as one a minute.
 */
export class Bursts<T> {
  private readonly held = new Map<string, Held<T>>();
  private readonly times = new Map<AlertEvent, readonly number[]>();

  private read: number;
  private passed = 0;

  constructor(
    private readonly clock: Clock,
    /** Hears of those that were held back. */
    private readonly onDue: (told: Told<T>) => void,
  ) {
    this.read = clock.now();
  }

  /** What is to be told now; undefined: it is held back. */
  admit(event: AlertEvent, key: string, each: T): Told<T> | undefined {
    const now = this.now();
    const known = this.held.get(key);
    if (known !== undefined && now < known.since + minute) {
      this.hold(key, known, each, 1);
      return undefined;
    }
    if (!this.take(event)) {
      this.holdOther(event, each, 1);
      return undefined;
    }
    for (const [old, { stop, since }] of this.held)
      if (stop === undefined && now >= since + minute) this.held.delete(old);
    this.held.set(key, this.open(event, true));
    return { event, each, count: 1, isAlike: true };
  }

  /** Tells all that is held back, now. */
  flush(): void {
    for (const held of this.held.values()) {
      held.stop?.();
      this.release(held);
    }
    this.held.clear();
  }

  /**
   * Milliseconds that have passed; never back. Whoever sets the clock an hour back would else have every alert of that hour
   * held until it is over.
   */
  private now(): number {
    const read = this.clock.now();
    this.passed += Math.max(0, read - this.read);
    this.read = read;
    return this.passed;
  }

  private open(event: AlertEvent, isAlike: boolean): Held<T> {
    return { event, isAlike, since: this.now(), latest: undefined, count: 0, stop: undefined };
  }

  private hold(key: string, held: Held<T>, each: T, count: number): void {
    held.latest = each;
    held.count += count;
    held.stop ??= this.clock.after(held.since + minute - this.now(), () => this.due(key, held));
  }

  private holdOther(event: AlertEvent, each: T, count: number): void {
    const key = `others ${event}`;
    const held = this.held.get(key) ?? this.open(event, false);
    this.held.set(key, held);
    this.hold(key, held, each, count);
  }

  private due(key: string, held: Held<T>): void {
    const { event, isAlike, latest, count } = held;
    this.held.delete(key);
    if (!isAlike || this.take(event)) {
      this.release(held);
      if (isAlike) this.held.set(key, this.open(event, true));
    } else if (latest !== undefined) this.holdOther(event, latest, count);
  }

  private release({ event, isAlike, latest, count }: Held<T>): void {
    if (latest !== undefined) this.onDue({ event, each: latest, count, isAlike });
  }

  /** Each event has a number of its own: a hundred denials do not hide the one deletion in production. */
  private take(event: AlertEvent): boolean {
    const now = this.now();
    const recent = (this.times.get(event) ?? []).filter((time) => now < time + minute);
    const isFree = recent.length < mostInMinute;
    this.times.set(event, isFree ? [...recent, now] : recent);
    return isFree;
  }
}

const minute = 60_000;
const mostInMinute = 20;
