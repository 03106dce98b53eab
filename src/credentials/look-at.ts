import { isAscii } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { detectCredentials } from "./detect.js";
import type { Found } from "./scan.js";
import type { WalkedFile } from "./walk.js";

/**
 * What is in one file. `since`, milliseconds since the epoch: only if it changed since. Undefined: not a file to look at, or
 * not readable.
 */
export function lookAt(walked: WalkedFile, since: number | undefined): readonly Found[] | undefined {
  const content = read(walked.file, since);
  if (content === undefined) return undefined;
  const { text, modified } = content;
  return detectCredentials(text, walked.name).map((one) => ({ ...one, file: walked.file, modified }));
}

/** Bytes. Nobody writes credentials into longer ones by hand. */
const largest = 1 << 20;
/** One for all: a thread reads one file at a time, to the end, before anything else gets its turn. */
const buffer = Buffer.allocUnsafeSlow(largest);

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
