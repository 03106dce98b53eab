/** Somebody at the session's socket. */
export interface Visitor {
  /** Whether the whole call has come. */
  readonly isHeard: boolean;
  /** Bytes that are kept until the answer. */
  readonly held: number;
  /** Whether the answer was given. */
  readonly isDone: boolean;
  /** Denies, unless the answer was given. */
  refuse(reason: string): void;
}

/**
 * Keeps those who begin and do not end from filling the broker or its table of descriptors: an agent's program may open
 * connections without a word, send a byte a minute, or half of a huge frame many times over. A shim sends its call as soon
 * as it is connected, and takes its answer, so that none of this meets one.
 *
 * Time is counted in beats, never by the clock: after the machine slept, what came meanwhile must be read first.
 */
export class Visitors {
  /** In the order in which they came, with the beats since. */
  private readonly unheard = new Map<Visitor, number>();
  private readonly leaving = new Map<Visitor, number>();
  private readonly doors = new Map<Visitor, () => void>();
  private readonly all = new Scales();
  private readonly halves = new Scales();

  /** `onTurnedAway` hears of each that was refused because of too many others. */
  constructor(
    private readonly limits: VisitorLimits = usual,
    private readonly onTurnedAway = () => {},
  ) {}

  /** `drop` closes without a word. */
  come(visitor: Visitor, drop: () => void): void {
    this.doors.set(visitor, drop);
    this.unheard.set(visitor, 0);
    if (this.unheard.size > this.limits.unheard) this.makeRoom();
  }

  /**
   * Turns away the one that has been silent for longest; false where all have only just come. A thousand shims that start at
   * once are silent, too, until the first of them is read.
   */
  makeRoom(): boolean {
    for (const [oldest, beats] of this.unheard) {
      if (beats === 0) return false;
      this.onTurnedAway();
      this.turnAway(oldest, "too many callers at once");
      return true;
    }
    return false;
  }

  /** After each thing that was said. */
  note(visitor: Visitor): void {
    if (visitor.isHeard) this.unheard.delete(visitor);
    if (visitor.isDone && this.doors.has(visitor)) this.leaving.set(visitor, this.leaving.get(visitor) ?? 0);
    this.measure(visitor, visitor.held);
    while (this.halves.total > this.limits.halves || this.all.total > this.limits.bytes) {
      // Of those that are still speaking, where there are such: what was heard may be in front of a human.
      const largest = this.halves.largest() ?? this.all.largest();
      if (largest === undefined) return;
      this.onTurnedAway();
      this.turnAway(largest, "the commands of this session that wait for an answer are too long together");
    }
  }

  leave(visitor: Visitor): void {
    this.unheard.delete(visitor);
    this.leaving.delete(visitor);
    this.doors.delete(visitor);
    this.measure(visitor, 0);
  }

  beat(): void {
    for (const [visitor, beats] of this.unheard)
      if (beats >= this.limits.beats) this.turnAway(visitor, "the call never ended");
      else this.unheard.set(visitor, beats + 1);
    for (const [visitor, beats] of this.leaving)
      if (beats >= this.limits.farewell) this.doors.get(visitor)?.();
      else this.leaving.set(visitor, beats + 1);
  }

  private turnAway(visitor: Visitor, reason: string): void {
    this.unheard.delete(visitor);
    this.measure(visitor, 0);
    visitor.refuse(reason);
  }

  private measure(visitor: Visitor, size: number): void {
    this.all.put(visitor, size);
    this.halves.put(visitor, this.unheard.has(visitor) ? size : 0);
  }
}

/** Who keeps how many bytes, and all of them together. */
class Scales {
  total = 0;
  private readonly sizes = new Map<Visitor, number>();

  put(visitor: Visitor, size: number): void {
    this.total += size - (this.sizes.get(visitor) ?? 0);
    if (size === 0) this.sizes.delete(visitor);
    else this.sizes.set(visitor, size);
  }

  largest(): Visitor | undefined {
    let most = 0;
    let largest: Visitor | undefined;
    for (const [visitor, size] of this.sizes) if (size > most) [largest, most] = [visitor, size];
    return largest;
  }
}

/** How much of what has no end yet is borne. Sizes in bytes; a beat is one of the heart that `wait` is sent by. */
export interface VisitorLimits {
  /** Callers at once of whom no whole call has come. */
  readonly unheard: number;
  /** Of all calls together that have not come whole. */
  readonly halves: number;
  /** Of all calls that are not answered. */
  readonly bytes: number;
  /** How many beats a call may take to come. */
  readonly beats: number;
  /** How many beats an answer may take to be read. */
  readonly farewell: number;
}

const megabyte = 1024 * 1024;
const usual: VisitorLimits = {
  ...{ unheard: 1000, halves: 64 * megabyte, bytes: 256 * megabyte },
  ...{ beats: 10, farewell: 60 },
};
