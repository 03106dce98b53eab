import { fdatasyncSync, ftruncateSync, writeSync } from "node:fs";
import type { AuditLog, AuditRecord, RecordBody } from "../model/record.js";
import { changedWords, formatHead, hashRecord, noRecord } from "./chain.js";
import { failedWrite, mendedWords } from "./failed-write.js";
import { FileWatch } from "./file-watch.js";
import { LogFiles } from "./log-files.js";
import { gatherTexts, redactDeep } from "./redact.js";

export interface LogOptions {
  readonly path: string;
  readonly session: string;
  /** With `suspects`, as a Redactor has it, records without anything to hide are written as they are. */
  readonly redact: ((text: string) => string) & {
    readonly suspects?: (texts: readonly string[]) => boolean;
  };
  readonly now: () => Date;
  /** Hears of each record that was written, as it was written: without its secrets. */
  readonly onRecord?: (record: AuditRecord) => void;
  /** Hears, before that call may run, when somebody else changed the files, or a record could not be written. */
  readonly onTrouble?: (trouble: LogTrouble) => void;
  /** Looks at the file after each record, and not only after those that gate something: so no edit of the same length is missed. */
  readonly isWatched?: boolean;
  /** Where a log that was closed goes on; left out for a new one. */
  readonly after?: LogEnd;
}

/** `changed`: by somebody else; the writer goes on. `failed`: nothing may run. `mended`: records can be written again. */
export interface LogTrouble {
  readonly kind: "changed" | "failed" | "mended";
  readonly reason: string;
}

/** The end of a log: its last record, and its length in bytes. */
export interface LogEnd {
  readonly seq: number;
  readonly hash: string;
  readonly size: number;
}

export interface SyncedLog extends AuditLog {
  /** What was written is on the disk when this returns; a disk that fails is told of (`onTrouble`). */
  sync(): void;
}

/**
 * Opens a session's log: JSON lines, 0600, each record with the hash of the one before, the last hash in a second file.
 * Throws when the files cannot be made; their folder must be there. One writer a file: O_EXCL refuses a second one, and
 * whoever goes on with a log (`after`) holds its lock.
 */
export function openLog(options: LogOptions): SyncedLog {
  const { path, session, redact, now, onRecord, onTrouble, isWatched, after } = options;
  const files = LogFiles.open(path, after === undefined);
  const watch = new FileWatch(files);
  let seq = after === undefined ? 0 : after.seq + 1;
  let prev = after?.hash ?? noRecord;
  let size = after?.size ?? 0;
  /** As it stands in the head's file; undefined until this writer has written it. */
  let said = after === undefined ? "" : undefined;
  let isClosed = false;
  /** Half a record is at the end, and could not be cut off yet. */
  let isTorn = false;
  /** Records that could not be written since the last that could. */
  let refused = 0;
  /** The head of the last record, while it is not written yet. */
  let due: string | undefined;

  const writeHead = (): void => {
    if (due === undefined) return;
    writeAll(files.head, Buffer.from(due, "latin1"), 0);
    said = due;
    due = undefined;
  };

  /**
   * The head of a record that gates nothing destructive is written right after the caller has its answer: until then it is
   * one record behind, as it is when a writer is killed in between, and never more than one.
   */
  const writeHeadLater = (): void => {
    if (isClosed) return;
    try {
      writeHead();
      if (isWatched === true) watch.note();
    } catch (cause) {
      // It stays due: no record goes before it.
      onTrouble?.({ kind: "failed", reason: failedWrite(path, cause).message });
    }
  };

  /** What gates something is not let through behind a log that somebody changed, before anybody was told; nor without one. */
  const look = (): void => {
    const change = said === undefined ? undefined : watch.look(size, said);
    if (said === undefined || change === undefined) return;
    const what = change.isGone
      ? `${change.words}, and ${files.putBack(said)}; its last record ${seq - 1}, hash ${prev}`
      : change.words;
    onTrouble?.({ kind: "changed", reason: `${changedWords}: ${what}` });
    size = watch.size();
    watch.forget();
  };

  const append = (line: string, durable: boolean): void => {
    const bytes = Buffer.from(`${line}\n`, "utf8");
    const hash = hashRecord(line);
    if (isTorn) ftruncateSync(files.log, size);
    isTorn = false;
    writeHead();
    if (durable) look();
    try {
      writeAll(files.log, bytes, undefined);
      due = formatHead(seq, hash);
      if (durable) {
        fdatasyncSync(files.log);
        writeHead();
        watch.note();
      } else {
        watch.forget();
        setImmediate(writeHeadLater);
      }
    } catch (error) {
      due = undefined;
      isTorn = !isCutBack(files.log, size);
      throw error;
    }
    size += bytes.length;
    prev = hash;
    seq += 1;
  };

  const sync = (): void => {
    try {
      fdatasyncSync(files.log);
      writeHead();
      watch.note();
    } catch (cause) {
      onTrouble?.({ kind: "failed", reason: failedWrite(path, cause).message });
    }
  };

  return {
    sync,
    write(body: RecordBody, durable: boolean): void {
      if (isClosed) throw new Error(`the audit log "${path}" is closed`);
      const record: AuditRecord = {
        seq,
        time: now().toISOString(),
        session,
        ...(redact.suspects?.(gatherTexts(body)) === false ? body : redactDeep(body, redact)),
        prev,
      };
      try {
        append(JSON.stringify(record), durable);
      } catch (error) {
        refused += 1;
        const failure = failedWrite(path, error);
        onTrouble?.({ kind: "failed", reason: failure.message });
        throw failure;
      }
      onRecord?.(record);
      if (refused > 0) onTrouble?.({ kind: "mended", reason: mendedWords(refused) });
      refused = 0;
    },
    close(): void {
      writeHeadLater();
      isClosed = true;
      files.close();
    },
  };
}

function writeAll(descriptor: number, bytes: Buffer, position: number | undefined): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(descriptor, bytes, at, bytes.length - at, position === undefined ? null : position + at);
  }
}

/** A full disk can take half a line. The half is cut off again, so that what is there stays whole and verifiable. */
function isCutBack(descriptor: number, size: number): boolean {
  try {
    ftruncateSync(descriptor, size);
    return true;
  } catch {
    return false;
  }
}
