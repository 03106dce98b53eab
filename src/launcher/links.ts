import { type FSWatcher, linkSync, lstatSync, readdirSync, rmSync, statSync, watch } from "node:fs";
import { basename, join } from "node:path";
import { isProgram } from "../world/program.js";
import type { Steward } from "./steward.js";

/**
 * The shims of a session: one hard link for each guarded name that the user has a program for. What a PATH brings later
 * (a virtual environment, `node_modules/.bin`, a tool just installed) is linked as soon as it is seen.
 */
export class Links {
  private readonly guarded: ReadonlySet<string>;
  private readonly linked = new Set<string>();
  private readonly folders = new Map<string, Folder>();
  /** Not watched yet. */
  private readonly noted: string[] = [];
  /** PATHs of which every folder is watched: nothing is left to look at. */
  private readonly settled = new Set<string>();
  private settledLength = 0;
  private forgotten = 0;

  constructor(
    private readonly bin: string,
    private readonly shim: string,
    guarded: Iterable<string>,
    /** Where this process finds a folder that the session's processes know by that name. */
    private readonly outside = (path: string): string => path,
  ) {
    this.guarded = new Set(guarded);
  }

  get names(): readonly string[] {
    return [...this.linked];
  }

  has(name: string): boolean {
    return this.linked.has(name);
  }

  /** Called with the PATH of every call and line, so it must cost next to nothing when there is nothing new. */
  note(path: string): void {
    this.watchNoted();
    this.read(this.look(path));
  }

  /**
   * The same for the session's own PATH, before anything runs: its hundreds of links are another process's work, and its folders
   * are watched from the first call on, or when `watchNoted` is called.
   */
  async noteBy(steward: Pick<Steward, "link">, path: string): Promise<void> {
    const states = new Map<string, string>();
    for (const folder of foldersOf(path)) {
      const state = folder === this.bin ? undefined : stateOf(this.outside(folder));
      if (state === undefined) continue;
      this.folders.set(folder, { state, watcher: undefined });
      this.noted.push(folder);
      // `/bin` is `/usr/bin` under another name.
      if (!states.has(state)) states.set(state, folder);
    }
    const fresh = [...states.values()];
    const names = await steward.link(fresh.map(this.outside), [...this.guarded]).catch(() => undefined);
    if (names === undefined) this.read(fresh);
    else for (const name of names) this.linked.add(name);
  }

  /** Watches what was noted at the start, and reads what has changed since. */
  watchNoted(): void {
    for (const folder of this.noted.splice(0)) {
      const place = this.outside(folder);
      const watcher = this.watch(folder, place);
      const state = stateOf(place);
      const before = this.folders.get(folder)?.state;
      if (state === undefined) {
        watcher?.close();
        this.forget(folder);
        continue;
      }
      this.folders.set(folder, { state, watcher });
      if (state !== before) this.read([folder]);
    }
  }

  link(name: string): void {
    if (this.linked.has(name)) return;
    try {
      linkSync(this.shim, `${this.bin}/${name}`);
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    }
    this.linked.add(name);
  }

  /** Links anew what of them is gone, or is another file by now; returns their names. */
  mend(): readonly string[] {
    const { ino } = statSync(this.shim);
    const lost = this.names.filter(
      (name) => lstatSync(join(this.bin, name), { throwIfNoEntry: false })?.ino !== ino,
    );
    for (const name of lost) {
      rmSync(join(this.bin, name), { recursive: true, force: true });
      linkSync(this.shim, join(this.bin, name));
    }
    return lost;
  }

  close(): void {
    for (const { watcher } of this.folders.values()) watcher?.close();
    this.folders.clear();
    this.unsettle();
  }

  private settle(path: string): void {
    if (this.settledLength + path.length > settledLimit) this.unsettle();
    this.settled.add(path);
    this.settledLength += path.length;
  }

  private unsettle(): void {
    this.settled.clear();
    this.settledLength = 0;
  }

  /** Watches the folders of a PATH that are new or have changed, and tells which are to be read. */
  private look(path: string): readonly string[] {
    if (this.settled.has(path)) return [];
    let isSettled = true;
    const before = this.forgotten;
    const fresh: string[] = [];
    for (const folder of foldersOf(path)) {
      if (folder === this.bin) continue;
      if (this.folders.get(folder)?.watcher === undefined)
        isSettled = this.lookAt(folder, fresh) && isSettled;
    }
    if (isSettled && this.forgotten === before) this.settle(path);
    return fresh;
  }

  /** True once changes will be reported by themselves. */
  private lookAt(folder: string, fresh: string[]): boolean {
    const place = this.outside(folder);
    const state = stateOf(place);
    if (state === undefined || this.folders.get(folder)?.state === state) return false;
    // Watched before it is read, or what comes in between is missed.
    const watcher = this.watch(folder, place);
    // PATHs of ever new folders must not take all the watches that a user may have.
    if (this.folders.size >= mostFolders)
      for (const oldest of [...this.folders.keys()].slice(0, 1)) this.forget(oldest);
    // `/bin` is `/usr/bin` under another name.
    const isKnown = [...this.folders.values()].some(
      (one) => one.state === state && one.watcher !== undefined,
    );
    this.folders.set(folder, { state, watcher });
    if (!isKnown) fresh.push(folder);
    return watcher !== undefined;
  }

  private read(folders: readonly string[]): void {
    for (const folder of folders) for (const name of list(this.outside(folder))) this.consider(folder, name);
  }

  private watch(folder: string, place: string): FSWatcher | undefined {
    try {
      const watcher = watch(place, { persistent: false }, (_, name) => {
        if (name === null || name === basename(folder)) this.forget(folder);
        else this.consider(folder, name);
      });
      watcher.on("error", () => this.forget(folder));
      return watcher;
    } catch {
      // No watches left, or a file system without them: the folder's time is looked at with each call.
      return undefined;
    }
  }

  /** The folder itself went away or moved. */
  private forget(folder: string): void {
    this.folders.get(folder)?.watcher?.close();
    this.folders.delete(folder);
    this.forgotten += 1;
    this.unsettle();
  }

  private consider(folder: string, name: string): void {
    if (!this.guarded.has(name) || this.linked.has(name)) return;
    if (isProgram(this.outside(`${folder}/${name}`))) this.link(name);
  }
}

function foldersOf(path: string): readonly string[] {
  return path.split(":").filter((folder) => folder.startsWith("/"));
}

interface Folder {
  /** Which folder it is, and as of when. */
  readonly state: string;
  readonly watcher: FSWatcher | undefined;
}

/** Characters of all PATHs that are kept. */
const settledLimit = 1_000_000;

const mostFolders = 2000;

/** Undefined for what is not there, or where this user may not look: a shell passes over it as well. */
function stateOf(folder: string): string | undefined {
  try {
    const { dev, ino, mtimeMs } = statSync(folder);
    return `${dev} ${ino} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
