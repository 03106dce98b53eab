import type { Credential, CredentialPlace, Effect } from "../model/effect.js";
import type { Provenance, World } from "../model/world.js";

/** The effect, its credentials with the places that they were found in. What changes something waits until all is looked through. */
export function withPlaces(effect: Effect, world: World): Effect {
  const { provenance } = world;
  if (provenance === undefined || effect.credentials.length === 0) return effect;
  const credentials = effect.credentials.map((one) => placed(one, effect, provenance, world));
  return { ...effect, credentials };
}

function placed(one: Credential, effect: Effect, provenance: Provenance, world: World): Credential {
  const waits = effect.action !== "read";
  const found =
    one.fingerprint === ""
      ? placesIn(one.from, provenance, world, waits)
      : provenance.placesOf(one.fingerprint, waits);
  const places = found === "loading" ? [] : found;
  const isUnsearched = waits && (found === "loading" || provenance.isComplete?.() === false);
  return {
    ...one,
    ...(places.length === 0 ? {} : { places }),
    ...(isUnsearched ? { unsearched: true as const } : {}),
  };
}

/** `file:/w/.env#TOKEN`: what the file calls so; `file:/w/.env`, all that it keeps. */
function placesIn(
  from: string,
  provenance: Provenance,
  world: World,
  waits: boolean,
): readonly CredentialPlace[] | "loading" {
  const [, path, key] = /^file:(\/.*?)(?:#([\w.-]+)|:\d+)?$/s.exec(from) ?? [];
  if (path === undefined) return [];
  const all = provenance.keptIn(world.realpath(path), waits);
  return key === undefined || all === "loading" ? all : all.filter((place) => place.key === key);
}
