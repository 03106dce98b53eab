import { randomInt } from "node:crypto";
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import type { Deletion, Listed, Room, Trash } from "../model/trash.js";
import type { TrashFit, TrashView } from "../model/world.js";
import { lstat, readdir, systemName } from "../world/file-system.js";
import type { TrashEntry, TrashItem } from "./entry.js";
import { findFit } from "./fit.js";
import { findTrashFolder, makeFolders, makeTrashFolder, type TrashFolder } from "./folder.js";

export interface TrashOptions {
  /** Holdpoint's own state folder. */
  readonly state: string;
  /** Real path. */
  readonly workspace: string;
  readonly uid: number;
  /** Bytes in all. */
  readonly max: number;
  /** Whoever deletes does so in a sandbox, where the workspace is a mount of its own. */
  readonly isApart?: boolean;
}

export interface SessionTrash extends Trash {
  readonly view: TrashView;
  /** Deletions kept so far. */
  readonly kept: number;
}

/** What the trash of a session begun here would take. Makes nothing. */
export function viewTrash(options: TrashOptions): TrashView {
  return createView(options, () => 0);
}

/** The trash of a session. */
export function openTrash(options: TrashOptions & { readonly session: string }): SessionTrash {
  const done = { kept: 0, bytes: 0 };
  const view = createView(options, () => done.bytes);
  return {
    view,
    get kept() {
      return done.kept;
    },
    newId: () => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join(""),
    prepare(deletion) {
      const items: TrashItem[] = [];
      for (const path of deletion.paths) {
        const item = describe(path, view, options.workspace);
        if (typeof item === "string") return item;
        items.push(item);
      }
      const folder = view.folder();
      if (folder === undefined) return "there is no trash";
      return makeRoom(deletion, items, folder, options, (bytes) => {
        done.kept += 1;
        done.bytes += bytes;
      });
    },
  };
}

/** Without those that look like others. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

function createView(
  { state, workspace, uid, max, isApart }: TrashOptions,
  used: () => number,
): TrashView & { folder(): TrashFolder | undefined } {
  // Looked up when the first is lost: most sessions never need it.
  let folder: TrashFolder | undefined | "unknown" = "unknown";
  const find = () => {
    if (folder === "unknown") folder = findTrashFolder(state, workspace, uid, isApart);
    return folder;
  };
  const recent = new Map<string, { readonly fit: TrashFit; readonly until: number }>();
  return {
    folder: find,
    takes(path, prompts) {
      const found = find();
      if (found === undefined) return { ok: false, because: "no trash on its file system can be used" };
      const stat = lstat(path);
      const room = max - used();
      const key = stat.exists ? [path, stat.inode, stat.changed, prompts, room].join("\0") : "";
      const now = Date.now();
      const known = recent.get(key);
      if (known !== undefined && known.until > now) return known.fit;
      // The oldest stand first.
      for (const [one, { until }] of recent) {
        if (until > now) break;
        recent.delete(one);
      }
      const fit = findFit(path, { folder: found, uid, prompts, room });
      recent.delete(key);
      if (fit.ok && stat.exists) recent.set(key, { fit, until: now + memory });
      return fit;
    },
  };
}

/**
 * Milliseconds. A line is judged, then the call of its rm, then the thing is moved: a tree is walked once for all three. The
 * move is whole whatever came into the tree meanwhile.
 */
const memory = 1000;

function describe(path: string, view: TrashView, workspace: string): TrashItem | string {
  const stat = lstat(path);
  const fit = view.takes(path, false);
  if (!fit.ok || !stat.exists) return fit.ok ? "it is not there" : fit.because;
  const { kind, mode, uid, size, links, modified, device, inode } = stat;
  const { files, bytes } = fit;
  const parents: { path: string; mode: number }[] = [];
  for (let at = dirname(path); at !== workspace && at !== "/"; at = dirname(at)) {
    const folder = lstat(at);
    if (folder.exists) parents.push({ path: at, mode: folder.mode & 0o7777 });
  }
  return { path, kind, mode, uid, size, links, modified, device, inode, files, bytes, parents };
}

function makeRoom(
  deletion: Deletion,
  items: readonly TrashItem[],
  trash: TrashFolder,
  { state, session }: { readonly state: string; readonly session: string },
  onKept: (bytes: number) => void,
): Room | string {
  const { id, text, cwd } = deletion;
  const folder = join(trash.path, id);
  const journal = join(state, "trash", `${id}.json`);
  const entry: TrashEntry = {
    version: 1,
    ...{ id, session, pid: process.pid, time: new Date().toISOString(), text, cwd, folder },
    items: [...items],
  };
  const drop = () => {
    rmSync(journal, { force: true });
    try {
      rmdirSync(systemName(folder));
    } catch {
      // Something is in it after all: the next clean-up sees that nobody speaks of it.
    }
  };
  try {
    makeTrashFolder(trash);
    mkdirSync(systemName(folder), { mode: 0o700 });
    makeFolders(dirname(journal));
    writeDurably(journal, `${JSON.stringify(entry)}\n`);
  } catch (cause) {
    drop();
    return `the trash cannot be written (${cause instanceof Error ? cause.message : String(cause)})`;
  }
  const places = items.map((_, at) => join(folder, String(at)));
  return {
    places,
    isFull: () =>
      items.every(({ device, inode }, at) => {
        const stat = lstat(places[at] ?? "");
        return stat.exists && stat.device === device && stat.inode === inode;
      }),
    list: (index) => listBelow(places[index] ?? ""),
    keep: () => onKept(items.reduce((sum, { bytes }) => sum + bytes, 0)),
    drop,
  };
}

/** On the disk before it returns: a machine that stops later finds the thing in its old place, or this beside it. */
function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    writeSync(descriptor, text);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function listBelow(top: string): readonly Listed[] {
  const listed: Listed[] = [];
  const walk = (path: string, name: string) => {
    const stat = lstat(path);
    const isFolder = stat.exists && stat.kind === "directory";
    const listing = isFolder ? readdir(path, Number.POSITIVE_INFINITY) : undefined;
    for (const below of listing?.ok === true ? listing.names : [])
      walk(join(path, below), name === "" ? below : `${name}/${below}`);
    listed.push({ name, isFolder });
  };
  walk(top, "");
  return listed;
}
