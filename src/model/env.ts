import type { Arg } from "./arg.js";

/** The environment a call would get: a chain of layers, the nearest first. */
export interface Env {
  readonly layer: ReadonlyMap<string, Arg | undefined>;
  readonly outer: Env | undefined;
}

/** Variables laid over an environment; a value of `undefined` unsets one. */
export function envFrom(entries: Iterable<readonly [string, Arg | undefined]>, outer?: Env): Env {
  return { layer: new Map(entries), outer };
}

/** The value of a variable; `undefined` is "not set", also after `unset` or `env -u` put that into a nearer layer. */
export function envGet(env: Env, name: string): Arg | undefined {
  for (let at: Env | undefined = env; at !== undefined; at = at.outer) {
    if (at.layer.has(name)) return at.layer.get(name);
  }
  return undefined;
}

/** No variable is set. */
export const emptyEnv: Env = { layer: new Map(), outer: undefined };
