import type { Effect } from "./effect.js";
import type { Judgement } from "./judgement.js";

/** What was looked at; `backup` is what `src/backups` has to say. */
export type PreviewKind = "files" | "sql" | "git" | "railway" | "aws" | "kubernetes" | "terraform" | "backup";

/** What was found out about one effect, read-only, before a human is asked about it. It never changes the verdict. */
export interface Preview {
  /** Index in the judgement's effects. */
  readonly effect: number;
  readonly kind: PreviewKind;
  /** `failed`: the rows say why. What is not known is no reason to allow anything. */
  readonly state: "found" | "failed";
  /** Plain sentences, the gravest first, lower case, no full stop. Raw: whoever shows them redacts them and makes them visible. */
  readonly rows: readonly string[];
  /** What a human must not overlook. */
  readonly loses?: "all backups";
  /** The environment that it is in, as a look at the provider says: `production`. */
  readonly environment?: string;
  readonly tookMs: number;
}

/** All that is known of one judgement so far. */
export interface Previews {
  readonly found: readonly Preview[];
  /** More may come. */
  readonly isLooking: boolean;
}

/** A look that goes on while the card is up already. */
export interface Evidence {
  now(): Previews;
  /** Resolves, never rejects, once nothing more comes: after a few seconds at most. */
  readonly done: Promise<void>;
  /** Nobody waits for it any more. */
  stop(): void;
}

/** Looks up what a question is about, while somebody reads it. */
export interface PreviewPort {
  /** `onNews` fires each time that `now()` says more. Undefined where there is nothing that anybody could look up. */
  look(judgement: Judgement, onNews: () => void): Evidence | undefined;
}

/** An effect, and where it stands in its judgement. */
export interface Numbered {
  readonly at: number;
  readonly effect: Effect;
}
