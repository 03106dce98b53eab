import type {
  Entries,
  FileContent,
  GitView,
  Listing,
  Stat,
  TrashFit,
  TrashView,
  World,
} from "../model/world.js";

/** Looks at the file system that were had before, until they are forgotten. */
export interface BriefMemory {
  readonly world: World;
  forget(): void;
}

/**
 * A world that looks at each thing once. For explanations, which gate nothing: what a session decides must see each file
 * as it is.
 */
export function rememberBriefly(world: World): BriefMemory {
  const stats = new Map<string, Stat>();
  const real = new Map<string, string>();
  const listings = new Map<string, Listing>();
  const folders = new Map<string, { readonly listing: Listing; readonly entries: Entries }>();
  const files = new Map<string, FileContent>();
  const fits = new Map<string, TrashFit>();
  const git = rememberGit(world.git);
  const remembering: World = {
    ...world,
    lstat: (path) => remembered(stats, path, world.lstat),
    realpath: (path) => remembered(real, path, world.realpath),
    readdir(path, cap) {
      const known = listings.get(path);
      const part = known === undefined ? undefined : firstOf(known, cap);
      if (part !== undefined) return part;
      const listing = world.readdir(path, cap);
      listings.set(path, listing);
      return listing;
    },
    entries(path, cap) {
      const listing = remembering.readdir(path, cap);
      const known = folders.get(path);
      if (known?.listing === listing) return known.entries;
      const entries = entriesOf(path, listing, remembering);
      folders.set(path, { listing, entries });
      return entries;
    },
    readFile(path, cap) {
      const known = files.get(path);
      const part = known === undefined ? undefined : startOf(known, cap);
      if (part !== undefined) return part;
      const content = world.readFile(path, cap);
      if (!content.ok || content.bytes.length <= smallFile) files.set(path, content);
      return content;
    },
    git: git.view,
    ...(world.trash === undefined ? {} : { trash: rememberFits(world.trash, fits) }),
  };
  return {
    world: remembering,
    forget() {
      for (const memory of [stats, real, listings, folders, files, fits]) memory.clear();
      git.forget();
    },
  };
}

/** Bytes: tables and configurations that every line asks for, not somebody's data. */
const smallFile = 64 * 1024;

/** A walk asks with what is left of its budget: whoever knows more of a folder than that, knows its first names too. */
function firstOf(known: Listing, cap: number): Listing | undefined {
  if (!known.ok) return known;
  if (known.names.length > cap) return { ok: true, names: known.names.slice(0, cap), complete: false };
  return known.complete || known.names.length === cap ? known : undefined;
}

/** Whether a file can be read at all is asked with a cap of one byte. */
function startOf(known: FileContent, cap: number): FileContent | undefined {
  if (!known.ok) return known;
  if (known.bytes.length > cap) return { ok: true, bytes: known.bytes.subarray(0, cap), complete: false };
  return known.complete || known.bytes.length === cap ? known : undefined;
}

/** What is not listed to its end is no list of what lies there: nobody needs to look at each. */
function entriesOf(path: string, listing: Listing, world: World): Entries {
  if (!listing.ok) return listing;
  if (!listing.complete) return { ok: true, entries: [], complete: false };
  const folder = path.endsWith("/") ? path : `${path}/`;
  const entries = listing.names.map((name) => {
    const below = folder + name;
    return { name, path: below, stat: world.lstat(below) };
  });
  return { ok: true, entries, complete: true };
}

/**
 * Each answer looks at `.git`, its HEAD and its index, and `rm -rf *` asks for each file three times. Not remembered: questions that
 * start git, which are few, and whether a change is the session's own, whose answer may still be on its way.
 */
function rememberGit(git: GitView): { readonly view: GitView; readonly forget: () => void } {
  const repositories = new Map<string, { readonly found: ReturnType<GitView["repository"]> }>();
  const tracked = new Map<string, ReturnType<GitView["tracked"]>>();
  const ignored = new Map<string, boolean>();
  return {
    view: {
      ...git,
      repository: (path) => remembered(repositories, path, () => ({ found: git.repository(path) })).found,
      tracked: (top, relative) =>
        remembered(tracked, `${top}\0${relative}`, () => git.tracked(top, relative)),
      ignoredSinceStart: (top, relative, isDirectory) =>
        remembered(ignored, `${isDirectory} ${top}\0${relative}`, () =>
          git.ignoredSinceStart(top, relative, isDirectory),
        ),
    },
    forget() {
      for (const memory of [repositories, tracked, ignored]) memory.clear();
    },
  };
}

/** Each look reads the table of mounts, and walks the tree. */
function rememberFits(trash: TrashView, fits: Map<string, TrashFit>): TrashView {
  return {
    takes: (path, prompts) =>
      remembered(fits, `${prompts ? "asks" : ""} ${path}`, () => trash.takes(path, prompts)),
  };
}

function remembered<T>(memory: Map<string, T>, path: string, look: (path: string) => T): T {
  const known = memory.get(path);
  if (known !== undefined) return known;
  const answer = look(path);
  memory.set(path, answer);
  return answer;
}
