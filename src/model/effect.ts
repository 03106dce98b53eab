import type { BackupWant } from "./backup.js";
import type { Span } from "./call.js";
import type { CredentialKind } from "./credential-kind.js";
import type { Bounds } from "./scope.js";

/** `modify`: what was there is replaced or changed; `grant`: others may do more than before; `send`: something leaves the machine. */
export type Action = "read" | "create" | "modify" | "delete" | "execute" | "grant" | "send";

/** `possible`: it depends on what only shows when it runs (a branch, an unknown word), and counts all the same. */
export type Certainty = "certain" | "possible";

/** Whether, and how, what the call destroys could be had again. */
export type Recovery =
  /** Its very content lies in git's object store. */
  | "git"
  /** Can be built or fetched again: ignored build output, caches, what the session itself made. */
  | "recreate"
  /** Goes to a trash, from which it can be put back. */
  | "trash"
  | "backup"
  | "none"
  | "unknown"
  /** Nothing is lost (reads, creations, a target that does not exist). */
  | "needless";

/** How much: a count with its unit, everything, or not known (which rules treat as without end). */
export type Extent =
  | { readonly kind: "exact"; readonly count: number; readonly unit: Unit }
  | { readonly kind: "at-least"; readonly count: number; readonly unit: Unit }
  | { readonly kind: "all" }
  | { readonly kind: "unknown" };

/** What an extent counts; `objects` where the thing has no better word. */
export type Unit = "files" | "bytes" | "rows" | "requests" | "objects" | "commits";

/** What authenticates a call. Never the value: a salted fingerprint, and where it was found. */
export interface Credential {
  readonly name: string;
  /** `env:RAILWAY_TOKEN`, `file:infra/domains/.env:3`, `file:/w/.env#KEY`, `literal`, `config:~/.aws/credentials`. */
  readonly from: string;
  /** Empty where the value exists only at run time, and `from` alone is known. */
  readonly fingerprint: string;
  /** It goes along with the one before, and the two are one login: a user or key id that is secret too. */
  readonly isPair?: true;
  /** Files that hold the same one, as far as they were looked through: where it came from. The likeliest first. */
  readonly places?: readonly CredentialPlace[];
  /** Not all files were looked through, so that others may hold it, too. Left out: all were. */
  readonly unsearched?: true;
  /** Whether the manifests name it for what it is used on; left out where none speaks of credentials or a purpose. */
  readonly standing?: "named" | "other" | "unnamed" | "unrelated";
}

/** A place that a credential was found in, of the files that the session may read. */
export interface CredentialPlace {
  /** Absolute real path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What the file calls it: `RAILWAY_TOKEN`. */
  readonly key?: string;
  readonly kind: CredentialKind;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** When a call of this session first named the file; left out: none did. Milliseconds since the epoch. */
  readonly readAt?: number;
  /**
   * `new`: it came to stand there in this session, so that a copy of the agent's own tells nothing of where it is at home;
   * `gone`: it did stand there in this session, and does no longer. Left out: it did before the session, and does.
   */
  readonly change?: "new" | "gone";
}

/** What every effect says. `target` names the thing for people, rules (as a glob) and grants (exactly). */
interface Common {
  readonly tool: string;
  readonly action: Action;
  readonly target: string;
  readonly extent: Extent;
  readonly recovery: Recovery;
  /** `production`, `staging`, … by the policy's labels; `unknown` until one fits. */
  readonly environment: string;
  readonly credentials: readonly Credential[];
  readonly certainty: Certainty;
  /**
   * What else makes it this effect and no other, for grants: a print of the statement where `target` does not say all
   * (`DELETE … WHERE id = 3`). Left out where it does.
   */
  readonly scope?: string;
  /** Where that print stands for several statements: the print of each, for each may come by alone. */
  readonly scopes?: readonly string[];
  /** The machine that does it, as ssh or a daemon's address names it, and what ssh's configuration makes of that. Left out: this one. */
  readonly machine?: string;
  readonly hostName?: string;
  /** The kubernetes context that it is done in, of what is done in a pod too. Left out where no context is known. */
  readonly context?: string;
  /** Held against the scope manifests; left out where there are none. `boundsBecause`: what they say, a sentence. */
  readonly bounds?: Bounds;
  readonly boundsBecause?: string;
  /** The environments that the manifests' labels say it reaches, by name. For people: no rule is loosened by what a workspace calls itself. */
  readonly boundsEnvironments?: readonly string[];
  /** Backups that the manifests want to be shown before this is done. */
  readonly wantsBackup?: readonly BackupWant[];
  /** The evidence, lower case, no full stop: `untracked since before the session`. */
  readonly because: string;
  readonly span: Span | undefined;
}

/** Where a path lies. `remote`: on another machine, or in a container. `guard`: holdpoint's own files; `protected`: `/`, a home, a `.git`, a system folder as a whole. */
export type Place =
  | "workspace"
  | "outside"
  | "temporary"
  | "device"
  | "protected"
  | "guard"
  | "remote"
  | "unknown";

/** On a file or a folder, by its absolute path; `settle` has it real, and fills in place and recovery. */
export interface FileEffect extends Common {
  readonly resource: "file";
  readonly place: Place;
  /** Of `remote`: which machine. */
  readonly host?: string;
  /** The effect reaches everything below `target`. */
  readonly recursive: boolean;
  /** Recursive, but what is mounted below is passed over. */
  readonly oneFileSystem?: true;
  /** Absolute paths: of what lies below `target`, just these. Settled, such an effect is about the worst of them. */
  readonly among?: readonly string[];
  /** Absolute path that it gets, when it is moved. */
  readonly to?: string;
  /** Absolute path that leads to the same file from now on: what a link made here points to. */
  readonly linksTo?: string;
  /** What of the file: its content, its name, or its owner and mode. */
  readonly aspect: "content" | "name" | "access";
  /** It changes a scope manifest, or a folder with one in it. Left out: it does not. */
  readonly holds?: "manifest";
  /**
   * Index of the word in the call's argv that names it, where the guard may put it into its trash in the program's place.
   * Settled, it is left only with recovery `trash`.
   */
  readonly operand?: number;
  /** With `operand`: the program itself would ask before it deletes what is write-protected. */
  readonly prompts?: true;
}

/** A request that is judged by its method, or a file that goes out with one. `host` without its port, `path` without its query. */
export interface HttpEffect extends Common {
  readonly resource: "http";
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** `send secret`: `target` is a file that is known for its secrets. Else left out. */
  readonly operation?: "send secret";
}

/** One field of an operation, as a server executes it; `field` is of the operation's root. */
export interface GraphqlEffect extends Common {
  readonly resource: "graphql";
  readonly host: string;
  readonly operation: "query" | "mutation" | "subscription";
  readonly field: string;
}

/** One statement on one thing (table, schema, database), which is the target. Empty `host` and `database`: nothing names them. */
export interface SqlEffect extends Common {
  readonly resource: "sql";
  readonly engine: string;
  /** `DROP TABLE`, `DELETE`, `TRUNCATE`, in the words of the SQL standard or the engine's manual. */
  readonly statement: string;
  readonly host: string;
  readonly database: string;
  /** False for a DELETE or UPDATE that has no WHERE. */
  readonly restricted: boolean;
}

/**
 * On something that a provider keeps: by its tool's subcommand, or a request to its API. `type` is the thing's kind, in the
 * singular: `volume`.
 */
export interface CloudEffect extends Common {
  readonly resource: "cloud";
  readonly provider: string;
  readonly service: string;
  readonly type: string;
  /** The provider's own name of the operation: `volumeDelete`, `s3:DeleteBucket`, `volume delete`. */
  readonly operation: string;
  /** Where the request goes, with its port; left out by tools that do not show it. */
  readonly host?: string;
  /** The id of the environment, where `environment` is its name: a label may know either. */
  readonly environmentId?: string;
  /** The account (of AWS, twelve digits) where the profile's settings tell it. */
  readonly account?: string;
  /** The project, by its name and id as far as they are known. */
  readonly project?: string;
  readonly projectId?: string;
}

/** On commits, refs or the work tree as git keeps them. `remote`: others see it, too. */
export interface GitEffect extends Common {
  readonly resource: "git";
  readonly operation: string;
  readonly remote: boolean;
  /** Of what goes to a remote: its name, its URLs, and the branch, as far as they are known. */
  readonly remoteName?: string;
  readonly remoteUrls?: readonly string[];
  readonly branch?: string;
}

/** The kinds that need no more than the common words so far; `operation` in the tool's own words. */
export interface OtherEffect extends Common {
  readonly resource: "container" | "kubernetes" | "process" | "device" | "package" | "secret";
  readonly operation: string;
}

/** Reaches for the guard itself: its files, its processes, another terminal's keyboard. Rules for it are locked. */
export interface GuardEffect extends Common {
  readonly resource: "guard";
  readonly operation: string;
}

/** What could not be parsed, expanded or read. `because` says why. Never dropped. */
export interface OpaqueEffect extends Common {
  readonly resource: "opaque";
  /** True when a guarded tool is behind it, so that at least a question follows. */
  readonly guarded: boolean;
}

/** What a call does to one thing: action, resource, and the evidence. Rules speak of nothing else. */
export type Effect =
  | FileEffect
  | HttpEffect
  | GraphqlEffect
  | SqlEffect
  | CloudEffect
  | GitEffect
  | OtherEffect
  | GuardEffect
  | OpaqueEffect;

/** The common fields of an effect that nothing is known about yet; readers spread it and say what they know. */
export function plainEffect(tool: string, action: Action, target: string): Omit<Common, "resource"> {
  return {
    tool,
    action,
    target,
    extent: { kind: "exact", count: 1, unit: "objects" },
    recovery: action === "read" || action === "create" ? "needless" : "unknown",
    environment: "unknown",
    credentials: [],
    certainty: "certain",
    because: "",
    span: undefined,
  };
}

/** What cannot be foreseen, and why. `guarded`: something that rules mind may be behind it, so that somebody is asked. */
export function opaqueEffect(tool: string, target: string, because: string, guarded = true): OpaqueEffect {
  return {
    ...plainEffect(tool, "execute", target),
    resource: "opaque",
    guarded,
    extent: { kind: "unknown" },
    certainty: "possible",
    because,
  };
}

/** For people: what the manifests call the environment, with the policy's or the tool's own word where that is another. */
export function environmentName({ environment, boundsEnvironments = [] }: Effect): string {
  if (boundsEnvironments.length === 0 || boundsEnvironments.includes(environment)) return environment;
  const names = boundsEnvironments.join(" and ");
  return environment === "unknown" ? names : `${names} (${environment})`;
}

/** What makes two effects the same for grants and remembered refusals: what is done to what, not how it was spelled. */
export function effectKey(effect: Effect): string {
  const detail =
    effect.resource === "sql"
      ? `${effect.statement}${effect.restricted ? "" : " all"}@${effect.host}/${effect.database}`
      : effect.resource === "http"
        ? `${effect.method} ${effect.host}`
        : effect.resource === "graphql"
          ? `${effect.field}@${effect.host}`
          : "operation" in effect
            ? effect.operation
            : effect.resource === "file"
              ? `${effect.aspect}${effect.recursive ? "+" : ""}`
              : effect.because;
  const { resource, action, target, scope = "" } = effect;
  return [resource, action, detail, target, scope].join("\u0000");
}
