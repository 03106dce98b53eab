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
  return effect.credentials
    .map((one) => findingOf(one, effect, names, credentials, manifest, world))
    .find((finding) => finding !== undefined);
}

function findingOf(
  credential: Credential,
  effect: Effect,
  names: readonly string[],
  declared: readonly ScopeCredential[],
  manifest: Manifest,
  world: World,
): Finding | undefined {
  const own = declared.filter((one) => isSame(one, credential, manifest, world));
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

/** By its value, wherever that was found; by where it came from only while the value is not known. */
function isSame(declared: ScopeCredential, given: Credential, manifest: Manifest, world: World): boolean {
  return declared.value === undefined
    ? sourceOf(declared.from, manifest, world) === sourceOf(given.from, manifest, world)
    : fingerprintOf(declared, world) === given.fingerprint;
}

/** One salt a session, and so one print a world and credential. */
const prints = new WeakMap<ScopeCredential, { readonly world: World; readonly print: string }>();

function fingerprintOf(declared: ScopeCredential, world: World): string {
  const known = prints.get(declared);
  if (known?.world === world) return known.print;
  const print = world.fingerprint(declared.value ?? "");
  prints.set(declared, { world, print });
  return print;
}

/** `file:PATH#KEY`, `file:PATH:LINE` and `config:PATH` are that file's; its path absolute. */
function sourceOf(from: string, { folder }: Manifest, { user }: World): string {
  const [, path] = /^(?:file|config):([^#]*?)(?:#.*|:\d+)?$/s.exec(from) ?? [];
  if (path === undefined) return from;
  if (path.startsWith("~/")) return `file:${user.home}${path.slice(1)}`;
  return `file:${path.startsWith("/") ? path : `${folder}/${path.replace(/^\.\//, "")}`}`;
}
