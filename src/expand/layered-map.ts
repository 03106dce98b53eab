/**
 * A large map that nobody changes any more, and what was set or deleted since: a line that writes thousands of files is copied
 * for each of its calls, which would else cost the square of them. The order is that of a plain map, but for what was set anew.
 */
export class LayeredMap<V> implements ReadonlyMap<string, V> {
  readonly #base: ReadonlyMap<string, V>;
  /** `gone`: deleted from the base. */
  readonly #over: Map<string, V | typeof gone>;
  #size: number;

  private constructor(base: ReadonlyMap<string, V>, over: Map<string, V | typeof gone>, size: number) {
    this.#base = base;
    this.#over = over;
    this.#size = size;
  }

  /** A copy that may be written to. */
  static over<T>(map: ReadonlyMap<string, T>): LayeredMap<T> {
    if (!(map instanceof LayeredMap)) return new LayeredMap(map, new Map(), map.size);
    const layered: LayeredMap<T> = map;
    return layered.#over.size > most
      ? new LayeredMap(new Map(layered), new Map(), layered.size)
      : new LayeredMap(layered.#base, new Map(layered.#over), layered.size);
  }

  /** The names on which two maps may differ. */
  static namesApart<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): ReadonlySet<string> {
    if (one instanceof LayeredMap && other instanceof LayeredMap) {
      const [a, b]: readonly [LayeredMap<T>, LayeredMap<T>] = [one, other];
      if (a.#base === b.#base) return new Set([...a.#over.keys(), ...b.#over.keys()]);
    }
    return new Set([...one.keys(), ...other.keys()]);
  }

  get size(): number {
    return this.#size;
  }

  get(name: string): V | undefined {
    const found = this.#over.get(name);
    if (found !== undefined) return found === gone ? undefined : found;
    return this.#base.get(name);
  }

  has(name: string): boolean {
    const found = this.#over.get(name);
    return found === undefined ? this.#base.has(name) : found !== gone;
  }

  set(name: string, value: V): void {
    if (!this.has(name)) this.#size += 1;
    this.#over.set(name, value);
  }

  delete(name: string): void {
    if (!this.has(name)) return;
    this.#size -= 1;
    this.#over.set(name, gone);
  }

  *entries(): MapIterator<[string, V]> {
    for (const entry of this.#base) if (!this.#over.has(entry[0])) yield entry;
    for (const [name, value] of this.#over) if (value !== gone) yield [name, value];
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  /** What is nearly always asked for: generators cost many times more. */
  forEach(call: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    this.#base.forEach((value, name) => {
      if (!this.#over.has(name)) call(value, name, this);
    });
    this.#over.forEach((value, name) => {
      if (value !== gone) call(value, name, this);
    });
  }
}

const gone: unique symbol = Symbol("gone");

/** Entries over the base, after which the two become one. */
const most = 64;
