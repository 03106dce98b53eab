import type { Listing, Stat, World } from "../model/world.js";

/**
 * A world whose looks at the file system are up to `milliseconds` old. For explanations, which gate nothing: what a session
 * decides must see each file as it is.
 */
export function rememberBriefly(world: World, now: () => number, milliseconds: number): World {
  const stats = new Map<string, Stat>();
  const real = new Map<string, string>();
  const listings = new Map<string, { readonly cap: number; readonly listing: Listing }>();
  let since = now();
  let looks = 0;
  const renew = (): void => {
    looks += 1;
    // The clock is asked now and then: it costs as much as an answer from memory.
    if (looks % 64 !== 0 || now() - since < milliseconds) return;
    since = now();
    for (const memory of [stats, real, listings]) memory.clear();
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
      if (known?.cap === cap) return known.listing;
      const listing = world.readdir(path, cap);
      listings.set(path, { cap, listing });
      return listing;
    },
  };
}

function remembered<T>(memory: Map<string, T>, path: string, look: (path: string) => T): T {
  const known = memory.get(path);
  if (known !== undefined) return known;
  const answer = look(path);
  memory.set(path, answer);
  return answer;
}
