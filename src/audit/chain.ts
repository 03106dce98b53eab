import { hash } from "node:crypto";

/** What the first record of a file names as the one before it. */
export const noRecord = "0".repeat(64);

/** How the writer begins to tell, in a record of the log itself, of somebody else's hand in it. */
export const changedWords = "the audit log was changed while the session runs";

/** SHA-256 of a record as written, without its newline; lower-case hex. */
export function hashRecord(line: string): string {
  return hash("sha256", line, "hex");
}

/** The second file beside a log: how far the log went, and the hash of its last record. Always of one length. */
export function formatHead(seq: number, hash: string): string {
  return `${String(seq).padStart(12, "0")} ${hash}\n`;
}

/** Reads what `formatHead` wrote; undefined for anything else, half a head too. */
export function parseHead(text: string): { readonly seq: number; readonly hash: string } | undefined {
  const found = /^(\d{12}) ([0-9a-f]{64})\n$/.exec(text);
  return found?.[1] !== undefined && found[2] !== undefined
    ? { seq: Number(found[1]), hash: found[2] }
    : undefined;
}

/** Beside `ID.jsonl`: `ID.head`. */
export function headPath(logPath: string): string {
  return logPath.replace(/\.jsonl$/, ".head");
}
