import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import * as v from "valibot";
import { trashName } from "../model/trash.js";
import { lstat, realpath } from "../world/file-system.js";
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
    .flatMap((name) => readEntry(join(folder, name), state) ?? [])
    .toSorted((a, b) => (a.entry.time < b.entry.time ? -1 : 1));
}

/** Whether the folder that it lies in is there at all: a disk may be away. */
export function isReachable({ entry }: Kept): boolean {
  return lstat(dirname(entry.folder)).exists;
}

function readEntry(journal: string, state: string): Kept | undefined {
  const parsed = v.safeParse(entrySchema, parseJson(journal));
  if (!parsed.success || !isOwn(parsed.output, journal, state)) return undefined;
  const entry = parsed.output;
  const things = entry.items.flatMap((item, at): readonly KeptThing[] => {
    const place = join(entry.folder, String(at));
    const stat = lstat(place);
    return stat.exists ? [{ item, place }] : [];
  });
  return { entry, journal, things };
}

/**
 * A record speaks of a folder of its own name in a trash. Whoever got one more file in among the records would else have holdpoint
 * delete what it names (`"folder": "/home/me/photos"`), or look for things behind a link.
 */
function isOwn({ id, folder }: TrashEntry, journal: string, state: string): boolean {
  const home = dirname(folder);
  const isTrash = home === join(realpath(state), "trash", "files") || basename(home) === trashName;
  if (!isTrash || folder !== join(home, id) || basename(journal) !== `${id}.json`) return false;
  const stat = lstat(folder);
  return realpath(home) === home && (!stat.exists || stat.kind === "directory");
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
