import { bareSecret } from "../model/bare-secret.js";
import type { Credential, Effect } from "../model/effect.js";
import type { Manifest, ScopeCredential } from "../model/scope.js";
import type { World } from "../model/world.js";
import type { Finding } from "./bounds.js";
import { environmentsOf, fileName } from "./environments.js";

/** `credentials`: what each is for. */
export function boundCredentials(effect: Effect, manifest: Manifest, world: World): Finding | undefined {
  const { credentials } = manifest;
  if (credentials === undefined || effect.credentials.length === 0) return undefined;
  const reached = environmentsOf(effect, manifest);
  // What this machine is shown is no secret to it.
  if (reached !== undefined && !reached.isElsewhere && reached.names.length === 0) return undefined;
  const names = reached?.names ?? [];
  return loginsOf(effect.credentials)
    .map((login) => findingOf(login, effect, names, credentials, manifest, world))
    .find((finding) => finding !== undefined);
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

function findingOf(
  login: Login,
  effect: Effect,
  names: readonly string[],
  declared: readonly ScopeCredential[],
  manifest: Manifest,
  world: World,
): Finding | undefined {
  const [credential] = login;
  const own = declared.filter((one) => login.some((given) => isSame(one, given, manifest, world)));
  const held = (because: string): Finding => ({
    bounds: "credential",
    because: `${fileName(manifest)}: ${because}`,
  });
  const isReading = effect.action === "read";
  const [first] = own;
  if (first === undefined)
    return isReading ? undefined : held(`credentials do not name ${credential.name} (${credential.from})`);
  const allowed = new Set(own.flatMap(({ allow }) => allow));
  const purpose = allowed.size === 0 ? "nothing" : [...allowed].join(", ");
  const strange = names.find((name) => !allowed.has(name));
  if (strange !== undefined) return held(`${first.name} is for ${purpose}, not for ${strange}`);
  return names.length > 0 || isReading
    ? undefined
    : held(`${first.name} is for ${purpose}, and no environment knows ${effect.target}`);
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
function sourceOf(from: string, { folder }: Manifest, { user, realpath }: World): string {
  const [, path] = /^(?:file|config):([^#]*?)(?:#.*|:\d+)?$/s.exec(from) ?? [];
  if (path === undefined) return from;
  if (path.startsWith("~/")) return `file:${realpath(`${user.home}${path.slice(1)}`)}`;
  return `file:${realpath(path.startsWith("/") ? path : `${folder}/${path.replace(/^\.\//, "")}`)}`;
}
