import type { Credential, Effect } from "../model/effect.js";
import type { World } from "../model/world.js";

/** The effect, its credentials with the places that they were found in. What changes something waits until all is looked through. */
export function withPlaces(effect: Effect, world: World): Effect {
  const { provenance } = world;
  if (provenance === undefined || effect.credentials.length === 0) return effect;
  const credentials = effect.credentials.map((one) => placed(one, effect, provenance));
  return { ...effect, credentials };
}

function placed(one: Credential, effect: Effect, provenance: NonNullable<World["provenance"]>): Credential {
  const path = /^file:(\/.*?)(?::\d+)?$/s.exec(one.from)?.[1];
  const places =
    one.fingerprint === ""
      ? provenance.keptIn(path ?? "")
      : provenance.placesOf(one.fingerprint, effect.action !== "read");
  return places === "loading" || places.length === 0 ? one : { ...one, places };
}
