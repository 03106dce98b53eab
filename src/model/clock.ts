/** Time as an argument, so that tests of waiting need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after that many milliseconds; the returned function calls it off. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The machine's own: `now` follows whoever sets it, `after` does not. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** `late`: what counts when it did not come in time. Whatever it was waited for goes on by itself. */
export function within<T>(work: Promise<T>, milliseconds: number, late: T, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const off = clock.after(milliseconds, () => resolve(late));
    work.then(resolve, reject).finally(off);
  });
}
