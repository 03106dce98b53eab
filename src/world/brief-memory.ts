import type { FileContent, Listing, Stat, World } from "../model/world.js";

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
  const files = new Map<string, FileContent>();
  const remembering: World = {
    ...world,
    lstat: (path) => remembered(stats, path, world.lstat),
    realpath: (path) => remembered(real, path, world.realpath),
    readdir(path, cap) {
      const known = listings.get(path);
      if (known !== undefined && serves(known, cap)) return known;
      const listing = world.readdir(path, cap);
      listings.set(path, listing);
      return listing;
    },
    readFile(path, cap) {
      const known = files.get(path);
      if (known !== undefined && (!known.ok || known.bytes.length <= cap)) return known;
      const content = world.readFile(path, cap);
      if (!content.ok || (content.complete && content.bytes.length <= smallFile)) files.set(path, content);
      return content;
    },
  };
  return {
    world: remembering,
    forget() {
      for (const memory of [stats, real, listings, files]) memory.clear();
    },
  };
}

/** Bytes: tables and configurations that every line asks for, not somebody's data. */
const smallFile = 64 * 1024;

/** A walk asks with what is left of its budget: a whole listing answers every question that would hold it. */
function serves(known: Listing, cap: number): boolean {
  if (!known.ok) return true;
  return known.complete ? known.names.length <= cap : known.names.length === cap;
}

function remembered<T>(memory: Map<string, T>, path: string, look: (path: string) => T): T {
  const known = memory.get(path);
  if (known !== undefined) return known;
  const answer = look(path);
  memory.set(path, answer);
  return answer;
}
