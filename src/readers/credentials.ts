import { type Arg, isKnown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { Call } from "../model/call.js";
import type { Credential } from "../model/effect.js";
import { type Env, envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { resolvePath } from "./path.js";

/** A secret that a request would carry: what it is called, and where the command line took it from. */
export function credential(call: Call, world: World, name: string, value: string, file?: string): Credential {
  const secret = value.replace(/^(bearer|basic|token|apikey)\s+/i, "").trim();
  const from = file === undefined ? (variableOf(secret, call.env) ?? "literal") : `file:${file}`;
  return { name, from, fingerprint: world.fingerprint(secret) };
}

/** Headers that authenticate: `Authorization`, `X-Api-Key`, `Project-Access-Token`, cookies. */
export function isCredentialHeader(name: string): boolean {
  return /^(authorization|cookie|.*(token|api-?key|secret).*)$/i.test(name);
}

/** Credentials that stand in variables of the environment, for a tool that looks there by itself. */
export function environmentCredentials(
  call: Call,
  world: World,
  names: readonly string[],
): readonly Credential[] {
  const values = flatten(call.env);
  return names.flatMap((name) => {
    const value = values.get(name);
    return value === undefined || value === ""
      ? []
      : [{ name, from: `env:${name}`, fingerprint: world.fingerprint(value) }];
  });
}

/** ~/.netrc, or the file named: words in pairs, `machine HOST login USER password SECRET`. */
export function netrcCredentials(call: Call, world: World, host: string, named?: Arg): readonly Credential[] {
  const home = envGet(call.env, "HOME");
  const standard = `${home !== undefined && isKnown(home) ? home : world.user.home}/.netrc`;
  const path = resolvePath(call, world, named ?? standard);
  if (path === undefined || !isKnown(path)) return [];
  const content = world.readFile(path, 1 << 20);
  if (!content.ok) return [];
  const words = decodeBytes(content.bytes).split(/\s+/);
  const start = words.findIndex((word, at) => word === host && words[at - 1] === "machine");
  const from = start < 0 ? words.indexOf("default") : start;
  if (from < 0) return [];
  const end = words.indexOf("machine", from);
  const entry = words.slice(from, end < 0 ? undefined : end);
  const password = entry[entry.indexOf("password") + 1];
  if (password === undefined || !entry.includes("password")) return [];
  return [credential(call, world, `netrc ${host}`, password, path)];
}

/** The variable that holds the secret, or most of it. Short values stand in a secret by chance. */
function variableOf(secret: string, env: Env): string | undefined {
  let best: { readonly name: string; readonly length: number } | undefined;
  for (const [name, value] of flatten(env)) {
    if (value.length < 8 || value.length * 2 < secret.length || value.length <= (best?.length ?? 0)) continue;
    if (secret.includes(value)) best = { name, length: value.length };
  }
  return best === undefined ? undefined : `env:${best.name}`;
}

function flatten(env: Env): ReadonlyMap<string, string> {
  const seen = new Set<string>();
  const values = new Map<string, string>();
  for (let at: Env | undefined = env; at !== undefined; at = at.outer) {
    for (const [name, value] of at.layer) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (value !== undefined && isKnown(value)) values.set(name, value);
    }
  }
  return values;
}
