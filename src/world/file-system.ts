import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path/posix";
import { decodeBytes, encodeBytes } from "../model/bytes.js";
import type { FileContent, FileKind, Listing, Stat } from "../model/world.js";

/** Does not follow a final symbolic link. `born` is 0 where the file system keeps no birth times. */
export function lstat(path: string): Stat {
  try {
    const stats = lstatSync(systemName(path), { throwIfNoEntry: false });
    return stats === undefined ? { exists: false, reason: "missing" } : describe(stats);
  } catch (error) {
    return { exists: false, reason: isAbsent(error) ? "missing" : "unreadable" };
  }
}

/** All links resolved, also a dangling one at the end: a write through it creates what it points to. */
export function realpath(path: string): string {
  // Asked first, for most of what is written to is new: an error that is thrown costs more than the look.
  return (lstat(path).exists ? resolveExisting(path) : resolveNewEntry(path)) ?? walkLinks(path);
}

/** Names in a directory, unsorted; at most `cap` of them. */
export function readdir(path: string, cap: number): Listing {
  try {
    const name = systemName(path);
    // In one go is three times as fast, but a folder of a million names would be read to its end for the first few.
    if (cap > 1 && (statSync(name, { throwIfNoEntry: false })?.size ?? 0) <= largeFolder) {
      const names = readdirSync(name, { encoding: "latin1" }).map(decodeLatin1);
      return { ok: true, names: names.slice(0, cap), complete: names.length <= cap };
    }
    return listed(opendirSync(encodeBytes(path).toString("latin1"), { encoding: "latin1" }), cap);
  } catch (error) {
    return unreadable(error);
  }
}

/** Regular files only; follows links. A FIFO would wait, and merely opening some devices acts (a watchdog, a tape). */
export function readFile(path: string, capBytes: number): FileContent {
  const name = systemName(path);
  let descriptor: number | undefined;
  try {
    const before = statSync(name, { throwIfNoEntry: false });
    // Most paths that a line speaks of are none; an error that is thrown costs more than the look.
    if (before === undefined) return { ok: false, reason: "ENOENT" };
    if (!before.isFile()) return { ok: false, reason: "not a regular file" };
    descriptor = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stats = fstatSync(descriptor);
    // It may have been swapped for something else between the two looks.
    if (!stats.isFile()) return { ok: false, reason: "not a regular file" };
    return readUpTo(descriptor, stats.size, capBytes);
  } catch (error) {
    return unreadable(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What a system call takes: most names are plain text, and need no copy. */
export function systemName(path: string): string | Buffer {
  return /[\ud800-\udfff]/.test(path) ? encodeBytes(path) : path;
}

/** Bytes that the folder itself takes on the disk: a few thousand names. */
const largeFolder = 1 << 18;

/** Nothing can be there: a file for a folder, a name that no file can have. */
function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(codeOf(error));
}

function describe(stats: Stats): Stat {
  return {
    exists: true,
    kind: kindOf(stats),
    size: stats.size,
    uid: stats.uid,
    mode: stats.mode,
    links: stats.nlink,
    device: stats.dev,
    inode: stats.ino,
    born: hasBirthTimes() ? stats.birthtimeMs : 0,
    modified: stats.mtimeMs,
    changed: stats.ctimeMs,
  };
}

function kindOf(stats: Stats): FileKind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isFIFO()) return "fifo";
  return stats.isSocket() ? "socket" : "device";
}

let birthTimes: boolean | undefined;

/**
 * Without statx(2), libuv reports the change time as the birth time: a file from before the session that was touched in
 * it would then look like the session's own. Long-lived folders whose two times all agree give that away.
 */
function hasBirthTimes(): boolean {
  birthTimes ??= ["/", "/etc", "/usr", "/var", "/tmp", dirname(process.execPath)].some((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && stats.birthtimeMs !== stats.ctimeMs;
  });
  return birthTimes;
}

function resolveExisting(path: string): string | undefined {
  try {
    const real = realpathSync.native(systemName(path), "buffer");
    return isUtf8(real) ? real.toString("utf8") : decodeBytes(real);
  } catch {
    return undefined;
  }
}

/** The common case of what is not there: plain names below a folder that is. `path` is missing. */
function resolveNewEntry(path: string): string | undefined {
  let folder = path;
  for (let names = 0; names < mostNewNames; names++) {
    const cut = folder.lastIndexOf("/");
    const name = folder.slice(cut + 1);
    if (cut < 1 || name === "" || name === "." || name === "..") return undefined;
    folder = folder.slice(0, cut);
    if (!lstat(folder).exists) continue;
    const real = resolveExisting(folder);
    return real && join(real, path.slice(cut + 1));
  }
  return undefined;
}

/** Each is looked at with all before it: a path of thousands of names is walked from its start. */
const mostNewNames = 8;

/** Name by name, as the kernel would: `link/..` is the parent of what the link points to. `linkAt`: what one leads to. */
export function walkLinks(path: string, linkAt = readLink): string {
  const pending = path.split("/").toReversed();
  let at = "/";
  for (let hops = 0, name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") at = dirname(at);
    else {
      const next = join(at, name);
      const target = hops < mostLinks ? linkAt(next) : undefined;
      if (target === undefined) at = next;
      else {
        hops += 1;
        if (target.startsWith("/")) at = "/";
        pending.push(...target.split("/").toReversed());
      }
    }
  }
  return at;
}

/** As Linux has it: MAXSYMLINKS. */
const mostLinks = 40;

/** What a link leads to, as it stands there; undefined for everything else. */
export function readLink(path: string): string | undefined {
  const stat = lstat(path);
  if (!stat.exists || stat.kind !== "symlink") return undefined;
  try {
    return decodeBytes(readlinkSync(systemName(path), "buffer"));
  } catch {
    return undefined;
  }
}

function listed(directory: ReturnType<typeof opendirSync>, cap: number): Listing {
  const names: string[] = [];
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      if (names.length === cap) return { ok: true, names, complete: false };
      names.push(decodeLatin1(entry.name));
    }
  } finally {
    directory.closeSync();
  }
  return { ok: true, names, complete: true };
}

function decodeLatin1(name: string): string {
  return /[\x80-\xff]/.test(name) ? decodeBytes(Buffer.from(name, "latin1")) : name;
}

function readUpTo(descriptor: number, size: number, cap: number): FileContent {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    // One byte more than wanted tells whether there is more. A size of 0 may be a lie (/proc).
    const room = Math.min(cap + 1 - total, Math.max(size + 1 - total, 4096));
    const chunk = Buffer.allocUnsafe(room);
    const count = readSync(descriptor, chunk, 0, room, null);
    total += count;
    chunks.push(chunk.subarray(0, count));
    if (count === 0 || total > cap) break;
  }
  const bytes =
    chunks.length === 2 && chunks[0] !== undefined && total <= cap ? chunks[0] : Buffer.concat(chunks);
  return { ok: true, bytes: bytes.subarray(0, cap), complete: total <= cap };
}

/**
 * Throws where it was not the file that could not be read, but this process that can read nothing more: without descriptors a
 * table of mounts would be empty, and a script without commands. What cannot be judged is denied.
 */
function unreadable(error: unknown): { readonly ok: false; readonly reason: string } {
  const reason = codeOf(error);
  if (["EMFILE", "ENFILE", "ENOMEM"].includes(reason)) throw error;
  return { ok: false, reason };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : "failed";
}
