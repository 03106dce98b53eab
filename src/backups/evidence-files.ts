import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import type { TrustedFile } from "../model/backup.js";

/**
 * The files that an evidence command names, as they are now: what a person trusts along with the manifest. Whoever can change
 * `./scripts/last-dump-age` would else have holdpoint run it, outside of the session.
 */
export function evidenceFiles(evidence: string, folder: string): readonly TrustedFile[] {
  const words = evidence.split(/[\s;&|<>()]+/).map(bare);
  return [...new Set(words.filter((word) => word !== ""))].flatMap((word) => {
    const path = resolve(folder, word);
    const bytes = read(path)?.bytes;
    return bytes === undefined ? [] : [{ path, sha256: hashOf(bytes) }];
  });
}

export type Ready =
  /** `line`: the evidence, with copies in the place of its files. */
  | { readonly ok: true; readonly line: string; readonly drop: () => void }
  /** The first file that is not what it was. */
  | { readonly ok: false; readonly changed: string };

/**
 * Copies the trusted files into a folder of the guard's own, and names the copies instead: what is run are the bytes that were
 * hashed, and not what somebody puts there in the moment between (`while :; do cp own age; cp trusted age; done`). Those of programs
 * and dumps that are too large to copy are run as they lie, once their hash was right. Throws the system's error.
 */
export function copyTrusted(
  { evidence, folder }: { readonly evidence: string; readonly folder: string },
  files: readonly TrustedFile[],
  scratch: string,
): Ready {
  const copies = new Map<string, string>();
  const own = mkdtempSync(join(scratch, "evidence-"));
  const drop = () => rmSync(own, { recursive: true, force: true });
  try {
    for (const [at, { path, sha256 }] of files.entries()) {
      const file = read(path);
      if (file === undefined || hashOf(file.bytes) !== sha256) {
        drop();
        return { ok: false, changed: path };
      }
      if (file.bytes.length > largest) continue;
      // A folder each, so that every one keeps its name.
      mkdirSync(join(own, String(at)));
      const copy = join(own, String(at), basename(path));
      writeFileSync(copy, file.bytes, { mode: file.mode & 0o500, flag: "wx" });
      copies.set(path, copy);
    }
    const line = evidence
      .split(/([\s;&|<>()]+)/)
      .map((word) => quoted(copies.get(resolve(folder, bare(word)))) ?? word)
      .join("");
    return { ok: true, line, drop };
  } catch (cause) {
    drop();
    throw cause;
  }
}

/** Bytes. */
const largest = 4 << 20;

function bare(word: string): string {
  return word.replace(/^['"]|['"]$/g, "");
}

function quoted(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Undefined: no file, or none that could be read. */
function read(path: string): { readonly bytes: Buffer; readonly mode: number } | undefined {
  let descriptor: number | undefined;
  try {
    // A FIFO by now would be waited for.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    return stat.isFile() ? { bytes: readFileSync(descriptor), mode: stat.mode } : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
