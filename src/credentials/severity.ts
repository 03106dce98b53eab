import type { AuditedPlace, Belonging, OnlineReach, Reach, Severity } from "../model/credential-audit.js";

/**
 * High: in git, whose clones have it for good; or within reach and for production or for a whole account. Low: what does nothing that
 * matters, only reads, or lies where the manifest lets nobody read. Medium: the rest.
 */
export function severityOf(
  places: readonly AuditedPlace[],
  reach: Reach,
  belonging: Belonging,
  online: OnlineReach | undefined,
): Severity {
  if (online?.kind === "dead") return "low";
  const isInGit = places.some(({ git }) => git === "tracked" || git === "history");
  if (reach.width === "nothing") return "low";
  if (reach.width === "read" && !belonging.isProduction) return "low";
  if (isInGit) return "high";
  if (places.every(({ isForbidden }) => isForbidden)) return "low";
  if (belonging.isProduction || reach.width === "account" || reach.width === "workspace") return "high";
  return isMeant(belonging) ? "low" : "medium";
}

/** The manifest names it for the work, and what it is named for is not production. */
function isMeant({ named, environments }: Belonging): boolean {
  return named.length > 0 && environments.length > 0;
}

/** The gravest first. */
export const severities: readonly Severity[] = ["high", "medium", "low"];
