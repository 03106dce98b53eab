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
  /** What is known of the unknown part all the same. Left out: nothing. */
  readonly shape?: Shape;
  /** What is known to stand behind the unknown part; left out, or "", for nothing. Only beside a shape. */
  readonly ending?: string;
  /** What the unknown part is known as (`World.fingerprint`), where it is a secret that was foreseen and is kept back. */
  readonly print?: string;
  /** Of a file's content: what it is where the line wrote it; where it did not, there is what the disk has. */
  readonly perhaps?: string;
}

/**
 * What a value that exists only at run time is like, as a path.
 * `fresh`: it names what did not exist before (mktemp). `name`: no slash in it. `relative`: no `..` and no slash in front.
 * `path`: no `..`, so that it stays below the directory part of what stands in front of it.
 * `climbing`: a `..` stands behind it, so that what stands in front says nothing about where it leads.
 */
export type Shape = "fresh" | "name" | "relative" | "path" | "climbing";

/** Reasons of values that are somebody else's text, or hide what they say. */
export const fromNetwork = "comes from the network";

/** `base64 -d`, `gunzip`, `xxd -r`: what it says was not to be seen. */
export const fromEncoding = "comes out of an encoding";
/** `curl --help`: not known word by word, and harmless. */
export const fromItself = "is what a program says of itself";

/** Whether a reason says so, at whatever remove. */
export function isForeign(reason: string): boolean {
  return reason.includes(fromNetwork) || reason.includes(fromEncoding);
}

/** Where a value comes from, as its reason tells it. */
export interface Origin {
  /** Absolute. */
  readonly file: string;
  /** What the file calls it, where the command that took it says so: `RAILWAY_TOKEN`. */
  readonly key?: string;
  /**
   * The file is known for its secrets, so that sending what it says is asked about. Else it only holds a credential among
   * other things, which tells where one comes from, and no more.
   */
  readonly isSecret: boolean;
}

/** The reason of a value that says what a file of secrets holds, or what a filter made of it. */
export function fromSecret(file: string): string {
  return fromOrigin({ file, isSecret: true });
}

/** The reason of a value that comes from a file of credentials or secrets: `originsOf` reads it back. */
export function fromOrigin({ file, key, isSecret }: Origin): string {
  return `${isSecret ? secretMark : keptMark}${JSON.stringify(file)}${key === undefined ? "" : ` (${key})`}`;
}

/** The files of secrets that a reason tells of. */
export function secretsOf(reason: string): readonly string[] {
  if (!reason.includes(secretMark)) return [];
  return [...new Set(originsOf(reason).flatMap(({ file, isSecret }) => (isSecret ? [file] : [])))];
}

/** All that a reason tells of where its value comes from; a file that is named with a key is not named without. */
export function originsOf(reason: string): readonly Origin[] {
  if (!reason.includes(secretMark) && !reason.includes(keptMark)) return [];
  const found = new Map<string, Origin>();
  for (const [, kind = "", path = "", key] of reason.matchAll(marks)) {
    const file = path.slice(1, -1).replace(/\\(["\\])/g, "$1");
    const isSecret = secretMark.endsWith(kind);
    found.set(`${file}\u0000${key ?? ""}`, { file, isSecret, ...(key === undefined ? {} : { key }) });
  }
  const all = [...found.values()];
  const keyed = new Set(all.flatMap(({ file, key }) => (key === undefined ? [] : [file])));
  return all.filter(({ file, key }) => key !== undefined || !keyed.has(file));
}

/** One reason that tells of the origins of both. */
export function joinReasons(reason: string, other: string): string {
  const more = originsOf(other)
    .map(fromOrigin)
    .filter((mark) => !reason.includes(mark));
  return more.length === 0 || reason.length > 2_000 ? reason : [reason, ...more].join(", ");
}

/** What a reason tells of files, for values that somebody may have put together of it: no longer as secrets. */
export function keptOnly(reason: string): string {
  return originsOf(reason)
    .map((one) => fromOrigin({ ...one, isSecret: false }))
    .join(", ");
}

/** `export $(cat .env | xargs)`: of all that the file keeps, a variable is what has its name. */
export function withKey(reason: string, key: string): string {
  return reason.includes(keptMark)
    ? reason.replace(marks, (mark, _kind, _file, own) => (own === undefined ? `${mark} (${key})` : mark))
    : reason;
}

/** Whether the reason only tells in which file a value lies that is known all the same. */
export function isHarmless(reason: string): boolean {
  return !reason.includes(secretMark) && /^[\s,]*$/.test(reason.replaceAll(marks, ""));
}

const secretMark = "comes from the secret ";
const keptMark = "comes from the credentials in ";
const marks = /comes from the (secret |credentials in )("(?:\\.|[^"\\])*")(?: \(([\w.-]+)\))?/g;

/** Whether the word is known to the letter. */
export function isKnown(arg: Arg): arg is string {
  return typeof arg === "string";
}

/** A word that cannot be foreseen: its text in the line, why, what it is known to begin with, and whether it may become no word or several. */
export function unknown(source: string, reason: string, prefix = "", splits = false): Unknown {
  return { source, reason, prefix, splits };
}

/** A relative path in a directory that is not known; of its shape still, as long as it does not climb. */
export function belowUnknown(folder: Unknown, path: string, reason: string): Unknown {
  const { shape, prefix, ending = "" } = folder;
  const plain = unknown(path, reason);
  if (/(^|\/)\.\.(\/|$)/.test(path) || shape === "climbing") return { ...plain, shape: "climbing" };
  if (shape === undefined) return plain;
  return { ...plain, prefix, shape, ending: `${ending}/${path}` };
}

/** Whether two words say the same as far as either is known. */
export function isSameArg(a: Arg, b: Arg): boolean {
  if (isKnown(a) || isKnown(b)) return a === b;
  return a === b || (a.prefix === b.prefix && a.shape === b.shape && (a.ending ?? "") === (b.ending ?? ""));
}

/** A shell variable that nothing sets: what only make or parallel can know must not read as nothing (`rm -rf $(OUT)/*`). */
export const unforeseenName = "__hp_made";

/** A word for people: what stands there under that name nobody wrote so. */
export function asWritten(text: string): string {
  return text.includes(unforeseenName) ? text.replace(/\$\{?__hp_made\w*\}?/g, "…") : text;
}

/** The words that are known, for a caller that has looked at the unknown ones already. */
export function showArg(arg: Arg): string {
  return isKnown(arg) ? arg : arg.source;
}
