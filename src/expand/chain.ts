import { type Arg, isKnown } from "../model/arg.js";
import type { Span } from "../model/call.js";
import { type Place, placeWith, type Run } from "./place.js";

/**
 * What is running, innermost first, as far as nothing on the way here decides whether this point is reached: a branch or
 * a loop that may end drops it all.
 */
export type Chain =
  | {
      readonly kind: "function";
      readonly name: string;
      readonly leaves: number;
      readonly outer: Chain | undefined;
    }
  /** A script, by the path that started it. */
  | { readonly kind: "script"; readonly name: string; readonly leaves: number; readonly outer: undefined }
  /** A process of its own from here inwards: a pipe, `&`, a subshell. */
  | { readonly kind: "fork"; readonly outer: Chain };

/** The place inside of a new process. */
export function forked(place: Place): Place {
  if (place.chain === undefined) return place;
  return placeWith(place, { chain: { kind: "fork", outer: place.chain } });
}

/** The same, which no `break` or `return` leaves. */
export function apart(place: Place): Place {
  if (place.loop === undefined && place.routine === undefined) return forked(place);
  return placeWith(forked(place), { loop: undefined, routine: undefined });
}

/** The place of something that may never be reached. */
export function perhaps(place: Place): Place {
  if (!place.certain && place.chain === undefined) return place;
  return placeWith(place, { certain: false, chain: undefined });
}

export function within(place: Place, name: string): Chain {
  return { kind: "function", name, leaves: place.run.leaves, outer: place.chain };
}

export function startChain(zero: Arg | undefined): Chain | undefined {
  const isFile = zero !== undefined && isKnown(zero) && /[/.]/.test(zero);
  return isFile ? { kind: "script", name: zero, leaves: 0, outer: undefined } : undefined;
}

/** `f() ( f() { ls; }; f | cat )`: from here on what is called so is another one. */
export function noteRedefined({ run, chain }: Place, name: string): void {
  for (let at = chain; at !== undefined; at = at.outer)
    if (at.kind === "function" && at.name === name) noteLeaving(run);
}

/** A jump out may end what is running before it gets to what stands behind: `[ $n -gt 3 ] && return`. */
export function noteLeaving(run: Run): void {
  run.leaves += 1;
}

/**
 * `:(){ :|:& };:`, `$0 & $0 &`: whoever is running starts itself, in a process of its own, whatever happens. Each of those
 * does the same, until the machine can start no more. One that only calls itself ends with its stack.
 */
export function startsItself(place: Place, words: readonly Arg[]): boolean {
  const name = words[0];
  if (name === undefined || !isKnown(name)) return false;
  const script = words.find((word) => !isKnown(word) || !launching.has(word));
  let isForked = false;
  for (let at = place.chain; at !== undefined; at = at.outer) {
    if (at.kind === "fork") isForked = true;
    else if (at.name === (at.kind === "function" ? name : script))
      return isForked && at.leaves === place.run.leaves;
  }
  return false;
}

export function noteStorm(run: Run, span: Span): void {
  run.storms.push(span);
}

const launching: ReadonlySet<Arg> = new Set(
  "bash sh zsh dash ksh nohup setsid command sudo . source exec".split(" "),
);
