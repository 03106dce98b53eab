import type { CredentialPlace } from "../model/effect.js";
import type { SeenFile } from "./report.js";

/** A place without what changes from call to call. */
export type IndexedPlace = Omit<CredentialPlace, "readAt">;

/** How a file was when it was looked at. */
export type FileState = Pick<SeenFile, "size" | "modified" | "changed">;

/** Where which credential lies: in memory alone, by fingerprint and by file. */
export class PlaceIndex {
  private readonly files = new Map<string, IndexedFile>();
  private readonly byFingerprint = new Map<string, Set<string>>();
  private readonly lengths = new Set<number>();
  private count = 0;
  private overflowed = false;

  /** `startedAt`: milliseconds since the epoch; what came to lie somewhere since is new. */
  constructor(private readonly startedAt: number) {}

  /** False once something was left out for want of room. */
  get isWhole(): boolean {
    return !this.overflowed;
  }

  /** All that a file holds now. What it held before the session and does no longer is kept, as gone: there it was at home. */
  put(seen: SeenFile): void {
    const { file, size, modified, changed } = seen;
    const before = this.files.get(file)?.places ?? [];
    const old = new Set(before.filter((one) => !one.isNew).map(printOf));
    const now = seen.found.map((found): Kept => {
      const { line, key, kind, fingerprints } = found;
      const isNew = changed >= this.startedAt && !old.has(printOf(found));
      return { line, key, kind, fingerprints, modified, isGone: false, isNew };
    });
    const here = new Set(now.map(printOf));
    const left = before.filter((one) => !one.isNew && !here.has(printOf(one)));
    const places = [...now, ...left.map(gone)];
    if (this.count + places.length - before.length > mostPlaces) {
      this.overflowed = true;
      return;
    }
    this.count += places.length - before.length;
    this.files.set(file, { state: { size, modified, changed }, places });
    for (const length of seen.lengths) this.lengths.add(length);
    for (const one of places) for (const print of one.fingerprints) this.note(print, file);
  }

  /** The file is there, and holds none any more. */
  empty(file: string, state: FileState): void {
    const before = this.files.get(file)?.places;
    if (before === undefined) return;
    const left = before.filter((one) => !one.isNew);
    this.count += left.length - before.length;
    this.files.set(file, { state, places: left.map(gone) });
  }

  /** Where a credential was found. */
  find(fingerprint: string): readonly IndexedPlace[] {
    return this.filesWith(fingerprint).flatMap((file) =>
      (this.files.get(file)?.places ?? [])
        .filter((one) => one.fingerprints.includes(fingerprint))
        .map((one) => shown(file, one)),
    );
  }

  filesWith(fingerprint: string): readonly string[] {
    return [...(this.byFingerprint.get(fingerprint) ?? [])];
  }

  /** Words of a text that are credentials known here, told by their fingerprints. Cheap: most words have no credential's length. */
  secretsIn(text: string, fingerprint: (value: string) => string): readonly string[] {
    if (this.lengths.size === 0) return [];
    const found = new Set<string>();
    const check = (word: string) => {
      if (!this.lengths.has(word.length) || !isUnlike(word) || found.has(word)) return;
      if (this.byFingerprint.has(fingerprint(word))) found.add(word);
    };
    for (const word of text.slice(0, longestText).split(/[\s"'`]+/)) {
      if (word.length < shortestValue) continue;
      check(word);
      // A value may hold what stands around another.
      if (/[=,;&?|<>(){}[\]\\]/.test(word)) word.split(/[=,;&?|<>(){}[\]\\]+/).forEach(check);
      if (/[:@]/.test(word)) word.split(/[=,;&?|<>(){}[\]\\:@/]+/).forEach(check);
    }
    return [...found];
  }

  /** What a file holds, by the form that stands there. */
  fingerprintsIn(file: string): readonly string[] {
    const places = this.files.get(file)?.places ?? [];
    return [...new Set(places.filter((one) => !one.isGone).map(printOf))];
  }

  stateOf(file: string): FileState | undefined {
    return this.files.get(file)?.state;
  }

  has(file: string): boolean {
    return this.files.has(file);
  }

  private note(fingerprint: string, file: string): void {
    const files = this.byFingerprint.get(fingerprint) ?? new Set();
    this.byFingerprint.set(fingerprint, files.add(file));
  }
}

/** A person's files hold a few dozen; more than these is a dump of somebody else's. */
const mostPlaces = 20_000;

/** Of a text that is looked at for secrets, in characters. */
const longestText = 256 * 1024;
const shortestValue = 10;

/** `postgres` is a password somewhere, and a word everywhere. */
function isUnlike(word: string): boolean {
  if (word.startsWith("/")) return false;
  return word.length >= 24 || (word.length >= shortestValue && /\d/.test(word) && /[a-z]/i.test(word));
}

interface IndexedFile {
  readonly state: FileState;
  readonly places: readonly Kept[];
}

interface Kept {
  readonly line: number;
  readonly key: string | undefined;
  readonly kind: CredentialPlace["kind"];
  readonly modified: number;
  readonly fingerprints: readonly string[];
  readonly isGone: boolean;
  readonly isNew: boolean;
}

/** The credential as it stands there; its other forms follow from that. */
function printOf({ fingerprints }: Pick<Kept, "fingerprints">): string {
  return fingerprints[0] ?? "";
}

function gone(one: Kept): Kept {
  return one.isGone ? one : { ...one, isGone: true };
}

function shown(file: string, { line, key, kind, modified, isGone, isNew }: Kept): IndexedPlace {
  const change = isNew ? "new" : isGone ? "gone" : undefined;
  return {
    ...{ file, line, kind, modified },
    ...(key === undefined ? {} : { key }),
    ...(change === undefined ? {} : { change }),
  };
}
