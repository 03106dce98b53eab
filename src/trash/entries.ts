import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import * as v from "valibot";
import { lstat } from "../world/file-system.js";
import { entrySchema, type TrashEntry, type TrashItem } from "./entry.js";

/** A deletion that the trash has taken, and what of it is still there. */
export interface Kept {
  readonly entry: TrashEntry;
  readonly journal: string;
  /** Of all that was deleted, what still lies in the trash. */
  readonly things: readonly KeptThing[];
}

export interface KeptThing {
  readonly item: TrashItem;
  /** Where it lies. */
  readonly place: string;
}

/** The newest last; those of which nothing is left included. */
export function readEntries(state: string): readonly Kept[] {
  const folder = join(state, "trash");
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => readEntry(join(folder, name)) ?? [])
    .toSorted((a, b) => (a.entry.time < b.entry.time ? -1 : 1));
}

/** Whether the folder that it lies in is there at all: a disk may be away. */
export function isReachable({ entry }: Kept): boolean {
  return lstat(dirname(entry.folder)).exists;
}

function readEntry(journal: string): Kept | undefined {
  const parsed = v.safeParse(entrySchema, parseJson(journal));
  if (!parsed.success) return undefined;
  const entry = parsed.output;
  const things = entry.items.flatMap((item, at): readonly KeptThing[] => {
    const place = join(entry.folder, String(at));
    const stat = lstat(place);
    return stat.exists ? [{ item, place }] : [];
  });
  return { entry, journal, things };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** One that was cut short by a crash, before anything was moved, is none. */
function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
