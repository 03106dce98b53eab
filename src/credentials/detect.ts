import type { CredentialKind } from "../model/credential-kind.js";
import { findByLook } from "./by-look.js";
import { findByName } from "./by-name.js";
import { describeFile } from "./file-kind.js";
import { findInHeaders } from "./in-headers.js";
import { findInUrls } from "./in-urls.js";
import { findLandmarks, type Landmarks } from "./landmarks.js";
import { findKeys } from "./private-keys.js";
import type { Candidate, Finder } from "./source.js";
import { findStore } from "./store-files.js";
import { findInStores } from "./stores.js";

/** One credential in a text. The value stays in the process that found it. */
export interface Detected {
  readonly kind: CredentialKind;
  /** What the text calls it: `RAILWAY_TOKEN`, `password`; undefined where it stands by itself. */
  readonly key: string | undefined;
  /** As a program would use it: without quotes and escapes; of a URL its password, decoded. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
  /** Other texts that carry it, which a call may send or a variable hold: the whole URL, `user:password` in base64. */
  readonly forms?: readonly string[];
  /** What it is for, as the text says, without the secret: `postgres://app@db.example.com:5432/shop`, a host, an account. */
  readonly target?: string;
  /** It lies where hardly anything is in use, among tests and examples, or has run out. Left out: nothing speaks against it. */
  readonly confidence?: "low";
}

/**
 * Credentials in a file's text. `path`: from the folder that is looked through, or absolute; it tells what a text is like
 * (`.env`, `credentials`, `x.test.js`). Takes a time that grows with the text's length alone.
 */
export function detectCredentials(text: string, path: string): readonly Detected[] {
  const file = describeFile(path);
  if (file.role === "locked") return [];
  const landmarks = findLandmarks(text);
  if (isBarren(landmarks, text, path)) return [];
  const source = { text, path, file, landmarks };
  const lineOf = lineCounter(text);
  return distinct(finders.flatMap((find) => find(source))).map(({ start, end: _, ...one }) => ({
    ...one,
    line: lineOf(start),
    ...(file.isSample ? { confidence: "low" } : {}),
  }));
}

/** Half of all files: no finder need look at them. */
function isBarren({ names, near }: Landmarks, text: string, path: string): boolean {
  if (names.length > 0 || near !== "" || other.test(text)) return false;
  return findStore(path) === undefined && !/[._]netrc$|pgpass/.test(path);
}

const other = /:\/\/[^\s/:@]{0,50}:|thorization|curl |PRIVATE KEY/;

/** Who knows more of a value comes first, and keeps it. */
const finders: readonly Finder[] = [
  findInStores,
  findKeys,
  findByLook,
  findInUrls,
  findInHeaders,
  findByName,
];

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  // Sorting keeps the order of those that begin at one place.
  const sorted = candidates
    .map((one, rank) => ({ one, rank }))
    .sort((a, b) => a.one.start - b.one.start || a.rank - b.rank);
  const kept: typeof sorted = [];
  for (const next of sorted) {
    const last = kept.at(-1);
    if (last === undefined || next.one.start >= last.one.end) kept.push(next);
    else if (next.rank < last.rank) kept[kept.length - 1] = next;
  }
  return kept.map(({ one }) => one);
}

function lineCounter(text: string): (at: number) => number {
  let [line, from] = [1, 0];
  return (at) => {
    for (let next = text.indexOf("\n", from); next >= 0 && next < at; next = text.indexOf("\n", from)) {
      line++;
      from = next + 1;
    }
    return line;
  };
}
