import { type Loaded, loadKnowledge } from "./knowledge.js";
import { findManifests, type Held, type ManifestSearch } from "./manifests.js";
import type { Places } from "./places.js";

/** What the judge is made of, and the manifests in its policy with where each comes from. */
export interface Scoped extends Loaded {
  readonly held: readonly Held[];
}

/** What the judge is made of, with the manifests of a place. Throws UsageError when any of it cannot be used. */
export async function loadScoped(
  places: Places,
  configPath: string | undefined,
  search: ManifestSearch,
): Promise<Scoped> {
  return loadHolding(places, configPath, findManifests(search, places));
}

/** The same with manifests that were found in another way. */
export async function loadHolding(
  places: Places,
  configPath: string | undefined,
  finding: Promise<readonly Held[]>,
): Promise<Scoped> {
  const [loaded, held] = await Promise.all([loadKnowledge(places, configPath), finding]);
  if (held.length === 0) return { ...loaded, held };
  const manifests = held.map(({ manifest }) => manifest);
  return { ...loaded, policy: { ...loaded.policy, manifests }, held };
}
