import { readdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
import type { TrashSetting } from "../model/trash.js";
import { lstat, systemName } from "../world/file-system.js";
import { isReachable, type Kept, readEntries } from "./entries.js";
import { holdsMount, readMountPoints } from "./mount-points.js";
import { forget } from "./restore.js";

/** Deletes for good. A text says why not. */
export async function purge({ entry, journal }: Kept): Promise<string | undefined> {
  if (holdsMount(entry.folder, readMountPoints())) return "a file system is mounted in it";
  const gone = `${entry.folder}${suffix}`;
  try {
    // Whatever stops this in the middle, no half of it is ever put back.
    if (lstat(entry.folder).exists) renameSync(systemName(entry.folder), systemName(gone));
    forget(entry.folder, journal);
    await rm(systemName(gone), { recursive: true, force: true });
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/**
 * What is too old goes, then the oldest until the rest keeps the limit; never what a session that still runs put there. Also
 * what a crash left: records of nothing, and deletions that were stopped.
 */
export async function cleanUp(state: string, { max, keep }: TrashSetting, now: number): Promise<void> {
  const folders = new Set([join(state, "trash", "files")]);
  let total = 0;
  for (const kept of readEntries(state).toReversed()) {
    const { entry, journal, things } = kept;
    folders.add(dirname(entry.folder));
    if (isRunning(entry.pid)) continue;
    if (things.length === 0) {
      if (isReachable(kept)) forget(entry.folder, journal);
      continue;
    }
    total += things.reduce((sum, { item }) => sum + item.bytes, 0);
    if (total > max || Date.parse(entry.time) + keep < now) await purge(kept);
  }
  for (const folder of folders) await finishDeletions(folder);
}

const suffix = ".gone";

async function finishDeletions(folder: string): Promise<void> {
  if (!lstat(folder).exists) return;
  for (const name of readdirSync(systemName(folder))) {
    const path = join(folder, name);
    if (/^[a-z0-9]{4,32}\.gone$/.test(name) && !holdsMount(path, readMountPoints()))
      await rm(systemName(path), { recursive: true, force: true });
  }
}

/** Of another process: this one's session is over. A number that was given out again keeps a deletion a little longer. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
