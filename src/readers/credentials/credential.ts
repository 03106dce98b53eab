import { type Arg, isKnown, originsOf, type Unknown } from "../../model/arg.js";
import { bareSecret } from "../../model/bare-secret.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { type Env, envGet } from "../../model/env.js";
import { environment } from "../../model/secret-file.js";
import type { World } from "../../model/world.js";
import { type Presented, secretInHeader } from "./presented.js";

/** Whose environment may hold the secret. */
type Caller = Pick<Call, "env">;

/** A secret that a call would present: what it is called, and where the command line took it from. */
export function credential(
  call: Caller,
  world: World,
  name: string,
  secret: string,
  from?: string,
): Credential {
  const bare = secret.trim();
  return {
    name,
    from: from ?? variableOf(bare, call.env) ?? "literal",
    fingerprint: world.fingerprint(bare),
  };
}

/** All that one presentation holds; what goes along with another of it is no login by itself. */
export function credentials(
  call: Caller,
  world: World,
  presented: readonly Presented[],
  from?: string,
): readonly Credential[] {
  return presented.flatMap(({ name, secret, isPair }) => {
    if (secret.trim() === "") return [];
    const one = credential(call, world, name, secret, from);
    return [isPair === true ? { ...one, isPair } : one];
  });
}

/** A secret as it stands in a word: known, or with the files that it will come from. */
export function wordCredentials(
  call: Caller,
  world: World,
  name: string,
  word: Arg | undefined,
  from?: string,
): readonly Credential[] {
  if (word === undefined || word === "") return [];
  return isKnown(word) ? [credential(call, world, name, word, from)] : unforeseenCredentials(name, word);
}

/**
 * `Bearer $(sed -n 's/^TOKEN=//p' .env)`: a secret that exists only at run time, by the file that it will come from. `front`:
 * what is known to stand in front of it, without what is no part of it (`Bearer `).
 */
export function unforeseenCredentials(
  name: string,
  { reason, print, prefix }: Unknown,
  front = prefix,
): readonly Credential[] {
  const origins = originsOf(reason).filter(({ file }) => file !== environment);
  const fingerprint = origins.length === 1 && front === "" ? (print ?? "") : "";
  return origins.map(({ file, key }) => ({
    name,
    from: `file:${file}${key === undefined ? "" : `#${key}`}`,
    fingerprint,
  }));
}

/** A header whose value is not known to its end: `Authorization: Bearer $TOKEN`. */
export function unforeseenHeader(word: Unknown): readonly Credential[] {
  const [, name = "", value = ""] = /^\s*([\w-]+)\s*:\s*(.*)$/s.exec(word.prefix) ?? [];
  // `-H "$(cat header.txt)"`
  if (name === "") return word.prefix === "" ? unforeseenCredentials("header", word, "?") : [];
  if (!isCredentialHeader(name)) return [];
  return unforeseenCredentials(name.toLowerCase(), word, secretInHeader(value));
}

/** Headers that authenticate: `Authorization`, `X-Api-Key`, `Project-Access-Token`, cookies. */
export function isCredentialHeader(name: string): boolean {
  return /^((proxy-)?authorization|cookie|.*(token|api-?key|auth-key|access-key|app(lication)?-key|subscription-key|functions-key|secret).*)$/i.test(
    name,
  );
}

/** Credentials that stand in variables of the environment, for a tool that looks there by itself. */
export function environmentCredentials(
  call: Caller,
  world: World,
  names: readonly string[],
): readonly Credential[] {
  return names.flatMap((name) =>
    name.endsWith("*")
      ? [...flatten(call.env).keys()]
          .filter((one) => one.startsWith(name.slice(0, -1)))
          .flatMap((one) => variableCredential(call, world, one))
      : variableCredential(call, world, name),
  );
}

export function variableCredential(call: Caller, world: World, name: string): readonly Credential[] {
  const value = envGet(call.env, name);
  if (value === undefined || value === "") return [];
  if (!isKnown(value)) return unforeseenCredentials(name, value);
  return [{ name, from: `env:${name}`, fingerprint: world.fingerprint(bareSecret(value)) }];
}

/** The variable that holds the secret, or most of it. Short values stand in a secret by chance. */
function variableOf(secret: string, env: Env): string | undefined {
  let best: { readonly name: string; readonly length: number } | undefined;
  for (const [name, value] of flatten(env)) {
    if (value.length < 8 || value.length <= (best?.length ?? 0)) continue;
    // A URL that a variable holds has the password in it.
    if (!(value.length * 2 >= secret.length && secret.includes(value)) && !holds(value, secret)) continue;
    best = { name, length: value.length };
  }
  return best === undefined ? undefined : `env:${best.name}`;
}

function holds(value: string, secret: string): boolean {
  return (
    secret.length >= 8 && value.includes("://") && (value.includes(secret) || bareSecret(value) === secret)
  );
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

/** A key's file: its text is the secret. */
export function keyCredentials(
  call: Caller,
  world: World,
  name: string,
  path: string,
): readonly Credential[] {
  const content = world.readFile(path, 1 << 16);
  const from = `file:${path}`;
  if (!content.ok || !content.complete) return [{ name, from, fingerprint: "" }];
  return [credential(call, world, name, decodeBytes(content.bytes), from)];
}
