import type { Effect } from "./effect.js";
import type { Preview } from "./preview.js";
import type { Decision, Match } from "./rule.js";

/** `line`: a text was judged; `exec`: a program was; `ask` and `answer`: a question's two ends; `exit` is not written yet. docs/contract.md */
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
  /** The text that was judged; secrets taken out, as in all texts here. */
  readonly line?: string;
  readonly argv?: readonly string[];
  /** Absolute path of what the shim becomes. */
  readonly program?: string;
  readonly cwd?: string;
  /** The caller's, in its own pid namespace; of `session.start` the broker's. */
  readonly pid?: number;
  /** As its environment names it: `claude`, `codex`. */
  readonly agent?: string;
  readonly effects?: readonly Effect[];
  readonly matches?: readonly Match[];
  /** `how`: by which key or phrase, from where; `grant`: `once`, `session` or `none`. */
  readonly answer?: { readonly by: string; readonly how: string; readonly grant: string };
  /** The question's id, on `ask` and `answer`. */
  readonly question?: string;
  /** Why it was denied, or what an alert says: lower case, no full stop. */
  readonly reason?: string;
  /** What the call deletes is put into the trash under this name, for `holdpoint undo`. */
  readonly trash?: string;
  /** Why this is judged for the second time. */
  readonly note?: string;
  /** Of `session.end`: the command's own. */
  readonly status?: number;
  /** What could not be parsed, with its place. */
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

/** One line of the audit log, as written: its keys in this order, `prev` last. */
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
