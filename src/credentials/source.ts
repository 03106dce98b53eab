import type { CredentialKind } from "../model/credential-kind.js";
import type { FileKind } from "./file-kind.js";
import type { Landmarks } from "./landmarks.js";

/** A text that is looked through. */
export interface Source {
  readonly text: string;
  /** As `detectCredentials` was given it. */
  readonly path: string;
  readonly file: FileKind;
  readonly landmarks: Landmarks;
}

/** What may be a credential, and where in the text. */
export interface Candidate {
  readonly kind: CredentialKind;
  readonly key: string | undefined;
  readonly value: string;
  /** Of the value, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly forms?: readonly string[];
  readonly target?: string;
  readonly confidence?: "low";
}

export type Finder = (source: Source) => readonly Candidate[];

/** The name that a value at this place is given: `KEY=`, `"key": "`, `key := '`, `<key>`, `('KEY', '`. */
export function nameBefore(text: string, at: number): string | undefined {
  // Cut first: who looks for the line's beginning in a long text does so to its very beginning.
  const near = text.slice(Math.max(0, at - 160), at);
  const before = near.slice(near.lastIndexOf("\n") + 1);
  return /([A-Za-z_][\w.-]{0,80})["'`\])]{0,2}\s{0,8}(?::=|=>|[:=,>])\s{0,8}(?:[\w.]+\s{0,2}=\s{0,2})?(?:(?:Bearer|Basic|token)\s)?["'`]{0,3}$/i.exec(
    before,
  )?.[1];
}

/** The line around a place, at most 400 characters of it. */
export function lineAround(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 300), at);
  const after = text.slice(at, at + 100);
  const end = after.indexOf("\n");
  return before.slice(before.lastIndexOf("\n") + 1) + (end < 0 ? after : after.slice(0, end));
}

/** What a quoted text stands for, its escapes undone as most languages do. */
export function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  const plain: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, one: string = "") =>
    code === undefined ? (plain[one] ?? one) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

export function unescapeMarkup(text: string): string {
  const plain: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => plain[name] ?? whole);
}

/** Text in base64, where it is that and reads as text. */
export function decodeBase64(text: string): string | undefined {
  if (text.length < 4 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const plain = Buffer.from(text, "base64").toString("utf8");
  return plain !== "" && /^[\x20-\x7e\s\u00a0-\ufffc]+$/.test(plain) ? plain : undefined;
}
