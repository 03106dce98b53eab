import { join } from "node:path";
import { secretValues } from "../audit/redact.js";
import { fingerprintOf } from "../model/fingerprint.js";
import type { Manifest } from "../model/scope.js";
import { formsOf } from "../provenance/forms.js";
import { openProvenance, type SessionProvenance } from "../provenance/provenance.js";
import { storesOf } from "../provenance/stores.js";
import type { readsOf } from "../readers/reach/reads.js";
import { lstat, realpath } from "../world/file-system.js";
import { credentialFiles } from "./manifest-credentials.js";
import type { Places } from "./places.js";

export interface SessionProvenanceOptions {
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly manifests: readonly Manifest[];
  /** Absolute. */
  readonly workspace: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly salt: string;
  /** Absolute folders of holdpoint's own. */
  readonly own: readonly string[];
  readonly readsOf: typeof readsOf;
}

/** What a session looks through for credentials: what its manifests name, the stores of the home, then the workspace. */
export function openSessionProvenance(options: SessionProvenanceOptions): SessionProvenance {
  const { places, env, manifests, workspace, startedAt, salt, own, readsOf } = options;
  const { home } = places;
  const named = manifests.flatMap((manifest) => credentialFiles(manifest, home));
  let variables: ReadonlySet<string> | undefined;
  return openProvenance({
    program: join(places.packageRoot, "dist", "credential-scan.js"),
    job: {
      salt,
      never: manifests.flatMap(({ folder, files }) =>
        files.never.length === 0 ? [] : [{ folder, globs: files.never }],
      ),
      passed: own,
      home,
    },
    roots: [[...named, ...storesOf(home, env)], [workspace]],
    startedAt,
    variables: () => {
      variables ??= new Set(
        secretValues(env).flatMap((value) => formsOf(value).map((form) => fingerprintOf(form, salt))),
      );
      return variables;
    },
    files: { lstat, realpath },
    readsOf,
  });
}
