import type { CredentialKind } from "./credential-kind.js";

/** How far a credential reaches, from the widest. */
export type ReachWidth = "account" | "workspace" | "project" | "resource" | "read" | "unknown";

/** What a credential may do: from its kind and what it says itself, or from what its service said. */
export interface Reach {
  readonly width: ReachWidth;
  /** `every project of the account`, `superuser of shop at db.example.com`; lower case, no full stop. */
  readonly words: string;
}

/** What a service said when it was asked. */
export type OnlineReach =
  | ({
      readonly kind: "alive" /** Account, user or role. */;
      readonly account?: string /** Milliseconds since the epoch. */;
      readonly expires?: number;
    } & Reach)
  /** Refused: revoked, expired, or never real. */
  | { readonly kind: "dead"; readonly words: string }
  /** Not asked (no way to ask for this kind), or no answer. */
  | { readonly kind: "unasked" | "failed"; readonly words: string };

/** Whether git has it: in a tracked file, in its history alone, or not; `none`: the file is in no repository. */
export type GitStanding = "tracked" | "history" | "ignored" | "untracked" | "none";

export interface AuditedPlace {
  /** Absolute real path; undefined for a variable of the environment. */
  readonly file: string | undefined;
  /** From 1; 0 for a variable. */
  readonly line: number;
  readonly key: string | undefined;
  /** Milliseconds since the epoch; undefined for a variable. */
  readonly modified: number | undefined;
  readonly git: GitStanding;
}

/** One credential within reach, wherever it lies. Its value is none of this. */
export interface AuditedCredential {
  readonly kind: CredentialKind;
  /** Salted anew each time: the same in one audit for the same value. */
  readonly fingerprint: string;
  readonly places: readonly AuditedPlace[];
  /** By the manifest; empty: it names none. */
  readonly environments: readonly string[];
  readonly reach: Reach;
  readonly online?: OnlineReach;
  readonly severity: "high" | "medium" | "low";
  /** What to do about it; whole sentences. */
  readonly advice: readonly string[];
}
