import { existsSync } from "node:fs";
import { join, relative } from "node:path/posix";
import type { GitStream } from "../world/git-stream.js";
import { findRepository } from "../world/repository.js";
import { detectCredentials } from "./detect.js";
import { readBlobs, walkHistory } from "./git-history.js";
import { findStandings, type Standing } from "./git-standing.js";
import type { Sighting } from "./sighting.js";

export interface GitQuestion {
  readonly git: GitStream;
  readonly root: string;
  readonly sightings: readonly Sighting[];
  /** All of the history of the root's own repository, too. */
  readonly history: boolean;
  /** Also of what is usually passed by. */
  readonly all: boolean;
  readonly signal: AbortSignal;
  /** How many contents of the history were looked through by now, of how many. */
  readonly onContent: (done: number, of: number) => void;
}

export interface GitAnswer {
  standingOf(one: Sighting): Standing;
  /** What stands in the history alone; found only where that was asked for. */
  readonly past: readonly Sighting[];
  readonly commits: number;
  readonly notes: readonly string[];
  readonly complete: boolean;
}

/** Of each value where git has it, each repository by itself. */
export async function askGit(question: GitQuestion): Promise<GitAnswer> {
  const { git, sightings, signal } = question;
  const groups = new Map<string, Sighting[]>();
  const shallow = new Set<string>();
  for (const one of sightings) {
    const found = one.file === undefined ? undefined : findRepository(one.file);
    if (found === undefined) continue;
    groups.set(found.top, [...(groups.get(found.top) ?? []), one]);
    if (existsSync(join(found.commonDir, "shallow"))) shallow.add(found.top);
  }
  const standings = new Map<Sighting, Standing>();
  const notes: string[] = [...shallow].map(
    (top) => `${top} is a shallow clone: what its commits held before is not here to be looked at.`,
  );
  for (const [top, own] of groups) {
    const { of, faults } = await findStandings({ git, top, sightings: own, signal });
    for (const [one, standing] of of) standings.set(one, standing);
    for (const fault of faults) notes.push(`What git has of ${top} could not be told to the end: ${fault}.`);
  }
  const past = question.history ? await lookBack(question) : nothing;
  const isInRepository = new Set([...groups.values()].flat());
  return {
    standingOf: (one) =>
      one.commit !== undefined
        ? { git: "history", commit: one.commit }
        : (standings.get(one) ?? { git: isInRepository.has(one) ? "unknown" : "none" }),
    past: past.found,
    commits: past.commits,
    notes: [...notes, ...past.notes],
    complete: past.complete && !signal.aborted,
  };
}

interface Past {
  readonly found: readonly Sighting[];
  readonly commits: number;
  readonly notes: readonly string[];
  readonly complete: boolean;
}

const nothing: Past = { found: [], commits: 0, notes: [], complete: true };

async function lookBack({ git, root, all, signal, sightings, onContent }: GitQuestion): Promise<Past> {
  const repository = findRepository(root);
  if (repository === undefined)
    return { ...nothing, notes: [`${root} is in no git repository: there is no history to look through.`] };
  const { top } = repository;
  const below = relative(top, root);
  const walked = await walkHistory({
    git,
    top,
    paths: below === "" ? undefined : [below],
    reflog: true,
    signal,
  });
  const failed = (reason: string): Past => ({
    ...nothing,
    notes: [`The history of ${top} was not looked through to its end: ${reason}.`],
    complete: false,
  });
  if (!walked.ok) return failed(walked.reason);
  const files = new Map(
    walked.files.filter(({ path }) => all || !passedBy.test(path)).map((one) => [one.blob, one]),
  );
  const found: Sighting[] = [];
  let done = 0;
  const read = await readBlobs({ git, top, signal }, [...files.keys()], largest, (id, content) => {
    done += 1;
    if (done % 100 === 0) onContent(done, files.size);
    const file = files.get(id);
    if (file === undefined || content.subarray(0, 8000).includes(0)) return;
    const path = join(top, file.path);
    const text = content.toString("utf8");
    for (const one of detectCredentials(text, relative(root, path)))
      found.push({ ...one, file: path, modified: undefined, around: () => text, commit: file.commit });
  });
  if (!read.ok) return { ...failed(read.reason), found: unseen(found, sightings), commits: walked.commits };
  return { ...nothing, found: unseen(found, sightings), commits: walked.commits };
}

const largest = 1 << 20;
const passedBy =
  /(?:^|\/)(?:node_modules|vendor|dist|build|\.next|__pycache__)\/|\.(?:png|jpe?g|gif|webp|ico|pdf|zip|gz|tgz|woff2?|ttf|mp[34]|so|dylib|exe|wasm|map|min\.js)$/i;

/** Each value once a file, by its oldest commit; not where the same file still has it, which its own standing tells. */
function unseen(found: readonly Sighting[], present: readonly Sighting[]): readonly Sighting[] {
  const keyOf = ({ file, value }: Sighting) => `${file}\0${value}`;
  const known = new Set(present.map(keyOf));
  const oldest = new Map<string, Sighting>();
  for (const one of found) {
    const key = keyOf(one);
    const before = oldest.get(key);
    if (known.has(key)) continue;
    if (before === undefined || (one.commit?.time ?? 0) < (before.commit?.time ?? 0)) oldest.set(key, one);
  }
  return [...oldest.values()];
}
