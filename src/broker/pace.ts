import type { Handle } from "./conversation.js";

/**
 * Takes calls up in the order in which they came, a few in one go. Between, the event loop gets its turn: keys are read,
 * callers hear that they wait, and those that come meanwhile are told so. A thousand calls at once would otherwise keep the
 * last of them, and the human's Ctrl-C, from being heard until all before were judged.
 */
export function inTurns(handle: Handle): Handle {
  const queue: (() => void)[] = [];
  let taken = 0;
  let isDue = false;
  const arm = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(goOn);
  };
  const goOn = () => {
    isDue = false;
    taken = 0;
    for (const start of queue.splice(0, inOneGo)) {
      taken += 1;
      start();
    }
    if (taken > 0) arm();
  };
  return (call, caller) => {
    if (taken < inOneGo && queue.length === 0) {
      taken += 1;
      arm();
      return handle(call, caller);
    }
    arm();
    return new Promise((resolve, reject) => {
      queue.push(() => {
        // Nobody is left to run anything: nothing to judge.
        if (caller.gone.aborted) resolve(left);
        else handle(call, caller).then(resolve, reject);
      });
    });
  };
}

/** Judged in a row: some ten milliseconds. */
const inOneGo = 8;

const left = { verb: "exit", status: 126, message: "" } as const;
