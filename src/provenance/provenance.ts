import { fingerprintOf } from "../model/fingerprint.js";
import type { Judgement } from "../model/judgement.js";
import type { Provenance, Stat, World } from "../model/world.js";
import type { readsOf } from "../readers/reach/reads.js";
import { type Look, startLook } from "./look.js";
import { PlaceIndex } from "./place-index.js";
import { ReadTimes } from "./read-times.js";
import type { LookJob, LookPart } from "./report.js";
import { Rests, remember } from "./rests.js";
import { showKept, showPlaces } from "./shown-places.js";

export interface ProvenanceOptions {
  /** Absolute path of the looking program that the build made. */
  readonly program: string;
  readonly job: Pick<LookJob, "salt" | "never" | "passed" | "home">;
  /** Absolute folders and files that are looked through, the likeliest first; each told of before the next begins. */
  readonly roots: readonly (readonly string[])[];
  /** Milliseconds since the epoch: the session's start. */
  readonly startedAt: number;
  /** Fingerprints of what stands in the session's own variables: it was there before the session, and no later file is where it came from. */
  readonly variables: () => ReadonlySet<string>;
  readonly files: Pick<World, "lstat" | "realpath">;
  /** What a call reads: the readers' own, handed in because a session loads them with its first call. */
  readonly readsOf: typeof readsOf;
  /** Milliseconds that one call waits; 1.5 s when left out. */
  readonly patience?: number;
}

/** A session's knowledge of where credentials lie. Nothing is looked at before `start`, or the first call that wants it. */
export interface SessionProvenance {
  /** For the world of the judge. */
  readonly view: (onMissing: (answer: Promise<void>) => void) => Provenance;
  /** The session's command runs: its own start comes first, then the look. */
  start(): void;
  /** What was let run. */
  note(judgement: Judgement, world: World): void;
  /** Words of a text that are credentials found so far. */
  secretsIn(text: string): readonly string[];
  close(): void;
}

export function openProvenance(options: ProvenanceOptions): SessionProvenance {
  const looks = new Looks(options);
  return {
    view: (onMissing) => looks.view(onMissing),
    start: () => looks.startSoon(),
    note: (judgement, world) => {
      looks.readTimes.note(judgement, world, Date.now());
      looks.putOff();
    },
    secretsIn: (text) => looks.secretsIn(text),
    close: () => looks.close(),
  };
}

/** Milliseconds in which nothing ran, and after the command's start at the latest: agents and shells read hundreds of files first. */
const startDelay = 500;
const latestStart = 3000;
/** Milliseconds of looking at the start, and later. */
const firstBudget = 5000;
const laterBudget = 3000;
/** Milliseconds: file systems and clocks are that coarse. */
const slack = 2000;

class Looks {
  readonly readTimes: ReadTimes;
  private readonly index: PlaceIndex;
  private first: { readonly done: Promise<void>; ended: boolean } | undefined;
  private running: Look | undefined;
  /** The look after the running one: all that wait for it are told by it. */
  private next: { readonly files: Set<string>; readonly done: Promise<void> } | undefined;
  private turn: Promise<void> = Promise.resolve();
  private complete = true;
  /** When the last look began that saw all that it was to see. */
  private lookedAt: number;
  private readonly rests: Rests;
  /** Files that hold nothing, as they were then. */
  private readonly bare = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private startBy = 0;
  private closed = false;
  private readonly patience: number;

  constructor(private readonly options: ProvenanceOptions) {
    this.index = new PlaceIndex(options.startedAt);
    this.readTimes = new ReadTimes((file) => this.index.has(file), options.readsOf);
    this.lookedAt = options.startedAt;
    this.patience = options.patience ?? 1500;
    this.rests = new Rests(this.patience);
  }

  view(onMissing: (answer: Promise<void>) => void): Provenance {
    const awaiting = (answer: Promise<void>): "loading" => {
      onMissing(Promise.race([answer, pause(this.patience)]));
      return "loading";
    };
    return {
      placesOf: (fingerprint, waits) => {
        const missing = waits ? this.missingOf(fingerprint) : undefined;
        return missing === undefined
          ? showPlaces(this.index.find(fingerprint), this.readTimes)
          : awaiting(missing);
      },
      keptIn: (file, waits) => {
        const real = this.options.files.realpath(file);
        const missing = waits ? this.missingIn(real) : undefined;
        return missing === undefined ? showKept(real, this.index, this.readTimes) : awaiting(missing);
      },
      isComplete: () => this.first?.ended === true && this.complete && this.index.isWhole,
    };
  }

  secretsIn(text: string): readonly string[] {
    return this.index.secretsIn(text, (value) => fingerprintOf(value, this.options.job.salt));
  }

  startSoon(): void {
    this.startBy = process.uptime() * 1000 + latestStart - startDelay;
    this.timer ??= setTimeout(() => void this.lookFirst(), startDelay);
    this.timer.unref();
  }

  /** Something runs: the look would only be in its way. */
  putOff(): void {
    if (this.first === undefined && process.uptime() * 1000 < this.startBy) this.timer?.refresh();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.running?.end();
  }

  /** What must be looked at before it can be said where a credential lies. */
  private missingOf(fingerprint: string): Promise<void> | undefined {
    const first = this.lookFirst();
    if (this.rests.has(fingerprint)) return undefined;
    if (!first.ended) return this.rests.begin(fingerprint, first.done);
    const changed = this.index.filesWith(fingerprint).filter((file) => this.hasChanged(file));
    const isKnown = this.index.find(fingerprint).some(({ change }) => change !== "gone");
    if (changed.length === 0 && (isKnown || this.options.variables().has(fingerprint))) return undefined;
    return this.rests.begin(fingerprint, this.lookAgain(changed));
  }

  /** The same of one file, which may lie anywhere. */
  private missingIn(file: string): Promise<void> | undefined {
    const stat = this.options.files.lstat(file);
    if (!stat.exists || stat.kind !== "file") return undefined;
    const state = stateOf(stat);
    const subject = `${file}\0${state}`;
    if (this.bare.get(file) === state || this.rests.has(subject)) return undefined;
    if (this.index.has(file) && !this.hasChanged(file)) return undefined;
    return this.rests.begin(subject, this.lookAgain([file]));
  }

  private hasChanged(file: string): boolean {
    const known = this.index.stateOf(file);
    const stat = this.options.files.lstat(file);
    if (known === undefined) return true;
    if (stat.exists && stat.kind === "file")
      return stat.size !== known.size || stat.modified !== known.modified || stat.changed !== known.changed;
    // There is nothing to look at: it stays known as what lay there.
    this.index.empty(file, known);
    return false;
  }

  private lookFirst(): { readonly done: Promise<void>; readonly ended: boolean } {
    if (this.first !== undefined) return this.first;
    const first = { done: Promise.resolve(), ended: false };
    this.first = first;
    const parts = this.options.roots.map((roots) => ({ roots }));
    first.done = this.enqueue(() => this.look(parts, [], firstBudget)).then(() => {
      first.ended = true;
    });
    return first;
  }

  /** Looks at these files, and at all that changed since the last look; begins after this moment. */
  private lookAgain(files: readonly string[]): Promise<void> {
    let next = this.next;
    if (next === undefined) {
      const wanted = new Set<string>();
      const done = this.enqueue(() => {
        this.next = undefined;
        const since = this.lookedAt - slack;
        const parts = [{ roots: [...wanted] }, ...this.options.roots.map((roots) => ({ roots, since }))];
        return this.look(parts, [...wanted], laterBudget);
      });
      next = { files: wanted, done };
      this.next = next;
    }
    for (const file of files) next.files.add(file);
    return next.done;
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    // A machine without room for another process: what is known has to do.
    this.turn = this.turn
      .then(() => (this.closed ? undefined : work()))
      .catch(() => {
        this.complete = false;
      });
    return this.turn;
  }

  private async look(parts: readonly LookPart[], wanted: readonly string[], budget: number): Promise<void> {
    const began = Date.now();
    const states = new Map(wanted.map((file) => [file, this.options.files.lstat(file)]));
    const seen = new Set<string>();
    const { program, job } = this.options;
    this.running = startLook(program, { ...job, parts, budget }, (file) => {
      seen.add(file.file);
      this.index.put(file);
      for (const { fingerprints } of file.found) for (const one of fingerprints) this.rests.end(one);
    });
    const complete = await this.running.done;
    this.running = undefined;
    if (complete) this.lookedAt = began;
    // Of the first look alone: what is missing later is a change that was not come to.
    else if (wanted.length === 0 && parts.every(({ since }) => since === undefined)) this.complete = false;
    for (const [file, stat] of states) {
      if (seen.has(file) || !complete || !stat.exists) continue;
      const { size, modified, changed } = stat;
      this.index.empty(file, { size, modified, changed });
      remember(this.bare, file, stateOf(stat));
    }
  }
}

function stateOf(stat: Stat & { readonly exists: true }): string {
  return `${stat.size} ${stat.modified} ${stat.changed}`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
