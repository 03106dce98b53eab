import { join, relative } from "node:path/posix";
import { decodeBytes, encodeBytes } from "../model/bytes.js";
import type { GitStanding } from "../model/credential-audit.js";
import type { GitStream } from "../world/git-stream.js";
import { readBlobs, walkHistory } from "./git-history.js";
import type { Sighting } from "./sighting.js";

export interface Standing {
  readonly git: GitStanding;
  readonly commit?: { readonly id: string; readonly time: number };
}

export interface StandingQuestion {
  readonly git: GitStream;
  /** Absolute path of the work tree. */
  readonly top: string;
  /** All of files below it. */
  readonly sightings: readonly Sighting[];
  readonly signal: AbortSignal;
}

export interface Standings {
  readonly of: ReadonlyMap<Sighting, Standing>;
  /** What could not be told, and why. */
  readonly faults: readonly string[];
}

/**
 * Whether git has these values in these files. They are looked for in the contents, here: as an argument of git's own search
 * they would stand in the list of processes.
 */
export async function findStandings(question: StandingQuestion): Promise<Standings> {
  const { git, top, sightings, signal } = question;
  const names = [...new Set(sightings.map((one) => pathIn(top, one)))];
  const staged = await listStaged(question);
  if (!staged.ok) return { of: new Map(), faults: [staged.reason] };
  const [past, ignored] = await Promise.all([
    // An argument is UTF-8 to Node; and a list too long would not fit: then all of it is walked.
    walkHistory({
      git,
      top,
      paths: names.length > 200 || names.some(isBroken) ? undefined : names,
      reflog: false,
      signal,
    }),
    listIgnored(question, names),
  ]);
  const own = new Set(names);
  const files = past.ok ? past.files.filter(({ path }) => own.has(path)) : [];
  const contents = new Map<string, Buffer>();
  const blobs = new Set([
    ...files.map(({ blob }) => blob),
    ...names.flatMap((name) => staged.blobs.get(name) ?? []),
  ]);
  const read = await readBlobs(
    question,
    [...blobs],
    largest,
    (id, content) => void contents.set(id, Buffer.from(content)),
  );
  const standingOf = (one: Sighting): Standing => {
    const name = pathIn(top, one);
    // Settings of the repository itself, with a remote's password perhaps: in no commit.
    if (name.startsWith(".git/")) return { git: "none" };
    const has = (blob: string | undefined) => blob !== undefined && holds(contents.get(blob), one);
    const commits = files.filter(({ path, blob }) => path === name && has(blob)).map(({ commit }) => commit);
    // Of several in one second the first.
    const commit = commits.toReversed().toSorted((a, b) => a.time - b.time)[0];
    const since = commit === undefined ? {} : { commit };
    if (has(staged.blobs.get(name))) return { git: "tracked", ...since };
    if (commit !== undefined) return { git: "history", commit };
    if (!past.ok || !read.ok) return { git: "unknown" };
    return { git: ignored.has(name) ? "ignored" : "untracked" };
  };
  const lost =
    read.ok && read.missing > 0 ? [`${read.missing} contents of a partial clone are not here`] : [];
  return {
    of: new Map(sightings.map((one) => [one, standingOf(one)])),
    faults: [...(past.ok ? [] : [past.reason]), ...(read.ok ? lost : [read.reason])],
  };
}

const largest = 1 << 20;

export function pathIn(top: string, { file = "" }: Sighting): string {
  return relative(top, file);
}

/** A value of several lines may stand there with other ends of lines, or as one line of JSON. */
function holds(content: Buffer | undefined, { value, forms = [] }: Sighting): boolean {
  if (content === undefined) return false;
  if ([value, ...forms].some((text) => content.includes(text))) return true;
  const flat = (text: string) => text.replace(/\\[rn]|\s/g, "");
  return value.includes("\n") && flat(content.toString("utf8")).includes(flat(value));
}

async function listStaged({
  git,
  top,
  signal,
}: StandingQuestion): Promise<
  | { readonly ok: true; readonly blobs: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string }
> {
  const out: Buffer[] = [];
  const listed = await git(
    { cwd: top, workTree: top, args: ["ls-files", "--stage", "-z"], signal },
    (chunk) => out.push(chunk),
  );
  if (!listed.ok) return listed;
  const blobs = Buffer.concat(out)
    .toString("latin1")
    .split("\0")
    .flatMap((entry): readonly (readonly [string, string])[] => {
      const [, id, name] = /^100\d+ ([0-9a-f]+) \d\t(.*)$/s.exec(entry) ?? [];
      return id === undefined || name === undefined ? [] : [[decodeBytes(Buffer.from(name, "latin1")), id]];
    });
  return { ok: true, blobs: new Map(blobs) };
}

async function listIgnored(
  { git, top, signal }: StandingQuestion,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const out: Buffer[] = [];
  await git(
    {
      cwd: top,
      workTree: top,
      args: ["check-ignore", "--no-index", "-z", "--stdin"],
      // The "./" keeps a name like ":(top)x" from being a pattern.
      input: Buffer.concat(names.map((name) => encodeBytes(`./${name}\0`))),
      statuses: [0, 1],
      signal,
    },
    (chunk) => out.push(chunk),
  );
  const found = decodeBytes(Buffer.concat(out)).split("\0");
  return new Set(found.filter((name) => name !== "").map((name) => join(name)));
}

function isBroken(name: string): boolean {
  return /[\ud800-\udfff]/.test(name);
}
