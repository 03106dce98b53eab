import * as v from "valibot";
import { credentialKinds } from "../model/credential-kind.js";

/** Of one file; a dump of thousands is told by its first. */
export const mostOfFile = 200;

/** What one look is to be about: the first line on the looking process's stdin. */
export interface LookJob {
  /** Secret, one session long: never in an argument or a variable, where other processes see it. */
  readonly salt: string;
  /** Looked through one after the other; what each holds is told before the next begins. */
  readonly parts: readonly LookPart[];
  /** Milliseconds for all of it. */
  readonly budget: number;
  /** Globs of files that nobody opens, as a manifest in that folder has them. */
  readonly never: readonly { readonly folder: string; readonly globs: readonly string[] }[];
  /** Absolute folders that are passed over. */
  readonly passed: readonly string[];
  readonly home: string;
}

export interface LookPart {
  /** Absolute folders and files. */
  readonly roots: readonly string[];
  /** Milliseconds since the epoch: only what changed since. */
  readonly since?: number | undefined;
}

/** One file with what was found in it, a line on stdout. Values have become fingerprints. */
export type SeenFile = v.InferOutput<typeof seenFile>;
export type SeenCredential = SeenFile["found"][number];

/** `done`: the last line. Undefined: nothing that such a process says. */
export type Report =
  | { readonly kind: "file"; readonly file: SeenFile }
  | { readonly kind: "done"; readonly complete: boolean };

/** Reads one line of the looking process. It had many files before it, each of them somebody's text: nothing is taken on trust. */
export function readReport(line: string): Report | undefined {
  if (line.length > longestLine) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const done = v.safeParse(doneLine, value);
  if (done.success) return { kind: "done", complete: done.output.complete };
  const file = v.safeParse(seenFile, value);
  return file.success ? { kind: "file", file: file.output } : undefined;
}

export function readJob(line: string): LookJob {
  return v.parse(lookJob, JSON.parse(line));
}

const longestLine = 256 * 1024;

const path = v.pipe(v.string(), v.regex(/^\/[^\0]{0,4095}$/));
const time = v.pipe(v.number(), v.finite());
const fingerprint = v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/));

const seenFile = v.object({
  file: path,
  size: time,
  modified: time,
  changed: time,
  /** How long the values are, in characters: a word of another length is none of them. */
  lengths: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.maxLength(8 * mostOfFile)),
  found: v.pipe(
    v.array(
      v.object({
        line: v.pipe(v.number(), v.integer(), v.minValue(0)),
        key: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z_][\w.-]{0,79}$/))),
        kind: v.picklist(credentialKinds),
        fingerprints: v.pipe(v.array(fingerprint), v.minLength(1), v.maxLength(8)),
      }),
    ),
    v.maxLength(mostOfFile),
  ),
});

const doneLine = v.object({ done: v.literal(true), complete: v.boolean() });

const lookJob = v.object({
  salt: v.string(),
  parts: v.array(v.object({ roots: v.array(path), since: v.optional(time) })),
  budget: v.number(),
  never: v.array(v.object({ folder: path, globs: v.array(v.string()) })),
  passed: v.array(path),
  home: path,
});
