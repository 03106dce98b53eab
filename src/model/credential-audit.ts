import type { CredentialKind } from "./credential-kind.js";

/** How far a credential reaches, from the widest. `nothing`: test data, this machine alone, or it has expired. */
export type ReachWidth = "account" | "workspace" | "project" | "resource" | "read" | "nothing" | "unknown";

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

/**
 * Whether git has it: in what is committed or staged now, in its history alone, or not (`untracked` may be so at the next `add`).
 * `none`: the file is in no repository; `unknown`: git did not say.
 */
export type GitStanding = "tracked" | "history" | "ignored" | "untracked" | "none" | "unknown";

/** Where a credential lies: a line of a file, a variable, or only in the history of git. */
export interface AuditedPlace {
  /** Absolute real path; undefined for a variable of the environment. One of git's history need not be there any longer. */
  readonly file: string | undefined;
  /** From 1; 0 for a variable. */
  readonly line: number;
  readonly key: string | undefined;
  /** Milliseconds since the epoch; undefined for a variable, and for what is only in git. */
  readonly modified: number | undefined;
  readonly git: GitStanding;
  /** The oldest commit that holds it there, as far as one was found. */
  readonly commit?: { readonly id: string /** Milliseconds since the epoch. */; readonly time: number };
  /** Other accounts of this machine can read the file. */
  readonly isOpen: boolean;
  /** A manifest lets nobody read the file (`files.never`). */
  readonly isForbidden: boolean;
}

/** Where a credential belongs, by the manifests that hold; and, where none of them says it, by names. */
export interface Belonging {
  /** Names of the manifests' environments. */
  readonly environments: readonly string[];
  /** What the manifests' `credentials` call it. */
  readonly named: readonly string[];
  /** It belongs to production: by the manifests, or by the guess. */
  readonly isProduction: boolean;
  readonly guess?: {
    readonly environment: string /** The word that says so: `.env.production`. */;
    readonly from: string;
  };
}

/** How soon something should be done about it: by what it reaches, and who else can read it. */
export type Severity = "high" | "medium" | "low";

/** One credential within reach, wherever it lies. Its value is none of this. */
export interface AuditedCredential extends Belonging {
  readonly kind: CredentialKind;
  /** Salted anew each time: the same in one audit for the same value. */
  readonly fingerprint: string;
  readonly places: readonly AuditedPlace[];
  readonly reach: Reach;
  readonly online?: OnlineReach;
  readonly severity: Severity;
  /** It looks like an example, lies among tests, or has run out: hardly anything takes it. */
  readonly isDoubtful: boolean;
  /** What to do about it; whole sentences, the most urgent first. */
  readonly advice: readonly string[];
}

/** All that was found, and how far was looked. */
export interface CredentialAudit {
  /** The gravest first. */
  readonly credentials: readonly AuditedCredential[];
  /** How many were looked through. */
  readonly files: number;
  /** How many commits; 0 where git's history was not asked for. */
  readonly commits: number;
  /** False: the time ran out before all was looked at. */
  readonly complete: boolean;
  /** What could not be told, a sentence each. */
  readonly notes: readonly string[];
}
