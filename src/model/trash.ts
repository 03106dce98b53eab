/** The folder of a trash that lies in a workspace, or in its `.git`, because the user's own is on another file system. */
export const trashName = ".holdpoint-trash";

/** The user's limits. */
export interface TrashSetting {
  /** Bytes in all; what is larger by itself is asked about. */
  readonly max: number;
  /** Milliseconds after which a deletion is one. */
  readonly keep: number;
}

/** What holds where the config says nothing. */
export const usualTrash: TrashSetting = { max: 5e9, keep: 7 * 86_400_000 };

/** What the broker asks of the session's trash. */
export interface Trash {
  /** A new name for a deletion, as `holdpoint undo` takes it. */
  newId(): string;
  /**
   * Makes room, and writes down on the disk what the things are and where they belong, before any of them is moved. A text
   * says why that cannot be.
   */
  prepare(deletion: Deletion): Room | string;
}

/** What one command takes, as it is written down before anything is moved. */
export interface Deletion {
  readonly id: string;
  /** The command, for people; secrets taken out. */
  readonly text: string;
  readonly cwd: string;
  /** Absolute paths, the links of their folders resolved. */
  readonly paths: readonly string[];
}

/** Room for a deletion, while it is being moved there. */
export interface Room {
  /** Where each of the things goes, in the order of `paths`. */
  readonly places: readonly string[];
  /** Whether each lies in its place now, and is what was written down. */
  isFull(): boolean;
  /** What now lies in the place of one of them, from it down, a folder after what is in it: names below the thing, "" itself. */
  list(index: number): readonly Listed[];
  /** All of it has arrived, and counts. */
  keep(): void;
  /** Nothing came, or everything was moved back. */
  drop(): void;
}

/** One thing that was taken, by its path below what the command named. */
export interface Listed {
  readonly name: string;
  readonly isFolder: boolean;
}
