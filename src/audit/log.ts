import { closeSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { AuditLog, AuditRecord, RecordBody } from "../model/record.js";
import { formatHead, hashRecord, headPath, noRecord } from "./chain.js";
import { redactDeep } from "./redact.js";

export interface LogOptions {
  readonly path: string;
  readonly session: string;
  readonly redact: (text: string) => string;
  readonly now: () => Date;
}

/**
 * Opens a session's log: JSON lines, 0600, each record with the hash of the one before, the last hash in a second file.
 * Throws when the files cannot be made. One writer a file: O_EXCL refuses a second one.
 */
export function openLog({ path, session, redact, now }: LogOptions): AuditLog {
  const [log, head] = openFiles(path);
  let seq = 0;
  let prev = noRecord;
  let size = 0;
  let broken: Error | undefined;

  const append = (line: string, durable: boolean): void => {
    const bytes = Buffer.from(`${line}\n`, "utf8");
    try {
      writeAll(log, bytes, undefined);
      if (durable) fdatasyncSync(log);
      writeAll(head, Buffer.from(formatHead(seq, hashRecord(line))), 0);
    } catch (error) {
      cutBack(log, size);
      throw error;
    }
    size += bytes.length;
    prev = hashRecord(line);
    seq += 1;
  };

  return {
    write(body: RecordBody, durable: boolean): void {
      if (broken !== undefined) throw broken;
      const record: AuditRecord = {
        seq,
        time: now().toISOString(),
        session,
        ...redactDeep(body, redact),
        prev,
      };
      try {
        append(JSON.stringify(record), durable);
      } catch (error) {
        throw new Error(`cannot write the audit log "${path}"`, { cause: error });
      }
    },
    close(): void {
      broken ??= new Error(`the audit log "${path}" is closed`);
      closeSync(log);
      closeSync(head);
    },
  };
}

function openFiles(path: string): readonly [log: number, head: number] {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return [openSync(path, "ax", 0o600), openSync(headPath(path), "wx", 0o600)];
  } catch (error) {
    throw new Error(`cannot open the audit log "${path}"; without one nothing is run`, { cause: error });
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number | undefined): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(descriptor, bytes, at, bytes.length - at, position === undefined ? null : position + at);
  }
}

/** A full disk can take half a line. The half is cut off again, so that what is there stays whole and verifiable. */
function cutBack(descriptor: number, size: number): void {
  try {
    ftruncateSync(descriptor, size);
  } catch {
    // Nothing more can be done here; `log verify` will show the half line.
  }
}
