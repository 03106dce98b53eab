import type { Action, Credential, Recovery } from "./effect.js";
import type { Decision, Severity } from "./rule.js";
import type { Bounds } from "./scope.js";

/** What will be called, and what each call does, for a human before any of it runs. Plain data; its texts are raw. */
export interface Plan {
  readonly summary: PlanSummary;
  /** As they run. */
  readonly steps: readonly PlanStep[];
  /** What could not be read, of the text as a whole. */
  readonly unread: readonly string[];
}

/** The plan in numbers, of all levels. The same thing done twice is lost once. */
export interface PlanSummary {
  readonly calls: number;
  /** Calls that a rule asks about or denies. */
  readonly held: number;
  /** Things destroyed or changed for good. */
  readonly lost: number;
  /** The same with no known way back. */
  readonly doubtful: number;
  /** That are reached; `unknown` among them. */
  readonly environments: readonly string[];
  readonly credentials: readonly Credential[];
  /** Calls of which something cannot be known before they run. */
  readonly unread: number;
}

/** One call. */
export interface PlanStep {
  /** From 1, counted through all levels. */
  readonly number: number;
  /** What starts it, below the step that it stands under: `make`, `bash -c`. */
  readonly via: readonly string[];
  readonly tool: string;
  /** Its words, as one would type them. */
  readonly text: string;
  /** False: only if it comes to that. */
  readonly isCertain: boolean;
  readonly deeds: readonly PlanDeed[];
  /** What cannot be known of it before it runs. */
  readonly unread: readonly string[];
  /** What it starts. */
  readonly inner: readonly PlanStep[];
  /** Where it stands in its text: calls of one loop share it. */
  readonly place: string;
}

/** One thing that a call does, or the same done to several. */
export interface PlanDeed {
  /** `delete volume 3d2c42fb at Railway` */
  readonly words: string;
  readonly action: Action;
  readonly resource: string;
  /** How many things. */
  readonly count: number;
  /** `good`: nothing brings it back; `doubtful`: nobody knows. */
  readonly loss: "none" | "doubtful" | "good";
  readonly isCertain: boolean;
  /** Undefined where it plays no part: files of this machine. */
  readonly environment: string | undefined;
  readonly bounds: Bounds | undefined;
  /** What the scope manifest says, a sentence. */
  readonly boundsBecause: string | undefined;
  readonly recovery: Recovery;
  /** How to get back, in words; "" where nothing is lost. */
  readonly back: string;
  /** The evidence. */
  readonly because: readonly string[];
  readonly credentials: readonly Credential[];
  /** Rules that ask or deny, each once. */
  readonly held: readonly PlanRule[];
}

/** A rule that holds a deed, in its own words. */
export interface PlanRule {
  readonly rule: string;
  readonly verdict: Decision;
  readonly severity: Severity;
  readonly because: string;
  readonly instead: string | undefined;
  /** What the rule says of the way back. */
  readonly back?: string | undefined;
}
