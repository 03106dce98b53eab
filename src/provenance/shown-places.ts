import type { CredentialPlace } from "../model/effect.js";
import type { IndexedPlace, PlaceIndex } from "./place-index.js";
import type { ReadTimes } from "./read-times.js";

/** Places as a card shows them. What was there before the session comes first: a copy is not where it came from. Then what was read. */
export function showPlaces(
  places: readonly IndexedPlace[],
  readTimes: ReadTimes,
): readonly CredentialPlace[] {
  return places
    .map((place): CredentialPlace => {
      const readAt = readTimes.of(place.file);
      return readAt === undefined ? place : { ...place, readAt };
    })
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, mostShown);
}

/** The same of each credential that a file holds, with the places in the file itself before its copies elsewhere. */
export function showKept(file: string, index: PlaceIndex, readTimes: ReadTimes): readonly CredentialPlace[] {
  const places = index.fingerprintsIn(file).flatMap((print) => index.find(print));
  const all = new Map(places.map((one) => [`${one.file}\0${one.line}`, one]));
  const ownFirst = [...all.values()].sort((a, b) => Number(b.file === file) - Number(a.file === file));
  return showPlaces(ownFirst, readTimes);
}

/** On one card a few tell all. */
const mostShown = 20;

function rank({ change, readAt }: CredentialPlace): number {
  return (change === "new" ? 2 : 0) + (readAt === undefined ? 1 : 0);
}
