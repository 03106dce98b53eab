import type { OnlineReach } from "../../model/credential-audit.js";

/**
 * Takes a credential out of what a service said: a name, an account, a scope may hold it again, by accident or because somebody wants it on a
 * screen. What is left is one line of plain characters.
 */
export function scrub(reach: OnlineReach, values: readonly string[]): OnlineReach {
  const secrets = values.flatMap(secretsIn);
  // Said by nobody but this program: a password that is one of its words is no reason to hide the word.
  if (reach.kind !== "alive")
    return {
      ...reach,
      words: clean(
        reach.words,
        secrets.filter((secret) => secret.length >= 16),
      ),
    };
  const words = clean(reach.words, secrets);
  return reach.account === undefined
    ? { ...reach, words }
    : { ...reach, words, account: clean(reach.account, secrets) };
}

const taken = "‹secret›";

/**
 * Of a connection URL the password; user, host and database are told. Where they hold it as well (`postgres:postgres@localhost`), to tell
 * them is to tell nothing more.
 */
function secretsIn(value: string): readonly string[] {
  const [whole = "", password] = /^[a-z][a-z0-9+.:-]*:\/\/[^\s:@/]*:([^\s]+)@/i.exec(value) ?? [];
  const plain = password ?? new URLSearchParams(value.split("?")[1] ?? "").get("password") ?? value;
  if (
    password !== undefined &&
    (value.slice(whole.length) + whole.replace(`:${password}@`, "")).includes(password)
  )
    return [];
  const encoded = [encodeURIComponent(plain), Buffer.from(plain).toString("base64"), decoded(plain)];
  return [...new Set([plain, ...encoded])].filter((secret) => secret.length >= 4);
}

function clean(text: string, secrets: readonly string[]): string {
  return oneLine(withoutSecrets(text, secrets));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Also where half of it stands: a service that hides the other half has not hidden it. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, taken);
    const run = Math.max(8, Math.ceil(secret.length / 2));
    for (let at = 0; at + run <= secret.length; at += 1) {
      const piece = secret.slice(at, at + run);
      if (clean.includes(piece)) clean = clean.replaceAll(piece, taken);
    }
  }
  return clean;
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
