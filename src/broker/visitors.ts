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
  private readonly sizes = new Map<Visitor, number>();
  private bytes = 0;

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
    while (this.bytes > this.limits.bytes) {
      this.onTurnedAway();
      this.turnAway(
        this.largest(),
        "the commands of this session that wait for an answer are too long together",
      );
    }
  }

  /** Of those that are still speaking, where there are such: what was heard may be in front of a human. */
  private largest(): Visitor {
    const speaking = [...this.sizes].filter(([visitor]) => this.unheard.has(visitor));
    const [largest] = (speaking.length > 0 ? speaking : [...this.sizes]).reduce((a, b) =>
      b[1] > a[1] ? b : a,
    );
    return largest;
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
    const before = this.sizes.get(visitor) ?? 0;
    if (size === before) return;
    this.bytes += size - before;
    if (size === 0) this.sizes.delete(visitor);
    else this.sizes.set(visitor, size);
  }
}

export interface VisitorLimits {
  /** Callers at once of whom no whole call has come. */
  readonly unheard: number;
  /** Of all calls that are not answered. */
  readonly bytes: number;
  /** How many beats a call may take to come. */
  readonly beats: number;
  /** How many beats an answer may take to be read. */
  readonly farewell: number;
}

const usual: VisitorLimits = { unheard: 1000, bytes: 256 * 1024 * 1024, beats: 10, farewell: 60 };
