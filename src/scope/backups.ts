import type { BackupWant } from "../model/backup.js";
import type { Effect } from "../model/effect.js";
import { globMatcher } from "../model/glob.js";
import type { Manifest, ScopeBackup } from "../model/scope.js";
import type { Finding } from "./bounds.js";
import { fileName } from "./environments.js";

/** `backups`: what is not deleted without fresh evidence of one. */
export function boundBackup(effect: Effect, manifest: Manifest): Finding | undefined {
  const backup = manifest.backups.find((one) => isFor(one, effect));
  if (backup === undefined) return undefined;
  return {
    bounds: "outside",
    because: `${fileName(manifest)}: a backup no older than ${shownAge(backup.maxAge)} must be shown first (${backup.evidence})`,
  };
}

/** The backups that any of the manifests wants to be shown before this is done. */
export function wantedBackups(effect: Effect, manifests: readonly Manifest[]): readonly BackupWant[] {
  return manifests.flatMap(({ file, folder, backups, isTrusted }) =>
    backups
      .filter((one) => isFor(one, effect))
      .map(({ evidence, maxAge, trusted }) => ({
        ...{ manifest: file, folder, evidence, maxAge },
        trusted: isTrusted ? trusted : undefined,
      })),
  );
}

/** What `for` says nothing of must lose something: nobody needs a backup to list a volume. */
function isFor(backup: ScopeBackup, effect: Effect): boolean {
  if (backup.for["action"] === undefined && !isLoss(effect)) return false;
  const values = new Map<string, unknown>(Object.entries(effect));
  return testsOf(backup).every(([field, isFit]) => {
    const value = values.get(field);
    return value !== undefined && isFit(String(value));
  });
}

function isLoss({ action, recovery }: Effect): boolean {
  return action === "delete" || (action === "modify" && recovery !== "needless");
}

type Test = readonly [field: string, isFit: (value: string) => boolean];
const cache = new WeakMap<ScopeBackup, readonly Test[]>();

function testsOf(backup: ScopeBackup): readonly Test[] {
  const known = cache.get(backup);
  if (known !== undefined) return known;
  const tests = Object.entries(backup.for).map(([field, words]): Test => {
    const glob = globMatcher([...words]);
    return [field, (value) => words.includes(value) || glob(value)];
  });
  cache.set(backup, tests);
  return tests;
}

function shownAge(milliseconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [3_600_000, "h"],
    [60_000, "m"],
    [1_000, "s"],
  ];
  const [size, unit] = units.find(([one]) => milliseconds >= one && milliseconds % one === 0) ?? [1, "ms"];
  return `${milliseconds / size}${unit}`;
}
