import { constants } from "node:os";

/** Signals to this process while there is no command that they could be passed on to. */
export interface HeldSignals {
  /** 128+n of the first that comes: it ends the session before anything is started. */
  readonly arrived: Promise<number>;
  /** The command is there: it gets them. SIGHUP stays held, for a closed terminal tells us again while the session ends. */
  passOn(): void;
  release(): void;
}

/** A terminal that is closed while its session opens, or ends, would otherwise leave the session's directory behind. */
export function holdSignals(): HeldSignals {
  let hold: (signal: NodeJS.Signals) => void = () => {};
  const arrived = new Promise<number>((resolve) => {
    hold = (signal) => resolve(128 + constants.signals[signal]);
  });
  const early: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];
  for (const signal of [...early, "SIGHUP"]) process.on(signal, hold);
  const passOn = () => {
    for (const signal of early) process.off(signal, hold);
  };
  return {
    arrived,
    passOn,
    release() {
      passOn();
      process.off("SIGHUP", hold);
    },
  };
}
