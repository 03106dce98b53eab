import type { AwsService } from "./aws.js";
import type { CredentialPlace } from "./effect.js";

/**
 * All that is impure, as one argument. "Judging runs nothing" is this type: it can look, and no more.
 * Every answer that failed says so with a reason; nothing throws.
 */
export interface World {
  readonly user: User;
  readonly session: SessionView;
  /** Milliseconds since the epoch, for what asks how old a file is. Left out, ages are not known. */
  now?(): number;
  /** Does not follow a final symbolic link. */
  lstat(path: string): Stat;
  /** All links resolved; for a path that does not exist, its nearest existing parent resolved and the rest appended. */
  realpath(path: string): string;
  /** Names in a directory, unsorted; at most `cap` of them. */
  readdir(path: string, cap: number): Listing;
  /**
   * The same, each with what `lstat` says of it, where what was looked at is kept for a moment. Left out, or undefined: to be
   * asked one by one. Who puts another `lstat` or `readdir` into a world puts another one of these, too.
   */
  entries?(path: string, cap: number): Entries | undefined;
  /** Regular files only: never a FIFO or a device, which might wait or act. */
  readFile(path: string, capBytes: number): FileContent;
  /** Whether the line that is judged writes this file first, so that what is read is its own text. Left out: it writes none. */
  isWritten?(path: string): boolean;
  /** Whether it may write a file of that name in any folder; asked first, for most names. Goes with `isWritten`. */
  mayWrite?(name: string): boolean;
  readonly git: GitView;
  /** The program that a name would run on this PATH, shims left out. */
  findProgram(name: string, path: string): string | undefined;
  /** Whether a shim answers for this name in the session, given the PATH the call would have. */
  isShimmed(name: string, path: string): boolean;
  /** PostgreSQL's own parser. `loading`: not there yet; judge() waits for `awaited()` and judges once more. */
  parseSql(text: string): SqlParse;
  /**
   * Settles when what answers were missing (`loading`) since this was asked last has come, or has failed for good; undefined
   * when nothing was. Judging does not pause in between, so that nobody waits for what another call was missing.
   */
  awaited?(): Promise<void> | undefined;
  /** What the table of AWS operations has of a service, by its name on the command line. Left out: there is no table. */
  awsService?(service: string): AwsService | undefined;
  /** What a credential value is known as: salted, one session long. */
  fingerprint(value: string): string;
  /** Where credentials lie. Left out: nobody looks. */
  readonly provenance?: Provenance;
  /** The guard's own trash, where what a shim's `rm` takes may go instead. Left out: there is none. */
  readonly trash?: TrashView;
  /** Set by the judge where a scope manifest says which files may be read or made; left out, that is not looked at. */
  readonly limits?: FileLimits;
}

/** The credentials of the files that the session may read, by fingerprint; never a value. */
export interface Provenance {
  /**
   * The places of a credential. `waits`: nothing may be missed, so that what is still being looked through is waited for
   * (`loading`; judge() waits for `awaited()` and judges once more).
   */
  placesOf(fingerprint: string, waits: boolean): readonly CredentialPlace[] | "loading";
  /** The credentials in a file, by its path, each with all places that it has. `waits`: as above, of this file alone. */
  keptIn(file: string, waits: boolean): readonly CredentialPlace[] | "loading";
  /** Whether all files were looked through so far. Left out: they were. */
  isComplete?(): boolean;
}

/** The session's trash, as far as judging goes: whether something would fit. */
export interface TrashView {
  /**
   * Whether what lies at this absolute path, its folder's links resolved, could be put there and back whole. `prompts`: what is
   * write-protected may not be in it.
   */
  takes(path: string, prompts: boolean): TrashFit;
}

export type TrashFit =
  /** `files`: all but folders. `bytes`: of their contents. */
  | { readonly ok: true; readonly files: number; readonly bytes: number }
  /** Lower case, no full stop. */
  | { readonly ok: false; readonly because: string };

/** What scope manifests say of this machine's files, by real paths. */
export interface FileLimits {
  /** Whether it is held to read this file, or to list this folder. */
  isHeld(path: string): boolean;
  /** The same of the files in a folder: the first few of them that are held. `skips`: what the reader passes over. */
  heldBelow(folder: string, world: World, skips: (path: string) => boolean): Below;
  /** Whether it is held to make or change it. */
  isClosed(path: string): boolean;
}

/** What was found below a folder; not `complete`: there is too much to look through. */
export interface Below {
  readonly paths: readonly string[];
  readonly complete: boolean;
}

export interface User {
  readonly uid: number;
  readonly home: string;
  /** Home of another account, for `~name`; undefined when there is none. */
  homeOf(name: string): string | undefined;
}

/** What evidence is weighed by: when the session began, and which folders are whose. */
export interface SessionView {
  /** Milliseconds since the epoch; what was born after it, the session made. */
  readonly startedAt: number;
  /** Absolute real path of the folder the session works in: the repository's top, or the directory it started in. */
  readonly workspace: string;
  /** Holdpoint's own files and folders: session directory, state, config. */
  readonly guardPaths: readonly string[];
  /** Real paths of the temporary directories: /tmp, /var/tmp, $TMPDIR. */
  readonly temporary: readonly string[];
  /** The library that has programs connect to the network layer. Left out: there is none. */
  readonly reach?: string;
}

/** As lstat(2) tells them apart; `device` is both of blocks and of characters. */
export type FileKind = "file" | "directory" | "symlink" | "device" | "fifo" | "socket";

/**
 * As lstat(2) has it. `unreadable`: a folder above may not be searched, so that nothing is known. `mode` with its type bits;
 * times in milliseconds.
 */
export type Stat =
  | { readonly exists: false; readonly reason: "missing" | "unreadable" }
  | {
      readonly exists: true;
      readonly kind: FileKind;
      readonly size: number;
      readonly uid: number;
      readonly mode: number;
      readonly links: number;
      readonly device: number;
      readonly inode: number;
      /** Milliseconds since the epoch, fractions kept. */
      readonly born: number;
      readonly modified: number;
      readonly changed: number;
    };

/** Names in a directory. Not `complete`: there are more than were asked for. */
export type Listing =
  | { readonly ok: true; readonly names: readonly string[]; readonly complete: boolean }
  | { readonly ok: false; readonly reason: string };

/** The same, each with what is known of it. */
export type Entries =
  | { readonly ok: true; readonly entries: readonly FolderEntry[]; readonly complete: boolean }
  | { readonly ok: false; readonly reason: string };

/** One name in a directory, its absolute path, and what `lstat` says of it. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

/** What a regular file holds. Not `complete`: it is longer than was asked for. */
export type FileContent =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly complete: boolean }
  | { readonly ok: false; readonly reason: string };

/** Questions to git that run none of the repository's code (no fsmonitor, hooks, filters). */
export interface GitView {
  /** The work tree that holds this absolute path: its top and git directory; undefined outside any. */
  repository(path: string): { readonly top: string; readonly gitDir: string } | undefined;
  /**
   * Blob id in the index for each tracked path (relative to the top) at or below `relative`; reason when git failed.
   * Left out: submodules, and entries whose object is not in the store.
   */
  tracked(top: string, relative: string): ReadonlyMap<string, string> | { readonly reason: string };
  /** Git's id for these bytes as a blob; SHA-1 unless said (ids of 64 digits are SHA-256). */
  blobId(bytes: Uint8Array, algorithm?: "sha1" | "sha256"): string;
  /** Whether an ignore rule that already stood when the session began covers this path. */
  ignoredSinceStart(top: string, relative: string, isDirectory: boolean): boolean;
  /**
   * Whether a tracked file was clean when the session began, so that what it holds beyond git's content is the session's
   * own. Undefined while that is being looked up: `awaited()` settles when it is known. Left out: never.
   */
  isOwnChange?(top: string, relative: string): boolean | undefined;
  /** Read-only plumbing for the git reader: `rev-parse`, `rev-list`, `for-each-ref`, `ls-tree`, `diff-tree`, `status`, `config --get`. */
  query(
    cwd: string,
    args: readonly string[],
  ): { readonly ok: true; readonly out: string } | { readonly ok: false; readonly reason: string };
}

/** What PostgreSQL's own parser says of a text: its statements as that parser's trees, or why there are none. */
export type SqlParse =
  | { readonly kind: "statements"; readonly statements: readonly unknown[] }
  | { readonly kind: "error"; readonly reason: string }
  | { readonly kind: "loading" };
