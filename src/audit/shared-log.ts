import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditLog, HeldScope } from "../model/record.js";
import { hashRecord, headPath, parseHead } from "./chain.js";
import { logFileName } from "./files.js";
import { type LogEnd, type LogOptions, openLog } from "./log.js";
import { parseRecord } from "./loose-record.js";

/** Where the log of many short processes lies, and how long one of them may wait for its turn. */
export interface SharedOptions extends Pick<LogOptions, "redact" | "now" | "onTrouble"> {
  /** The folder of the logs; it must be there. */
  readonly folder: string;
  /** Becomes part of file names: letters, digits, `_`, `-`. */
  readonly session: string;
  /** Milliseconds to wait for another writer. */
  readonly patience: number;
}

/** A log for as long as this process has the turn; `close` hands it on. */
export interface SharedLog extends AuditLog {
  /** Nothing was written to this file yet. */
  readonly isNew: boolean;
}

/**
 * A log that many short processes write to, one after the other: a file beside it says whose turn it is. Nobody takes
 * another's turn away: where a writer was killed in its turn, or stands still, or where the end of the file is not as its
 * last writer left it, the next file (`SESSION.2`) goes on. So each file has one writer at a time and verifies by itself.
 * Throws when none can be had.
 */
export async function openSharedLog(options: SharedOptions): Promise<SharedLog> {
  const { folder, session, patience } = options;
  const last = Math.max(1, ...partsOf(folder, session).map(({ part }) => part));
  for (let part = last; part < last + 20; part++) {
    const name = part === 1 ? session : `${session}.${part}`;
    const turn = join(folder, `${name}.turn`);
    if (!(await takeTurn(turn, patience))) continue;
    try {
      const opened = openPart(options, name, part);
      if (opened !== undefined) return endingTurn(opened, turn);
      // The turn is kept: nobody shall look at this file again.
    } catch (cause) {
      rmSync(turn, { force: true });
      throw cause;
    }
  }
  throw new Error(`cannot get a turn at the audit log of "${session}" in "${folder}"`);
}

/** What the first record of a session's logs says. */
export interface SharedStart {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly cwd: string | undefined;
  /** The manifests that held then. */
  readonly scope: readonly HeldScope[];
}

/** Undefined when there is no such record. Throws where it cannot be told what held. */
export function readSharedStart(folder: string, session: string): SharedStart | undefined {
  const first = partsOf(folder, session).find(({ part, file }) => part === 1 && file !== undefined);
  if (first?.file === undefined) return undefined;
  const record = parseRecord(readFirstLine(join(folder, first.file)));
  const time = Date.parse(String(record?.["time"]));
  const cwd = record?.["cwd"];
  if (Number.isNaN(time)) return undefined;
  return { time, cwd: typeof cwd === "string" ? cwd : undefined, scope: scopeOf(record?.["scope"]) };
}

function scopeOf(value: unknown): readonly HeldScope[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error("the log does not say which manifests held when it began");
  return value.map((each: unknown) => {
    if (
      typeof each === "object" &&
      each !== null &&
      "file" in each &&
      "sha256" in each &&
      "trusted" in each
    ) {
      const { file, sha256, trusted } = each;
      if (typeof file === "string" && typeof sha256 === "string" && typeof trusted === "boolean")
        return { file, sha256, trusted };
    }
    throw new Error("the log does not say which manifests held when it began");
  });
}

interface Part {
  readonly part: number;
  /** The log itself; undefined for the file that says whose turn it is. */
  readonly file: string | undefined;
}

function partsOf(folder: string, session: string): readonly Part[] {
  const shape = new RegExp(`^(?:[0-9T-]{23}-)?${session}(?:\\.(\\d{1,9}))?\\.(jsonl|turn)$`);
  return readdirSync(folder).flatMap((file) => {
    const found = shape.exec(file);
    if (found === null) return [];
    return [{ part: Number(found[1] ?? 1), file: found[2] === "jsonl" ? file : undefined }];
  });
}

/** False when whoever has the turn is gone, or does not give it back in time. */
async function takeTurn(path: string, patience: number): Promise<boolean> {
  const until = Date.now() + patience;
  for (;;) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return true;
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    }
    if (Date.now() > until || isGone(path)) return false;
    await sleep(3 + Math.random() * 10);
  }
}

/** A process id that another process has by now makes the next writer wait in vain, and go on with the next file. */
function isGone(turn: string): boolean {
  try {
    const pid = Number(readFileSync(turn, "utf8"));
    // Just made, and not written yet.
    if (!Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "ESRCH";
  }
}

/** Undefined when the end of the log is not as its last writer left it. */
function openPart(
  { folder, session, redact, now, onTrouble }: SharedOptions,
  name: string,
  part: number,
): SharedLog | undefined {
  const common = { session: name, redact, now, ...(onTrouble === undefined ? {} : { onTrouble }) };
  const found = partsOf(folder, session).find((one) => one.part === part && one.file !== undefined);
  if (found?.file === undefined) {
    const path = join(folder, logFileName(name, now()));
    return { ...openLog({ ...common, path }), isNew: true };
  }
  const path = join(folder, found.file);
  const after = readEnd(path);
  if (after !== undefined) return { ...openLog({ ...common, path, after }), isNew: false };
  const reason = `the audit log "${path}" does not end as its last writer left it: edited, cut, or a writer cut off`;
  onTrouble?.({ kind: "changed", reason });
  return undefined;
}

function endingTurn(log: SharedLog, turn: string): SharedLog {
  return {
    ...log,
    close() {
      log.close();
      rmSync(turn, { force: true });
    },
  };
}

/** As `verifyLog` has it of the last record: the head may be one behind, for its writer may have been killed between. */
function readEnd(path: string): LogEnd | undefined {
  const log = openSync(path, "r");
  try {
    const { size } = fstatSync(log);
    const lines = readLastLines(log, size);
    const [before, last] = lines;
    const head = parseHead(readFileSync(headPath(path), "utf8"));
    const record = last === undefined ? undefined : parseRecord(last);
    const seq = record?.["seq"];
    if (last === undefined || head === undefined || typeof seq !== "number") return undefined;
    const hash = hashRecord(last);
    const isWhole =
      (head.seq === seq && head.hash === hash) ||
      (head.seq === seq - 1 && before !== undefined && head.hash === hashRecord(before));
    return isWhole ? { seq, hash, size } : undefined;
  } finally {
    closeSync(log);
  }
}

/** The last two lines; a text that does not end in a newline has none that is whole. */
function readLastLines(file: number, size: number): readonly (string | undefined)[] {
  for (let length = Math.min(size, 65_536); ; length = Math.min(size, length * 4)) {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    const lines = bytes.toString("utf8").split("\n");
    if (length < size && lines.length < 4) continue;
    if (lines.pop() !== "") return [];
    // Of a file that is longer, the first line here may be half a one.
    if (length < size) lines.shift();
    return [lines.at(-2), lines.at(-1)];
  }
}

function readFirstLine(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(65_536);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return bytes.toString("utf8", 0, length).split("\n")[0] ?? "";
  } finally {
    closeSync(file);
  }
}
