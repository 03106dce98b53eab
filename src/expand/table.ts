import { LayeredMap } from "./layered-map.js";

/** A map that many states may share until one of them writes. */
export interface Table<V> {
  map: ReadonlyMap<string, V>;
  /** The only holder's own map; undefined while it is shared. */
  own: Map<string, V> | LayeredMap<V> | undefined;
}

export function table<V>(): Table<V> {
  return { map: new Map(), own: undefined };
}

/** Both sides copy before they next write. */
export function copyTable<V>(from: Table<V>): Table<V> {
  from.own = undefined;
  return { map: from.map, own: undefined };
}

export function setEntry<V>(into: Table<V>, name: string, value: V): void {
  owned(into).set(name, value);
}

export function deleteEntry<V>(from: Table<V>, name: string): void {
  if (from.map.has(name)) owned(from).delete(name);
}

/** `join` is asked for every name on which the two differ. */
export function mergeTables<V>(
  into: Table<V>,
  other: Table<V>,
  join: (name: string, a: V | undefined, b: V | undefined) => V,
): void {
  if (into.map === other.map) return;
  const names = LayeredMap.namesApart(into.map, other.map);
  for (const name of names) {
    const a = into.map.get(name);
    const b = other.map.get(name);
    if (a === b) continue;
    const joined = join(name, a, b);
    if (joined !== a) setEntry(into, name, joined);
  }
}

function owned<V>(into: Table<V>): Map<string, V> | LayeredMap<V> {
  if (into.own === undefined) {
    into.own = into.map.size < large ? new Map(into.map) : LayeredMap.over(into.map);
    into.map = into.own;
  }
  return into.own;
}

/** Below that a plain copy costs less. */
const large = 32;
