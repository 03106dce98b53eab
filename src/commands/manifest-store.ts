import { createHash } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { makeFolder } from "../launcher/folder.js";
import type { TrustedFile } from "../model/backup.js";
import { readOwnText } from "./own-text.js";
import type { Places } from "./places.js";
import { UsageError } from "./usage-error.js";

/** A content that a person trusted in a place, the last one there. It lies among holdpoint's own, where no agent writes. */
export interface Trust {
  /** Absolute: the folder's real path, and the file's name. */
  readonly file: string;
  readonly sha256: string;
  /** RFC 3339. */
  readonly time: string;
  /** What its evidence commands name, as it was then. */
  readonly evidence: readonly TrustedFile[];
}

/** Of a text as UTF-8, in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Keeps a manifest's text by its hash, so that it can hold when the file is another. */
export function keepContent(places: Places, text: string): void {
  const folder = contentsFolder(places);
  makeFolder(folder);
  replace(join(folder, `${sha256(text)}.yaml`), text);
}

/** Throws UsageError when it is gone or not what it was: something must hold that nobody knows any longer. */
export function keptContent(places: Places, hash: string, file: string): string {
  const path = join(contentsFolder(places), `${hash}.yaml`);
  const read = readOwnText(path);
  if (read.ok && sha256(read.text) === hash) return read.text;
  const why = read.ok ? "has changed" : read.reason;
  throw new UsageError([
    `${path}: ${why}; it is what holds for ${file}; a person mends that by: holdpoint trust ${file}, or: holdpoint trust --revoke ${file}`,
  ]);
}

export function rememberTrust(places: Places, trust: Trust, text: string): void {
  keepContent(places, text);
  makeFolder(trustFolder(places));
  replace(trustPath(places, trust.file), `${JSON.stringify(trust)}\n`);
}

/** Whether anything was ever trusted: where not, a start looks no further. */
export function hasTrust(places: Places): boolean {
  return existsSync(trustFolder(places));
}

/** False when there was none. */
export function forgetTrust(places: Places, file: string): boolean {
  const path = trustPath(places, file);
  const read = readOwnText(path);
  rmSync(path, { force: true });
  return read.ok || !read.isMissing;
}

/** What was trusted last in a place. Throws UsageError when that cannot be told. */
export function findTrust(places: Places, file: string): Trust | undefined {
  const path = trustPath(places, file);
  const read = readOwnText(path);
  if (!read.ok && read.isMissing) return undefined;
  const trust = read.ok ? parseTrust(read.text) : undefined;
  if (trust?.file === file) return trust;
  const why = read.ok ? "is not as holdpoint wrote it" : read.reason;
  throw new UsageError([`${path}: ${why}; a person mends that by: holdpoint trust --revoke ${file}`]);
}

/** All of them, by file. */
export function listTrust(places: Places): readonly Trust[] {
  const folder = trustFolder(places);
  return namesIn(folder)
    .flatMap((name) => {
      const read = readOwnText(join(folder, name));
      const trust = read.ok ? parseTrust(read.text) : undefined;
      return trust === undefined ? [] : [trust];
    })
    .toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const trustSchema = v.object({
  file: v.string(),
  sha256: hex,
  time: v.string(),
  evidence: v.optional(v.array(v.object({ path: v.string(), sha256: hex })), []),
});

function parseTrust(text: string): Trust | undefined {
  const parsed = v.safeParse(trustSchema, parseJson(text));
  return parsed.success ? parsed.output : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function contentsFolder({ state }: Places): string {
  return join(state, "manifests");
}

function trustFolder({ state }: Places): string {
  return join(state, "trust");
}

function trustPath(places: Places, file: string): string {
  return join(trustFolder(places), `${sha256(file).slice(0, 32)}.json`);
}

/** Whole or not at all: half a record would be read as a broken one, and nothing would start. */
function replace(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, path);
}
