import { resolve } from "node:path";
import { showUntrusted } from "../prompt/visible.js";
import { isReachable, type Kept, readEntries } from "../trash/entries.js";
import { purge } from "../trash/purge.js";
import { type Restored, restore } from "../trash/restore.js";
import { lstat, realpath } from "../world/file-system.js";
import { agrees } from "./agreement.js";
import { refuseOthers } from "./person.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";
import { amountOf, describeEntry, pathsOf } from "./undo-words.js";
import { UsageError } from "./usage-error.js";

/** What still lies in the trash, the newest last. */
export function keptEntries({ state }: Places): readonly Kept[] {
  return readEntries(state).filter(({ things }) => things.length > 0);
}

/** Puts deletions back, as they were. 0: all of it; 1: something is still in the trash, and why was said. */
export function undo(
  ids: readonly string[],
  to: string | undefined,
  places: Places,
  terminal: Terminal,
): number {
  const found = ids.map((id) => find(id, places));
  const folder = to === undefined ? undefined : findTarget(to);
  return Math.max(...found.map((kept) => putBack(kept, folder, terminal)));
}

/** The newest deletion, where a person at a terminal says so. */
export async function undoNewest(
  to: string | undefined,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const newest = keptEntries(places).at(-1);
  if (newest === undefined) {
    terminal.error("nothing is in the trash");
    return 1;
  }
  const folder = to === undefined ? undefined : findTarget(to);
  for (const row of describeEntry(newest, terminal)) terminal.print(row);
  if (!terminal.isTerminal || process.stdin.isTTY !== true) {
    terminal.error(
      `there is no terminal to ask on; to put back the newest without being asked: holdpoint undo ${newest.entry.id}`,
    );
    return 2;
  }
  if (!(await agrees("Put it back? [y/N] "))) {
    terminal.error("nothing was put back");
    return 1;
  }
  return putBack(newest, folder, terminal);
}

/** Deletes for good: these, or all. For a person: what an agent may take away for good is no way back. */
export async function purgeEntries(
  ids: readonly string[],
  isSure: boolean,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const refused = await refuseOthers("the trash is not emptied", places, terminal, isSure);
  if (refused !== undefined) return refused;
  const found = ids.length === 0 ? keptEntries(places) : ids.map((id) => find(id, places));
  if (found.length === 0) {
    terminal.error("nothing is in the trash");
    return 0;
  }
  for (const kept of found) for (const row of describeEntry(kept, terminal)) terminal.print(row);
  const amount = amountOf(found.flatMap(({ things }) => things));
  if (!isSure && !(await agrees(`Delete ${amount} for good? [y/N] `))) {
    terminal.error("nothing was deleted");
    return 1;
  }
  let status = 0;
  for (const kept of found) {
    const problem = await purge(kept);
    if (problem === undefined) continue;
    terminal.error(`${kept.entry.id}: ${showUntrusted(problem)}`);
    status = 1;
  }
  return status;
}

function putBack(kept: Kept, to: string | undefined, terminal: Terminal): number {
  const { id } = kept.entry;
  let status = 0;
  for (const { path, outcome } of restore(kept, to)) {
    if (outcome.kind === "restored") terminal.print(`put back ${showUntrusted(path)}`);
    else {
      terminal.error(`${showUntrusted(path)}: ${problemWords(outcome, to)}`);
      status = 1;
    }
  }
  if (status !== 0)
    terminal.error(`the rest stays in the trash: holdpoint undo ${id} --to FOLDER puts it elsewhere`);
  return status;
}

function problemWords(outcome: Exclude<Restored["outcome"], { kind: "restored" }>, to: string | undefined) {
  if (outcome.kind === "failed") return `not put back: ${outcome.reason}`;
  return `not put back: something lies there now${to === undefined ? "" : " as well"}, and nothing is written over`;
}

/** By its name, or the beginning of it that no other has. Throws UsageError. */
function find(id: string, places: Places): Kept {
  const all = readEntries(places.state);
  const exact = all.find(({ entry }) => entry.id === id);
  const alike = exact === undefined ? all.filter(({ entry }) => entry.id.startsWith(id)) : [exact];
  const [kept] = alike;
  const list = "holdpoint undo --list names what is there";
  if (kept === undefined || id === "")
    throw new UsageError([`undo: no deletion "${id}" is in the trash; ${list}`]);
  if (alike.length > 1) throw new UsageError([`undo: "${id}" is the beginning of several names; ${list}`]);
  if (kept.things.length > 0) return kept;
  const why = isReachable(kept)
    ? "was put back already, or has gone for good"
    : `lies in ${showUntrusted(kept.entry.folder)}, which is not there now`;
  throw new UsageError([`undo: "${id}" (${pathsOf(kept)}) ${why}`]);
}

function findTarget(to: string): string {
  const folder = realpath(resolve(to));
  const stat = lstat(folder);
  if (stat.exists && stat.kind === "directory") return folder;
  throw new UsageError([`--to: "${to}" is no folder`]);
}
