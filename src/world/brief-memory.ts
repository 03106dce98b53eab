import type { FileContent, Listing, Stat, World } from "../model/world.js";

/**
 * A world whose looks at the file system are up to `milliseconds` old. For explanations, which gate nothing: what a session
 * decides must see each file as it is.
 */
export function rememberBriefly(world: World, now: () => number, milliseconds: number): World {
  const stats = new Map<string, Stat>();
  const real = new Map<string, string>();
  const listings = new Map<string, Listing>();
  const files = new Map<string, FileContent>();
  let since = now();
  let looks = 0;
  const renew = (): void => {
    looks += 1;
    // The clock is asked now and then: it costs as much as an answer from memory.
    if (looks % 64 !== 0 || now() - since < milliseconds) return;
    since = now();
    for (const memory of [stats, real, listings, files]) memory.clear();
  };
  return {
    ...world,
    lstat(path) {
      renew();
      return remembered(stats, path, world.lstat);
    },
    realpath(path) {
      renew();
      return remembered(real, path, world.realpath);
    },
    readdir(path, cap) {
      renew();
      const known = listings.get(path);
      if (known !== undefined && serves(known, cap)) return known;
      const listing = world.readdir(path, cap);
      listings.set(path, listing);
      return listing;
    },
    readFile(path, cap) {
      renew();
      const known = files.get(path);
      if (known !== undefined && (!known.ok || known.bytes.length <= cap)) return known;
      const content = world.readFile(path, cap);
      if (!content.ok || (content.complete && content.bytes.length <= smallFile)) files.set(path, content);
      return content;
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
