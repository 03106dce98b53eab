import { isAscii } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type Detected, detectCredentials } from "./detect.js";
import { type WalkedFile, walkFiles } from "./walk.js";

/** A credential in a file. Holds the value: it never leaves the process that scans, but for the place that it is used at. */
export interface Found extends Detected {
  /** Absolute real path. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface ScanOptions {
  /** Absolute folders and files. */
  readonly roots: readonly string[];
  /** Milliseconds; what is not looked at by then is left out. */
  readonly budget: number;
  /** Milliseconds since the epoch: only files changed since. */
  readonly since?: number;
  /** Files and folders that are passed over: what the scope never lets anybody read. */
  readonly skips?: (path: string) => boolean;
  /** Also folders that nobody writes credentials into: installed packages, build output, caches. */
  readonly all?: boolean;
}

export interface Scan {
  readonly found: readonly Found[];
  /** How many were looked at. */
  readonly files: number;
  /** False: the time ran out. */
  readonly complete: boolean;
}

/** Looks through files for credentials; the likeliest (`.env`, known stores) first. What cannot be read is passed over. */
export async function scanFiles(options: ScanOptions): Promise<Scan> {
  const end = performance.now() + options.budget;
  const found: Found[] = [];
  let files = 0;
  let turn = performance.now();
  for (const walked of walkFiles({
    roots: options.roots,
    skips: options.skips ?? (() => false),
    all: options.all === true,
  })) {
    for (const one of walked) {
      const now = performance.now();
      if (now > end) return { found, files, complete: false };
      if (now - turn > longestTurn) {
        await setImmediate();
        turn = performance.now();
      }
      const seen = look(one, options.since);
      if (seen === undefined) continue;
      files++;
      found.push(...seen);
    }
  }
  return { found, files, complete: true };
}

/** Milliseconds; others may have something to do in the meantime. */
const longestTurn = 10;
/** Bytes. Nobody writes credentials into longer ones by hand. */
const largest = 1 << 20;
/** One for all: a scan reads one file at a time, to the end, before anything else gets its turn. */
const buffer = Buffer.allocUnsafeSlow(largest);

/** Undefined: not a file to look at, or not readable. */
function look(walked: WalkedFile, since: number | undefined): readonly Found[] | undefined {
  const content = read(walked.file, since);
  if (content === undefined) return undefined;
  const { text, modified } = content;
  return detectCredentials(text, walked.name).map((one) => ({ ...one, file: walked.file, modified }));
}

interface Content {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

function read(file: string, since: number | undefined): Content | undefined {
  let descriptor: number | undefined;
  try {
    // Between listing and opening it may have become a link, or a FIFO, whose opening would wait for a writer.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > largest) return undefined;
    // Both: a file that is moved here keeps the time of its last change.
    if (since !== undefined && stat.mtimeMs < since && stat.ctimeMs < since) return undefined;
    const text = decode(readSync(descriptor, buffer, 0, largest, 0));
    return { text, modified: stat.mtimeMs };
  } catch {
    // Not there any more, or not for this account.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Empty: no text. */
function decode(length: number): string {
  const bytes = buffer.subarray(0, length);
  // What PowerShell's `>` writes.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes.subarray(0, 4096).includes(0)) return "";
  return isAscii(bytes) ? bytes.toString("latin1") : bytes.toString("utf8");
}
