import type { Effect } from "../model/effect.js";
import type { Label } from "../model/rule.js";

/**
 * The environment of the first label that knows the effect's environment by its id; else a reader's own word; else that of
 * the first label that names the effect's host (a glob) or its target (an id).
 */
export function labelEffect(effect: Effect, labels: readonly Label[]): Effect {
  const id = "environmentId" in effect ? effect.environmentId : undefined;
  const own = labels.find(
    ({ ids }) => ids.includes(effect.environment) || (id !== undefined && ids.includes(id)),
  );
  if (own !== undefined) return { ...effect, environment: own.environment };
  if (effect.environment !== "unknown") return effect;
  const hosts = hostsOf(effect);
  const label = labels.find(
    ({ hosts: globs, ids }) =>
      ids.includes(effect.target) || globs.some((glob) => hosts.some((host) => matchesHost(glob, host))),
  );
  const environment = label?.environment ?? platformEnvironment(hosts);
  return environment === undefined ? effect : { ...effect, environment };
}

/** `railway:my-app/production`: a server that a platform names, by its project and environment. */
function platformEnvironment(hosts: readonly string[]): string | undefined {
  const name = hosts
    .map((host) => /^railway:[^/]*\/([^/]+)$/.exec(host)?.[1])
    .find((one) => one !== undefined);
  return name === "unknown" ? undefined : name;
}

/** With and without its port, as a label may give either. */
function hostsOf(effect: Effect): readonly string[] {
  if (!("host" in effect) || effect.host === "") return [];
  const host = effect.host.toLowerCase();
  const bare = host.replace(/:\d+$/, "").replace(/\.$/, "");
  return [host, bare];
}

/** Host names know no case, and `*` reaches across dots: `*.example.com` is every name below it. */
function matchesHost(glob: string, host: string): boolean {
  const parts = glob
    .toLowerCase()
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(host);
}
