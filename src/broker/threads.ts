import { stat } from "node:fs";

/**
 * Has Node make its pool of threads now. It makes them when one is used first, and ends the process where it cannot: a fork
 * bomb in the session, which fills the user's table of processes, would take the broker with it.
 */
export function makeThreads(): Promise<void> {
  return new Promise((resolve) => stat("/", () => resolve()));
}
