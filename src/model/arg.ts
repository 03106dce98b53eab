/**
 * One word after expansion. Known words are plain strings; bytes that are not UTF-8 stand in them as lone surrogates
 * (see bytes.ts), so that no argument is ever unreadable. A word that cannot be foreseen says why.
 */
export type Arg = string | Unknown;

/** A value that exists only at run time. Never an empty string, never a guess. */
export interface Unknown {
  /** The part as written, for people: `$DIR/build`. */
  readonly source: string;
  /** Lower case, no full stop: `variable "DIR" is not set here`. */
  readonly reason: string;
  /** What is known to stand in front of the unknown part, else "". `/srv/$X` has the prefix `/srv/`. */
  readonly prefix: string;
  /** True when the word may become no word or several (an unquoted expansion, `"$@"`). */
  readonly splits: boolean;
}

export function isKnown(arg: Arg): arg is string {
  return typeof arg === "string";
}

export function unknown(source: string, reason: string, prefix = "", splits = false): Unknown {
  return { source, reason, prefix, splits };
}

/** The words that are known, for a caller that has looked at the unknown ones already. */
export function showArg(arg: Arg): string {
  return isKnown(arg) ? arg : arg.source;
}
