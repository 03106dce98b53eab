import type { Label } from "../model/rule.js";
import type { Manifest } from "../model/scope.js";
import { LateJudge } from "./late-judge.js";
import { findManifests, type Held, type ManifestSearch } from "./manifests.js";
import type { Places } from "./places.js";
import { type Settings, withoutConfig } from "./settings.js";
import { readConfig, readStored } from "./stored-knowledge.js";

/** What a session knows before its command starts. */
export interface SessionKnowledge extends Settings {
  /** Names that get shims. */
  readonly shimmed: ReadonlySet<string>;
  readonly held: readonly Held[];
  readonly manifests: readonly Manifest[];
  /** Of the user's config. */
  readonly labels: readonly Label[];
  readonly judge: LateJudge;
}

/** Rejects with UsageError when the config or a manifest cannot be used. */
export async function loadSession(
  places: Places,
  configPath: string | undefined,
  search: ManifestSearch,
): Promise<SessionKnowledge> {
  const [start, held] = await Promise.all([loadStart(places, configPath), findManifests(search, places)]);
  const manifests = held.map(({ manifest }) => manifest);
  const { settings, shimmed, labels, judgeWith } = start;
  return { ...settings, shimmed, labels, held, manifests, judge: judgeWith(manifests) };
}

interface Start {
  readonly settings: Settings;
  readonly shimmed: ReadonlySet<string>;
  readonly labels: readonly Label[];
  readonly judgeWith: (manifests: readonly Manifest[]) => LateJudge;
}

/** A config is checked with its examples, before anything starts: that takes the judge. */
async function loadStart(places: Places, configPath: string | undefined): Promise<Start> {
  if (readConfig(places, configPath) === undefined) {
    const stored = readStored(places);
    return {
      settings: withoutConfig,
      shimmed: new Set(stored.shimmed),
      labels: [],
      judgeWith: (manifests) =>
        new LateJudge(async () => {
          const { judgeBuiltin } = await import("./session-judge.js");
          return judgeBuiltin(stored, manifests, places);
        }),
    };
  }
  const { loadConfigured } = await import("./session-judge.js");
  const { loaded, judging } = await loadConfigured(places, configPath);
  const { files, timeout, approve, notify, alerts, trash, net, sandbox } = loaded;
  return {
    settings: { files, timeout, approve, notify, alerts, trash, net, sandbox },
    shimmed: loaded.shimmed,
    labels: loaded.policy.labels,
    judgeWith: (manifests) => new LateJudge(async () => judging(manifests)),
  };
}
