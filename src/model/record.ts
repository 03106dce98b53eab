import type { Effect } from "./effect.js";
import type { Preview } from "./preview.js";
import type { Decision, Match } from "./rule.js";

export type RecordEvent =
  | "session.start"
  | "line"
  | "exec"
  | "ask"
  | "answer"
  | "exit"
  | "alert"
  | "session.end";

/** One line of the audit log before the writer adds `seq`, `time`, `session` and `prev`. */
export interface RecordBody {
  readonly event: RecordEvent;
  readonly verdict?: Decision;
  readonly line?: string;
  readonly argv?: readonly string[];
  readonly program?: string;
  readonly cwd?: string;
  readonly pid?: number;
  readonly agent?: string;
  readonly effects?: readonly Effect[];
  readonly matches?: readonly Match[];
  readonly answer?: { readonly by: string; readonly how: string; readonly grant: string };
  readonly question?: string;
  readonly reason?: string;
  /** What the call deletes is put into the trash under this name, for `holdpoint undo`. */
  readonly trash?: string;
  /** Why this is judged for the second time. */
  readonly note?: string;
  readonly status?: number;
  readonly errors?: readonly string[];
  /** Of `ask`: what the human was shown of what was looked up. */
  readonly previews?: readonly Preview[];
  /** Of `session.start`: the manifests that hold. */
  readonly scope?: readonly HeldScope[];
}

/** A manifest that held when a session began. */
export interface HeldScope {
  /** Absolute. */
  readonly file: string;
  /** Of its text, in hex. */
  readonly sha256: string;
  /** What it allows was trusted by a person. */
  readonly trusted: boolean;
}

export interface AuditRecord extends RecordBody {
  readonly seq: number;
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  readonly session: string;
  /** SHA-256 (hex) of the record before, as written without its newline; 64 zeros for the first. */
  readonly prev: string;
}

/** Writes records in order. `durable`: on disk before it returns. Throws when the record cannot be written: then nothing may run. */
export interface AuditLog {
  write(body: RecordBody, durable: boolean): void;
  close(): void;
}
