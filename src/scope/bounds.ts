import type { Credential, Effect } from "../model/effect.js";
import type { Bounds, Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import { boundBackup, wantedBackups } from "./backups.js";
import { type CredentialStand, standCredentials, worstStanding } from "./credentials.js";
import { boundEnvironment, environmentsOf } from "./environments.js";
import { boundFile } from "./files.js";

/** What one manifest says of one effect; undefined: nothing. */
export interface Finding {
  readonly bounds: Bounds;
  /** A sentence that names the manifest's key. */
  readonly because: string;
}

/**
 * Effects with where they stand: the strictest of all that any manifest says; and their credentials, too. Same order, same
 * count. `asRead`: the same effects before they were settled.
 */
export function boundEffects(
  effects: readonly Effect[],
  manifests: readonly Manifest[],
  world: World,
  asRead: readonly Effect[] = effects,
): readonly Effect[] {
  if (manifests.length === 0) return effects;
  return effects.map((effect, at) => {
    const stands = manifests.map((manifest) => standCredentials(effect, manifest, world));
    const findings = manifests.flatMap((manifest, of) =>
      findingsOf(effect, manifest, world, { asRead: asRead[at], stands: stands[of] ?? [] }),
    );
    const worst = findings.toSorted((a, b) => order.indexOf(b.bounds) - order.indexOf(a.bounds))[0];
    const credentials = withStanding(effect.credentials, stands);
    if (worst === undefined) return credentials === effect.credentials ? effect : { ...effect, credentials };
    const names = manifests.flatMap((manifest) => environmentsOf(effect, manifest)?.names ?? []);
    const backups = wantedBackups(effect, manifests);
    return {
      ...effect,
      credentials,
      bounds: worst.bounds,
      boundsBecause: worst.because,
      ...(names.length === 0 ? {} : { boundsEnvironments: [...new Set(names)] }),
      ...(backups.length === 0 ? {} : { wantsBackup: backups }),
    };
  });
}

const order: readonly Bounds[] = ["granted", "inside", "outside", "credential", "never"];

interface Known {
  readonly asRead: Effect | undefined;
  readonly stands: readonly CredentialStand[];
}

function findingsOf(
  effect: Effect,
  manifest: Manifest,
  world: World,
  { asRead, stands }: Known,
): readonly Finding[] {
  return [
    boundFile(effect, manifest, world, asRead),
    boundEnvironment(effect, manifest, world),
    ...stands.map(({ finding }) => finding),
    boundBackup(effect, manifest),
  ].filter((finding) => finding !== undefined);
}

/** By all manifests; the same list where none says anything. */
function withStanding(
  credentials: readonly Credential[],
  stands: readonly (readonly CredentialStand[])[],
): readonly Credential[] {
  const standings = credentials.map((_, at) => worstStanding(stands.map((each) => each[at]?.standing)));
  if (standings.every((standing) => standing === undefined)) return credentials;
  return credentials.map((one, at) => {
    const standing = standings[at];
    return standing === undefined ? one : { ...one, standing };
  });
}
