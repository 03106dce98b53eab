import { dirname, join, resolve } from "node:path";
import type { Manifest } from "../model/scope.js";
import { lstat, realpath } from "../world/file-system.js";
import { type Loaded, loadKnowledge, UsageError } from "./knowledge.js";
import { readOwnText } from "./own-text.js";
import type { Places } from "./places.js";

export interface ManifestSearch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One more, that `--scope` names. */
  readonly named: string | undefined;
}

/** A manifest that holds. */
export interface Held {
  readonly manifest: Manifest;
  /** `remembered`: it was trusted there last, and the file is another now, or gone. */
  readonly from: "file" | "remembered";
}

/** What the judge is made of, with the manifests of a place. Throws UsageError when any of it cannot be used. */
export async function loadScoped(
  places: Places,
  configPath: string | undefined,
  search: ManifestSearch,
): Promise<Loaded> {
  const [loaded, held] = await Promise.all([
    loadKnowledge(places, configPath),
    holdManifests(search, places),
  ]);
  const manifests = held.map(({ manifest }) => manifest);
  return manifests.length === 0 ? loaded : { ...loaded, policy: { ...loaded.policy, manifests } };
}

/** Each `holdpoint.yaml` of this folder and those above it, and the one that was named. Throws UsageError when one cannot be used. */
export async function holdManifests(search: ManifestSearch, { home }: Places): Promise<readonly Held[]> {
  const files = search.named === undefined ? [] : [resolve(search.named)];
  for (let folder = realpath(search.cwd); ; folder = dirname(folder)) {
    const file = join(folder, "holdpoint.yaml");
    if (lstat(file).exists && !files.includes(file)) files.push(file);
    if (folder === realpath(home) || folder === "/") break;
  }
  if (files.length === 0) return [];
  const { parseManifest } = await import("../scope/manifest.js");
  const problems: string[] = [];
  const held = files.flatMap((file): readonly Held[] => {
    const read = readOwnText(file);
    const parsed = read.ok
      ? parseManifest(read.text, file, { home, realpath })
      : ({ ok: false, problems: [`${file}: ${read.reason}`] } as const);
    if (parsed.ok) return [{ manifest: parsed.manifest, from: "file" }];
    problems.push(...parsed.problems);
    return [];
  });
  if (problems.length > 0) throw new UsageError(problems);
  return held;
}
