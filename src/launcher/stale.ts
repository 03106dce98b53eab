import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAnswering } from "./answering.js";
import { findSessionProcesses } from "./leftovers.js";
import { listSessionDirectories, type Place } from "./session-dir.js";

/** Removes the directories of brokers that were killed, an hour later and once nothing runs in them any more. */
export async function removeStale(places: readonly Place[]): Promise<void> {
  const old = listSessionDirectories(places).filter(({ modified }) => Date.now() - modified > 3_600_000);
  const running = old.length === 0 ? undefined : findSessionProcesses();
  if (running === undefined) return;
  for (const { id, path } of old) {
    // One that answers has an agent that changed its environment.
    if (running.has(id) || (await isAnswering(join(path, "sock")))) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
