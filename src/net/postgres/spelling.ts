/** Why a server with these settings may make another text of the same bytes than the judge; undefined: it does not. */
export function readsOtherwise(settings: ReadonlyMap<string, string>): string | undefined {
  if (settings.get("standard_conforming_strings") === "off") return "quotes are read in another way there";
  const encoding = settings.get("client_encoding") ?? "UTF8";
  return unsafeEncodings.has(encoding) ? `it is written in ${encoding}` : undefined;
}

/** Statements that may change such a setting, by name or by taking a change back. */
export const changesReading = /encoding|conforming|\bnames\b|set_config|\breset\b|discard|rollback/i;

/**
 * Those in which the second byte of a letter may be a backslash: `E'\x81\'; DROP TABLE t; --'` is one string to who reads bytes, and
 * ends after the letter to the server. PostgreSQL's manual, "Character Set Support".
 */
const unsafeEncodings: ReadonlySet<string> = new Set([
  "BIG5",
  "GB18030",
  "GBK",
  "JOHAB",
  "SJIS",
  "SHIFT_JIS_2004",
  "UHC",
]);
