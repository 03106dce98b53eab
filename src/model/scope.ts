import type { TrustedFile } from "./backup.js";
import type { Action } from "./effect.js";

/**
 * What one `holdpoint.yaml` declares, checked, with every path absolute. What each key means: docs/scope-manifest.md.
 * Several manifests hold together: each is asked, and the strictest answer counts.
 */
export interface Manifest {
  /** Absolute path of the file. */
  readonly file: string;
  /** The folder that its relative globs start from. */
  readonly folder: string;
  /** A human trusted this very content. Until then it tightens and loosens nothing. */
  readonly isTrusted: boolean;
  readonly purpose: string | undefined;
  readonly environments: readonly ScopeEnvironment[];
  readonly files: FileScope;
  /** Undefined: credentials are not held against anything. */
  readonly credentials: readonly ScopeCredential[] | undefined;
  readonly backups: readonly ScopeBackup[];
}

/** What a manifest knows by one name, and what may be done to it. */
export interface ScopeEnvironment {
  readonly name: string;
  /** What may be done there; anything else is outside. */
  readonly allow: readonly Action[];
  /** What is denied there, whoever answers. */
  readonly never: readonly Action[];
  readonly labels: readonly ScopeLabel[];
}

/** One thing that belongs to an environment. */
export interface ScopeLabel {
  readonly kind: LabelKind;
  /** As written; what it may look like depends on the kind. */
  readonly value: string;
  /** Of a database: the only engine that it is of (`postgres`, `mysql`, `redis`, `mongodb`); left out, any. */
  readonly engine?: string;
}

/** How a label is compared. */
export type LabelKind =
  /** A host, with `*` across dots, with or without a port. */
  | "host"
  /** Id or name of a Railway project or environment. */
  | "railway"
  | "aws-profile"
  /** Twelve digits. */
  | "aws-account"
  | "kube-context"
  /** `host[:port][/database]` or `/database`, of any engine. */
  | "database"
  /** A remote's name or URL (glob). */
  | "git-remote"
  /** A branch (glob). */
  | "git-branch"
  /** A host as ssh is given it, or as its configuration calls it. */
  | "ssh"
  /** A glob of files, absolute. */
  | "file"
  /** Any other id that an effect's target, project or environment may be. */
  | "id";

/**
 * Absolute globs for picomatch (`dot`; `flags: "s"`, for a name may hold a line feed), with `*`, `?` and `**` alone; what else picomatch gives a
 * meaning is escaped. One that names a folder is all below it, too. Links are resolved in what comes before the first sign.
 */
export interface FileScope {
  /** Undefined: everything. */
  readonly read: readonly string[] | undefined;
  /** Undefined: what the rules allow. */
  readonly write: readonly string[] | undefined;
  readonly never: readonly string[];
}

/** A credential, and the environments that it is for. */
export interface ScopeCredential {
  readonly name: string;
  /** `env:NAME`, `file:PATH`, `file:PATH#KEY`, `profile:NAME`, as written. */
  readonly from: string;
  /** What it was when the session began; undefined where there is none, or where only `from` is compared. Never shown. */
  readonly value: string | undefined;
  /** Names of environments. */
  readonly allow: readonly string[];
}

/** Effects that want a backup to be shown first. `evidence`: a line for `sh` that prints how old the newest is. */
export interface ScopeBackup {
  /** Fields of an effect and the words they must be (globs). */
  readonly for: Readonly<Record<string, readonly string[]>>;
  readonly evidence: string;
  /** Milliseconds. */
  readonly maxAge: number;
  /** The files that the command names, as they were when a person trusted the manifest; left out: nobody did. */
  readonly trusted?: readonly TrustedFile[];
}

/**
 * Where an effect stands: `granted`, a trusted manifest allows it; `inside`, none minds; `outside` and `credential` (one that is for
 * something else) ask at least; `never` is denied.
 */
export type Bounds = "granted" | "inside" | "outside" | "credential" | "never";
