import type { Stat, World } from "../model/world.js";
import { type Loss, none, recreate } from "./loss.js";
import { isWithin } from "./within.js";

export type Entry = Extract<Stat, { exists: true }>;

/** What git can say about the files of one work tree. */
export interface Repository {
  readonly top: string;
  /** Cloned or made in the session: all that is in it came with it. */
  readonly isNew: boolean;
}

/** Larger files are not compared with git. */
const largest = 64 << 20;

export function isNew(stat: Entry, { session }: World): boolean {
  // 0 is a file system without birth times.
  return stat.born > 0 && stat.born >= session.startedAt;
}

/**
 * Came to its present place in the session, though it is older: rename(2) sets the change time alone. This is what
 * `mv thesis node_modules; rm -rf node_modules` looks like; so does a chmod, and is asked about in vain.
 */
export function hasMoved(stat: Entry, { session }: World): boolean {
  // A second link made in the session (pnpm's store, cargo) changes that time too; then the first one keeps the content.
  if (stat.kind === "file" && stat.links > 1) return false;
  return (
    stat.changed >= session.startedAt &&
    stat.modified < session.startedAt &&
    !(stat.born >= session.startedAt)
  );
}

/** The work tree that holds `folder`. Only inside the workspace: what lies elsewhere is nobody's work here. */
export function findRepository(folder: string, world: World): Repository | undefined {
  if (!isWithin(folder, world.session.workspace)) return undefined;
  const found = world.git.repository(folder);
  if (found === undefined) return undefined;
  const git = world.lstat(found.gitDir);
  return { top: found.top, isNew: git.exists && isNew(git, world) };
}

/** Evidence about one entry that is no directory; undefined when there is none either way. */
export function weighFile(
  path: string,
  stat: Entry,
  repository: Repository | undefined,
  world: World,
): Loss | undefined {
  const isInside = isWithin(path, world.session.workspace);
  const isOwn = isNew(stat, world);
  if (isInside && stat.kind === "symlink") return recreate("only a link");
  const id = stat.kind === "file" && repository !== undefined ? findId(path, repository, world) : undefined;
  if (id !== undefined && "id" in id) {
    const isSame = hasContent(path, stat, id.id, world);
    if (isSame === true) return { recovery: "git", because: "git holds this very content" };
    if (isSame === false && isOwnChange(path, repository, world))
      return recreate("was clean when the session began: the changes are its own");
    // Born in the session is no excuse: an editor's save and `stash pop` give old work a new birth.
    if (!(isOwn && repository?.isNew === true))
      return isSame === false
        ? none("changed since git last got it")
        : { recovery: "unknown", because: isSame };
  }
  if (isOwn) return recreate("made in this session");
  if (isFreshLink(path, stat, world)) return recreate("linked from a package store in this session");
  if (!isInside) return undefined;
  if (stat.kind === "fifo" || stat.kind === "socket") return recreate("holds no content");
  if (stat.kind === "file" && stat.size === 0) return recreate("empty");
  if (stat.kind === "file" && /\/\.git\/.*\.lock$/.test(path)) return recreate("a lock file of git");
  return id === undefined || "id" in id ? undefined : none(id.reason);
}

function isOwnChange(path: string, repository: Repository | undefined, { git }: World): boolean {
  if (repository === undefined) return false;
  return git.isOwnChange?.(repository.top, path.slice(repository.top.length + 1)) === true;
}

/** pnpm links the files of its store: old by birth, and another link keeps their content. */
function isFreshLink(path: string, stat: Entry, { session }: World): boolean {
  if (stat.kind !== "file" || stat.links < 2 || stat.changed < session.startedAt) return false;
  return path.slice(session.workspace.length).includes("/node_modules/");
}

function findId(
  path: string,
  { top }: Repository,
  { git }: World,
): { readonly id: string } | { readonly reason: string } | undefined {
  const relative = path.slice(top.length + 1);
  const tracked = git.tracked(top, relative);
  if ("reason" in tracked) return tracked;
  const id = tracked.get(relative);
  return id === undefined ? undefined : { id };
}

/** Whether a file's bytes are the blob; a reason when they could not be compared. */
function hasContent(path: string, stat: Entry, id: string, { git, readFile }: World): boolean | string {
  if (stat.size > largest) return "too large to compare with git";
  const file = readFile(path, largest);
  if (!file.ok) return `cannot be read: ${file.reason}`;
  const algorithm = id.length === 64 ? "sha256" : "sha1";
  if (git.blobId(file.bytes, algorithm) === id) return true;
  const unix = dropCarriageReturns(file.bytes);
  return unix !== undefined && git.blobId(unix, algorithm) === id;
}

/** The text as git stores it under `core.autocrlf` or `text=auto`; undefined for what is no such text. */
function dropCarriageReturns(bytes: Uint8Array): Uint8Array | undefined {
  if (!bytes.includes(13) || bytes.subarray(0, 8000).includes(0)) return undefined;
  const out = new Uint8Array(bytes.length);
  let length = 0;
  bytes.forEach((byte, at) => {
    if (byte === 13 && bytes[at + 1] === 10) return;
    out[length] = byte;
    length += 1;
  });
  return out.subarray(0, length);
}
