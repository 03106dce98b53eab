import type { Effect } from "../model/effect.js";
import type { Label } from "../model/rule.js";

/** The environment of the first label that names the effect's host (a glob) or its target (an id). A reader's own word stays. */
export function labelEffect(effect: Effect, labels: readonly Label[]): Effect {
  if (effect.environment !== "unknown" || labels.length === 0) return effect;
  const hosts = hostsOf(effect);
  const label = labels.find(
    ({ hosts: globs, ids }) =>
      ids.includes(effect.target) || globs.some((glob) => hosts.some((host) => matchesHost(glob, host))),
  );
  return label === undefined ? effect : { ...effect, environment: label.environment };
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
