import type { Effect } from "../model/effect.js";
import type { Bounds, Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import { boundBackup } from "./backups.js";
import { boundCredentials } from "./credentials.js";
import { boundEnvironment, environmentsOf } from "./environments.js";
import { boundFile } from "./files.js";

/** What one manifest says of one effect; undefined: nothing. */
export interface Finding {
  readonly bounds: Bounds;
  /** A sentence that names the manifest's key. */
  readonly because: string;
}

/**
 * Effects with where they stand: the strictest of all that any manifest says. Same order, same count. `asRead`: the same
 * effects before they were settled.
 */
export function boundEffects(
  effects: readonly Effect[],
  manifests: readonly Manifest[],
  world: World,
  asRead: readonly Effect[] = effects,
): readonly Effect[] {
  if (manifests.length === 0) return effects;
  return effects.map((effect, at) => {
    const findings = manifests.flatMap((manifest) => findingsOf(effect, manifest, world, asRead[at]));
    const worst = findings.toSorted((a, b) => order.indexOf(b.bounds) - order.indexOf(a.bounds))[0];
    if (worst === undefined) return effect;
    const names = manifests.flatMap((manifest) => environmentsOf(effect, manifest)?.names ?? []);
    return {
      ...effect,
      bounds: worst.bounds,
      boundsBecause: worst.because,
      ...(names.length === 0 ? {} : { boundsEnvironments: [...new Set(names)] }),
    };
  });
}

const order: readonly Bounds[] = ["granted", "inside", "outside", "credential", "never"];

function findingsOf(
  effect: Effect,
  manifest: Manifest,
  world: World,
  asRead: Effect | undefined,
): readonly Finding[] {
  return [
    boundFile(effect, manifest, world, asRead),
    boundEnvironment(effect, manifest, world),
    boundCredentials(effect, manifest, world),
    boundBackup(effect, manifest),
  ].filter((finding) => finding !== undefined);
}
