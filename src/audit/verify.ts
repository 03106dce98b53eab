import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { changedWords, hashRecord, headPath, noRecord, parseHead } from "./chain.js";
import { readLines } from "./files.js";
import { type LooseRecord, parseRecord } from "./loose-record.js";

/** What became of a log: whole, or from which line on it is not what its writer wrote. */
export type Verified =
  /** `changes`: how often its writer found, and wrote down, that somebody else had a hand in it. */
  | { readonly ok: true; readonly records: number; readonly ended: boolean; readonly changes: number }
  /** `line` counts from 1; 0 speaks of the file as a whole. */
  | { readonly ok: false; readonly line: number; readonly reason: string; readonly whole: number };

/** Checks the chain of one log file from its first record to the head kept beside it. Streams: the size does not matter. */
export async function verifyLog(path: string): Promise<Verified> {
  let link: Link = { hash: noRecord, before: noRecord };
  let count = 0;
  /** Number of the first record: the writer goes on in the chain where an earlier file is gone. */
  let first = 0;
  let changes = 0;
  let last = "";
  let wrong: string | undefined;
  for await (const line of readLines(path, undefined)) {
    if (wrong !== undefined) return { ok: false, line: count + 1, reason: wrong, whole: count };
    const record = parseRecord(line);
    if (count === 0 && record !== undefined) {
      first = firstNumber(record);
      if (first > 0) link = { ...link, hash: String(record["prev"]) };
    }
    wrong = checkRecord(record, first + count, link.hash);
    if (wrong !== undefined) continue;
    if (tellsOfChange(record)) changes += 1;
    link = { hash: hashRecord(line), before: link.hash };
    count += 1;
    last = line;
  }
  // The end of the file as well: a record that breaks off there was never finished.
  if (wrong !== undefined)
    return { ok: false, line: count + 1, reason: isTorn(path) ? torn : wrong, whole: count };
  const problem = checkHead(path, first + count, link);
  if (problem !== undefined) return { ok: false, line: 0, reason: problem, whole: count };
  if (first > 0) {
    const reason = `has number ${first}: the ${first} before are gone (removed, or the file was deleted while its session ran); from here on the ${count} that are there are whole`;
    return { ok: false, line: 1, reason, whole: 0 };
  }
  return { ok: true, records: count, ended: /"event":"session\.end"/.test(last), changes };
}

function firstNumber({ seq }: LooseRecord): number {
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}

function tellsOfChange(record: LooseRecord | undefined): boolean {
  const reason = record?.["event"] === "alert" ? record["reason"] : undefined;
  return typeof reason === "string" && reason.startsWith(changedWords);
}

const torn = "breaks off: its writer was killed while it wrote it, the disk was full, or the file was cut";

function isTorn(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    return readSync(file, last, 0, 1, Math.max(0, fstatSync(file).size - 1)) === 1 && last[0] !== 10;
  } finally {
    closeSync(file);
  }
}

/** Hash of the last record read, and of the one before it. */
interface Link {
  readonly hash: string;
  readonly before: string;
}

function checkRecord(record: LooseRecord | undefined, expected: number, prev: string): string | undefined {
  if (record === undefined) return "is not a record (edited, or cut off)";
  if (record["seq"] !== expected)
    return `has number ${String(record["seq"])} where ${expected} was due (a record was removed, added or moved)`;
  if (record["prev"] !== prev)
    return "does not continue the record before it (that one was edited or replaced)";
  return undefined;
}

/** `count`: records, with those before the first that is there. */
function checkHead(path: string, count: number, last: Link): string | undefined {
  let text: string;
  try {
    text = readFileSync(headPath(path), "utf8");
  } catch {
    return `its head file "${headPath(path)}" is missing`;
  }
  const head = parseHead(text);
  if (head === undefined)
    return count === 0 && text === "" ? undefined : `its head file "${headPath(path)}" is damaged`;
  // The head is written just after the record: a writer killed in between leaves it one behind, and pointing at the record before.
  if (head.seq === count - 2 && head.hash === last.before) return undefined;
  if (head.seq !== count - 1)
    return `it ends with record ${count - 1}, but its head says ${head.seq} (cut off, or added to)`;
  return head.hash === last.hash ? undefined : "its last record was edited or replaced";
}
