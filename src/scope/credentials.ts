import { bareSecret } from "../model/bare-secret.js";
import type { Credential, Effect } from "../model/effect.js";
import type { Manifest, ScopeCredential } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";
import { environmentsOf, fileName } from "./environments.js";
import { absolute } from "./named-files.js";
import { placeWords, strayWords } from "./purpose.js";

/** What a manifest says of one credential of an effect. */
export interface CredentialStand {
  readonly standing: Credential["standing"];
  readonly finding: Finding | undefined;
}

/**
 * `credentials`: what each is for; and where each comes from, by the manifest's purpose. In the order of the effect's own;
 * none where the manifest speaks of neither.
 */
export function standCredentials(
  effect: Effect,
  manifest: Manifest,
  world: World,
): readonly CredentialStand[] {
  if (effect.credentials.length === 0) return [];
  const reached = environmentsOf(effect, manifest);
  // What this machine is shown is no secret to it.
  if (reached !== undefined && !reached.isElsewhere && reached.names.length === 0) return [];
  const names = reached?.names ?? [];
  return loginsOf(effect.credentials).flatMap((login) => {
    const stand = standOf(login, effect, names, manifest, world);
    return login.map(() => stand);
  });
}

type Login = readonly [Credential, ...Credential[]];

/** A key id and its secret, a user that is secret and a password: who is named for one of them is named for both. */
function loginsOf(credentials: readonly Credential[]): readonly Login[] {
  const logins: [Credential, ...Credential[]][] = [];
  for (const one of credentials) {
    const last = logins.at(-1);
    if (one.isPair === true && last !== undefined) last.push(one);
    else logins.push([one]);
  }
  return logins;
}

/** The strictest of several. */
export function worstStanding(standings: readonly Credential["standing"][]): Credential["standing"] {
  return order.findLast((standing) => standings.includes(standing));
}

const order = ["named", "unnamed", "other", "unrelated"] as const;

function standOf(
  login: Login,
  effect: Effect,
  names: readonly string[],
  manifest: Manifest,
  world: World,
): CredentialStand {
  const [credential] = login;
  const isReading = effect.action === "read";
  const stand = (standing: Credential["standing"], because: () => string, holds = !isReading) => ({
    standing,
    finding: holds
      ? { bounds: "credential" as const, because: `${fileName(manifest)}: ${because()}` }
      : undefined,
  });
  const { credentials: declared } = manifest;
  const own = declared?.filter((one) => login.some((given) => isSame(one, given, manifest, world))) ?? [];
  const [first] = own;
  if (first !== undefined) {
    const allowed = new Set(own.flatMap(({ allow }) => allow));
    const purpose = allowed.size === 0 ? "nothing" : [...allowed].join(", ");
    const strange = names.find((name) => !allowed.has(name));
    const is = `${first.name} is for ${purpose}`;
    const lies = () => placeWords(credential, world);
    if (strange !== undefined) return stand("other", () => `${is}, not for ${strange}${lies()}`, true);
    if (names.length > 0) return { standing: "named", finding: undefined };
    return stand("other", () => `${is}, and no environment knows ${effect.target}${lies()}`);
  }
  const stray = login.map((one) => strayWords(one, manifest, world)).find((words) => words !== undefined);
  if (stray !== undefined)
    return stand(
      "unrelated",
      () => `${stray}${declared === undefined ? "" : "; credentials do not name it"}`,
    );
  if (declared === undefined) return { standing: undefined, finding: undefined };
  const { name, from } = credential;
  return stand("unnamed", () => `credentials do not name ${name} (${from})${placeWords(credential, world)}`);
}

/** By its value, wherever that was found; by where it came from only while either value is not known. */
function isSame(declared: ScopeCredential, given: Credential, manifest: Manifest, world: World): boolean {
  return declared.value === undefined || given.fingerprint === ""
    ? isSameSource(declared.from, given, manifest, world)
    : fingerprintsOf(declared, world).includes(given.fingerprint);
}

/** Of a value that is not foreseen, the key counts too: one file holds the tokens of staging and of production. */
function isSameSource(from: string, given: Credential, manifest: Manifest, world: World): boolean {
  if (sourceOf(from, manifest, world) !== sourceOf(given.from, manifest, world)) return false;
  const [key, own] = [from, given.from].map((one) => /^file:[^#]*#(.*)$/s.exec(one)?.[1]);
  return key === own || (own === undefined && given.fingerprint !== "");
}

/** One salt a session, and so one print a world and credential. */
const prints = new WeakMap<ScopeCredential, { readonly world: World; readonly all: readonly string[] }>();

/** Of the value, and of the secret in it: a URL is known by its password. */
function fingerprintsOf(declared: ScopeCredential, world: World): readonly string[] {
  const known = prints.get(declared);
  if (known?.world === world) return known.all;
  const value = declared.value ?? "";
  const all = [...new Set([value, bareSecret(value)])].map((one) => world.fingerprint(one));
  prints.set(declared, { world, all });
  return all;
}

/** `file:PATH#KEY`, `file:PATH:LINE` and `config:PATH` are that file's; its path real. */
function sourceOf(from: string, manifest: Manifest, world: World): string {
  const [, path] = /^(?:file|config):([^#]*?)(?:#.*|:\d+)?$/s.exec(from) ?? [];
  return path === undefined ? from : `file:${world.realpath(absolute(path, manifest, world))}`;
}
