import { fdatasyncSync, ftruncateSync, writeSync } from "node:fs";
import type { AuditLog, AuditRecord, RecordBody } from "../model/record.js";
import { changedWords, formatHead, hashRecord, noRecord } from "./chain.js";
import { failedWrite, mendedWords } from "./failed-write.js";
import { FileWatch } from "./file-watch.js";
import { LogFiles } from "./log-files.js";
import { gatherTexts, redactDeep } from "./redact.js";

/** One file, and who hears of what is written to it. */
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

/** A log whose records of what gates nothing may be put on the disk later, all at once. */
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
  const { session, redact, now, onRecord, onTrouble } = options;
  const chain = new ChainWriter(options);
  /** Records that could not be written since the last that could. */
  let refused = 0;
  return {
    sync: () => chain.sync(),
    write(body: RecordBody, durable: boolean): void {
      const record: AuditRecord = {
        seq: chain.nextSeq(),
        time: now().toISOString(),
        session,
        ...(redact.suspects?.(gatherTexts(body)) === false ? body : redactDeep(body, redact)),
        prev: chain.prev,
      };
      try {
        chain.append(JSON.stringify(record), durable);
      } catch (error) {
        refused += 1;
        throw chain.tellOfFailure(error);
      }
      onRecord?.(record);
      if (refused > 0) onTrouble?.({ kind: "mended", reason: mendedWords(refused) });
      refused = 0;
    },
    close: () => chain.close(),
  };
}

/** Appends lines, and keeps the head's file at the last of them. */
class ChainWriter {
  private readonly files: LogFiles;
  private readonly watch: FileWatch;
  private seq: number;
  /** Hash of the last line. */
  prev: string;
  /** Of the log's file, in bytes. */
  private size: number;
  /** As it stands in the head's file; undefined until this writer has written it. */
  private said: string | undefined;
  /** The head of the last record, while it is not written yet. */
  private due: string | undefined;
  private isClosed = false;
  /** Half a record is at the end, and could not be cut off yet. */
  private isTorn = false;

  constructor(private readonly options: Pick<LogOptions, "path" | "onTrouble" | "isWatched" | "after">) {
    const { path, after } = options;
    this.files = LogFiles.open(path, after === undefined);
    this.watch = new FileWatch(this.files);
    this.seq = after === undefined ? 0 : after.seq + 1;
    this.prev = after?.hash ?? noRecord;
    this.size = after?.size ?? 0;
    this.said = after === undefined ? "" : undefined;
  }

  /** The next record's. Throws once the log is closed. */
  nextSeq(): number {
    if (this.isClosed) throw new Error(`the audit log "${this.options.path}" is closed`);
    return this.seq;
  }

  append(line: string, durable: boolean): void {
    const bytes = Buffer.from(`${line}\n`, "utf8");
    const hash = hashRecord(line);
    if (this.isTorn) ftruncateSync(this.files.log, this.size);
    this.isTorn = false;
    this.writeHead();
    if (durable) this.look();
    try {
      writeAll(this.files.log, bytes, undefined);
      this.due = formatHead(this.seq, hash);
      if (durable) this.settle();
      else {
        this.watch.forget();
        setImmediate(() => this.writeHeadLater());
      }
    } catch (error) {
      this.due = undefined;
      this.isTorn = !isCutBack(this.files.log, this.size);
      throw error;
    }
    this.size += bytes.length;
    this.prev = hash;
    this.seq += 1;
  }

  sync(): void {
    try {
      this.settle();
    } catch (cause) {
      this.tellOfFailure(cause);
    }
  }

  /** Returns what it told: that nothing may run. */
  tellOfFailure(cause: unknown): Error {
    const failure = failedWrite(this.options.path, cause);
    this.options.onTrouble?.({ kind: "failed", reason: failure.message });
    return failure;
  }

  close(): void {
    this.writeHeadLater();
    this.isClosed = true;
    this.files.close();
  }

  /** What gates something is not let through behind a log that somebody changed, before anybody was told; nor without one. */
  private look(): void {
    const { files, watch, said } = this;
    const change = said === undefined ? undefined : watch.look(this.size, said);
    if (said === undefined || change === undefined) return;
    const what = change.isGone
      ? `${change.words}, and ${files.putBack(said)}; its last record ${this.seq - 1}, hash ${this.prev}`
      : change.words;
    this.options.onTrouble?.({ kind: "changed", reason: `${changedWords}: ${what}` });
    this.size = watch.size();
    watch.forget();
  }

  /** The log and its head are on the disk, and nobody else has touched them. */
  private settle(): void {
    fdatasyncSync(this.files.log);
    this.writeHead();
    this.watch.note();
  }

  private writeHead(): void {
    if (this.due === undefined) return;
    writeAll(this.files.head, Buffer.from(this.due, "latin1"), 0);
    this.said = this.due;
    this.due = undefined;
  }

  /**
   * The head of a record that gates nothing destructive is written right after the caller has its answer: until then it is
   * one record behind, as it is when a writer is killed in between, and never more than one.
   */
  private writeHeadLater(): void {
    if (this.isClosed) return;
    try {
      this.writeHead();
      if (this.options.isWatched === true) this.watch.note();
    } catch (cause) {
      // It stays due: no record goes before it.
      this.tellOfFailure(cause);
    }
  }
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
