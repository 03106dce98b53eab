import type { Call, Inner } from "../model/call.js";
import type { Effect } from "../model/effect.js";
import type { World } from "../model/world.js";

/** What one call does by itself, and what it hands on. */
export interface Reading {
  readonly effects: readonly Effect[];
  readonly inner: readonly Inner[];
  /** The call takes its orders from a stdin that is not known yet; the exec door may fetch it and read once more. */
  readonly wantsStdin: boolean;
}

/** Knows one tool, or one family that shares its options. Pure: it looks through `world`, and runs nothing. */
export interface Reader {
  readonly names: readonly string[];
  read(call: Call, world: World): Reading;
}

/** Every reader by the names that it answers to. */
export type Table = ReadonlyMap<string, Reader>;

/** The call does nothing that rules could mind, and starts nothing. */
export const nothing: Reading = { effects: [], inner: [], wantsStdin: false };

/** A reading of effects alone. */
export function effects(...list: readonly Effect[]): Reading {
  return { effects: list, inner: [], wantsStdin: false };
}

/** A reading of calls and lines that the call starts, and nothing it does by itself. */
export function inner(...list: readonly Inner[]): Reading {
  return { effects: [], inner: list, wantsStdin: false };
}

/** All of several readings, in their order. */
export function join(...readings: readonly Reading[]): Reading {
  const [first, ...more] = readings.filter((reading) => reading !== nothing);
  if (first === undefined || more.length === 0) return first ?? nothing;
  return {
    effects: readings.flatMap((reading) => reading.effects),
    inner: readings.flatMap((reading) => reading.inner),
    wantsStdin: readings.some((reading) => reading.wantsStdin),
  };
}
