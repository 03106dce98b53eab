import type { AuditedCredential, AuditedPlace, CredentialAudit } from "../model/credential-audit.js";
import type { ProposedCredential } from "../proposal/finding.js";
import { credentialLines } from "../proposal/text.js";
import { type Looked, shownPath } from "./credentials-page.js";

/** The `credentials` key of a manifest that names what was found, each with its environment where one is known. */
export function manifestLines({ credentials }: CredentialAudit, looked: Looked): readonly string[] {
  const open = credentials.filter(({ named }) => named.length === 0);
  const known = new Set(open.flatMap(({ environments }) => environments));
  return credentialLines(
    open.flatMap((one) => proposals(one, looked)),
    [...known],
  );
}

/** Of several places each: a copy that is taken away does not take the name along. What only git's history has is not named. */
function proposals(one: AuditedCredential, looked: Looked): readonly ProposedCredential[] {
  const present = one.places.filter(({ git }) => git !== "history");
  return present.flatMap((place) => {
    const from = sourceOf(place, looked);
    if (from === undefined) return [];
    // Of several the person is to choose.
    const environment = one.environments.length === 1 ? one.environments[0] : undefined;
    return [{ name: nameOf(place, looked), from, origin: originOf(one), environment }];
  });
}

function sourceOf({ file, key }: AuditedPlace, { root, home }: Looked): string | undefined {
  if (file === undefined) return key === undefined ? undefined : `env:${key}`;
  const path = shownPath(file, root, home);
  return `file:${path}${key !== undefined && /^[\w.-]+$/.test(key) ? `#${key}` : ""}`;
}

function nameOf({ file, line, key }: AuditedPlace, { root, home }: Looked): string {
  if (file === undefined) return key ?? "?";
  const path = shownPath(file, root, home);
  return key === undefined ? `${path}:${line}` : `${key} in ${path}`;
}

function originOf({ environments, guess, severity, reach }: AuditedCredential): string {
  const where = environments.length > 1 ? `; ${environments.join(" and ")}` : "";
  const maybe = environments.length === 0 && guess !== undefined ? `; by its name ${guess.environment}` : "";
  return `${severity}; ${reach.words}${where}${maybe}`;
}
