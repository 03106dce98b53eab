import { jsonText } from "../model/json-text.js";
import type { TrashSetting } from "../model/trash.js";
import type { Kept } from "../trash/entries.js";
import { lstat } from "../world/file-system.js";
import { loadKnowledge } from "./knowledge.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";
import { keptEntries } from "./undo.js";
import { amountOf, describeEntry } from "./undo-words.js";

/** What the trash holds, the newest last. */
export async function listUndo(isJson: boolean, places: Places, terminal: Terminal): Promise<number> {
  const all = keptEntries(places);
  const { trash } = await loadKnowledge(places, undefined);
  if (isJson) {
    terminal.print(jsonText({ kept: all.map((kept) => toJson(kept, trash)) }, 1));
    return 0;
  }
  if (all.length === 0) terminal.print("nothing is in the trash");
  for (const kept of all) for (const row of describeEntry(kept, terminal)) terminal.print(row);
  if (all.length > 0)
    terminal.print(
      `${amountOf(all.flatMap(({ things }) => things))} in all; put one back: holdpoint undo ID; for good: holdpoint undo --purge`,
    );
  return 0;
}

function toJson({ entry, things }: Kept, setting: TrashSetting | undefined): Record<string, unknown> {
  const { id, session, time, text, cwd, folder } = entry;
  const expires = setting === undefined ? null : new Date(Date.parse(time) + setting.keep).toISOString();
  return {
    ...{ id, session, time, expires, text, cwd, folder },
    things: things.map(({ item: { path, kind, mode, size, files, bytes } }) => ({
      ...{ path, kind, mode: (mode & 0o7777).toString(8).padStart(4, "0"), size, files, bytes },
      taken: lstat(path).exists,
    })),
  };
}
