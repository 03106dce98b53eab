/** Why a record could not be written, and what a person can do about it. The caller that reads it was denied. */
export function failedWrite(path: string, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const remedy = remedies.get(code) ?? "A person has to mend that; then the next call goes on by itself.";
  return new Error(`cannot write the audit log "${path}", without which nothing is run. ${remedy}`, {
    cause,
  });
}

const remedies: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "Its disk is full: a person has to free some space; then the next call goes on by itself."],
  [
    "EDQUOT",
    "Its owner's disk quota is used up: a person has to free some; then the next call goes on by itself.",
  ],
  [
    "EROFS",
    "Its file system has become read-only: a person has to mount it writable; then the next call goes on by itself.",
  ],
  ["EIO", "Its disk fails: a person has to look at it, and end this session."],
]);

/** Said once, when a record was written again. */
export function mendedWords(refused: number): string {
  const records = refused === 1 ? "1 record was" : `${refused} records were`;
  return `the audit log can be written again; before, ${records} refused, and what they were to gate was denied`;
}
