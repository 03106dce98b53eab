/** Runs at most `count` works at once, the others in the order in which they came. */
export function openLanes(count: number): (work: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await work();
    } finally {
      // The place goes on to the next one; it is free where there is none.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
