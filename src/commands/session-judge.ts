import { createJudge, type Judge } from "../judge.js";
import type { Manifest } from "../model/scope.js";
import { readsOf } from "../readers/reach/reads.js";
import { type Loaded, loadBuiltin, loadKnowledge } from "./knowledge.js";
import type { Places } from "./places.js";
import type { Stored } from "./stored-knowledge.js";

// Readers, rules and what they are read with are most of the program. Nothing of it is needed to start a command.

/** What a session judges with. */
export interface Judging {
  readonly judge: Judge;
  readonly readsOf: typeof readsOf;
}

/** Where there is no config: the built-in rules alone, as they were when the session began. */
export function judgeBuiltin(stored: Stored, manifests: readonly Manifest[], places: Places): Judging {
  return toJudging(loadBuiltin(places, stored), manifests);
}

/** With the user's config. Throws UsageError when it cannot be used. */
export async function loadConfigured(
  places: Places,
  configPath: string | undefined,
): Promise<{ readonly loaded: Loaded; readonly judging: (manifests: readonly Manifest[]) => Judging }> {
  const loaded = await loadKnowledge(places, configPath);
  return { loaded, judging: (manifests) => toJudging(loaded, manifests) };
}

function toJudging({ policy, table }: Loaded, manifests: readonly Manifest[]): Judging {
  return { judge: createJudge({ ...policy, manifests }, table), readsOf };
}
