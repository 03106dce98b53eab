import type { Manifest } from "./scope.js";

/** From the mildest; the strictest of all matches is the verdict. */
export type Decision = "allow" | "ask" | "deny";

/** From the least; `critical` wants a name typed instead of a key. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** A compiled rule. It speaks of effects, never of flags or text. */
export interface Rule {
  readonly id: string;
  /** `builtin:files`, or the path of the user's or workspace's file, with its line. */
  readonly origin: string;
  readonly when: Condition;
  /** Exceptions, written inside the rule: any of them that fits lifts it. */
  readonly unless: readonly Condition[];
  readonly then: Decision;
  readonly severity: Severity;
  readonly because: string;
  readonly instead: string | undefined;
  /** How to get back from it, or that there is no way; left out by rules on what destroys nothing. */
  readonly back?: string | undefined;
  /** Never relaxed by any layer above. */
  readonly locked: boolean;
}

/** All fields must fit. */
export type Condition = readonly FieldTest[];

/** One line of a rule's `when`. An effect without that field does not fit. */
export interface FieldTest {
  /** A field of Effect: action, resource, provider, type, target, place, recovery, … */
  readonly field: string;
  readonly test: Test;
}

export type Test =
  /** One of these words; for `target`, `host`, `path` a word may be a glob. */
  | { readonly kind: "any"; readonly of: readonly string[] }
  | { readonly kind: "none"; readonly of: readonly string[] }
  /** Extent above a count; `all` and `unknown` always are. */
  | { readonly kind: "over"; readonly count: number };

/** A rule that did match. */
export interface Match {
  readonly rule: string;
  /** Index into the judgement's effects. */
  readonly effect: number;
  readonly verdict: Decision;
  readonly severity: Severity;
  readonly because: string;
  readonly instead: string | undefined;
  readonly back?: string | undefined;
  readonly locked: boolean;
}

/** All that effects are matched against: the built-in rules with the user's layers on them, labels, manifests. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly labels: readonly Label[];
  /** Of the workspace, and of the folders around it. */
  readonly manifests: readonly Manifest[];
}

/** What belongs to which environment; the first that fits labels an effect. */
export interface Label {
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly ids: readonly string[];
}
