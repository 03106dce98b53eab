import type { Manifest } from "../model/scope.js";
import { type Loaded, loadKnowledge } from "./knowledge.js";
import type { Places } from "./places.js";

export interface ManifestSearch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One more, that `--scope` names. */
  readonly named: string | undefined;
}

/** What the judge is made of, with the manifests of a place. Throws UsageError when any of it cannot be used. */
export async function loadScoped(
  places: Places,
  configPath: string | undefined,
  search: ManifestSearch,
): Promise<Loaded> {
  const [loaded, manifests] = await Promise.all([
    loadKnowledge(places, configPath),
    loadManifests(search, places),
  ]);
  return manifests.length === 0 ? loaded : { ...loaded, policy: { ...loaded.policy, manifests } };
}

/**
 * The manifests that hold for work begun here: each `holdpoint.yaml` of this folder and those above it, what was trusted there last, and
 * the one that was named. Throws UsageError when one cannot be used.
 */
async function loadManifests(_search: ManifestSearch, _places: Places): Promise<readonly Manifest[]> {
  return [];
}
