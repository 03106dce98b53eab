import { isKnown } from "../model/arg.js";
import type { JudgedCall, Judgement } from "../model/judgement.js";
import type { World } from "../model/world.js";
import type { Whole } from "../readers/reach/given.js";
import type { readsOf } from "../readers/reach/reads.js";

/** When which file was first named by a call that was let run: files of credentials, and others as long as there is room. */
export class ReadTimes {
  private readonly named = new Map<string, number>();
  private readonly wholes = new Map<string, Whole & { readonly at: number }>();

  /** `keeps`: whether this file's time is to be kept for good. */
  constructor(
    private readonly keeps: (file: string) => boolean,
    private readonly reads: typeof readsOf,
  ) {}

  note({ calls, sourced = [] }: Pick<Judgement, "calls" | "sourced">, world: World, now: number): void {
    for (const file of sourced) this.name(file, world, now);
    for (const call of calls.slice(0, mostCalls)) {
      const { files, wholes } = this.reads(call, world);
      for (const file of files) this.name(file, world, now);
      for (const whole of wholes) this.noteWhole(whole, call, now);
    }
  }

  /** Milliseconds since the epoch; undefined where no call named it. */
  of(file: string): number | undefined {
    const named = this.named.get(file);
    if (named !== undefined) return named;
    const whole = [...this.wholes.values()].find((one) => holds(one, file));
    if (whole !== undefined) this.named.set(file, whole.at);
    return whole?.at;
  }

  private name(path: string, { lstat, realpath }: World, now: number): void {
    if (this.named.has(path)) return;
    const stat = lstat(path);
    // What is not there yet is written, and a folder is no file.
    if (!stat.exists || stat.kind === "directory") return;
    const file = realpath(path);
    if (!this.named.has(file)) this.named.set(file, now);
    if (file !== path) this.named.set(path, now);
    if (this.named.size > mostNamed) this.forget();
  }

  /** The oldest first, but none that somebody may ask for. */
  private forget(): void {
    for (const file of this.named.keys()) {
      if (this.named.size <= mostNamed / 2) return;
      if (!this.keeps(file)) this.named.delete(file);
    }
  }

  /** The same folder by the same options is read again and again; the first time counts. */
  private noteWhole(whole: Whole, { argv }: JudgedCall, now: number): void {
    const options = argv.filter((word) => isKnown(word) && word.startsWith("-"));
    const key = [whole.folder, ...argv.slice(0, 1).filter(isKnown), ...options].join("\0");
    if (this.wholes.size < mostWholes && !this.wholes.has(key)) this.wholes.set(key, { ...whole, at: now });
  }
}

/** A line of thousands of calls is a loop. */
const mostCalls = 200;
const mostNamed = 10_000;
const mostWholes = 300;

/** Read with the folder, unless it, or one of the folders on the way to it, is left out. */
function holds({ folder, skips }: Whole, file: string): boolean {
  const top = folder === "/" ? "" : folder;
  if (!file.startsWith(`${top}/`)) return false;
  for (let at = file; at.length > top.length; at = at.slice(0, at.lastIndexOf("/")))
    if (skips(at)) return false;
  return true;
}
