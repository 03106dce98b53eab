import type { CredentialKind } from "../model/credential-kind.js";
import { isLookAlike, isPlaceholder, isStandard } from "./look-alike.js";
import { type Candidate, nameBefore, type Source } from "./source.js";

/** Passwords in URLs: `postgres://app:secret@host/db`, `https://user:token@host`. */
export function findInUrls({ text, file }: Pick<Source, "text" | "file">): readonly Candidate[] {
  if (!/:\/\/[^\s/:@]{0,200}:[^\s/@]{1,400}@/.test(text)) return [];
  return [...text.matchAll(withPassword)].flatMap((match): readonly Candidate[] => {
    const [whole, scheme = "", user = "", raw = "", host = "", rest = ""] = match;
    const value = decode(raw);
    const place = host.replace(/:\d*$/, "");
    if (value.length < (file.role === "settings" ? 3 : 6)) return [];
    if (isStandIn(value, decode(user), place, file.isSample || file.role === "prose")) return [];
    const start = match.index + scheme.length + 3 + user.length + 1;
    const isWeb = /^(?:https?|git|ftps?)$/i.test(scheme);
    const forms = new Set([whole, ...(raw === value ? [] : [raw])]);
    if (isWeb) forms.add(Buffer.from(`${decode(user)}:${value}`).toString("base64"));
    return [
      {
        kind: kindOf(scheme.toLowerCase()),
        key: nameBefore(text, match.index),
        value,
        start,
        end: start + raw.length,
        forms: [...forms],
        target: `${scheme}://${user === "" ? "" : `${user}@`}${host}${rest.replace(/[?#].*$/, "")}`,
      },
    ];
  });
}

const withPassword =
  /\b([a-z][a-z0-9+.-]{1,30}):\/\/([^\s/:@'"`<>]{0,200}):([^\s/@'"`<>]{1,400})@([^\s'"`<>/?#@]{1,300})([^\s'"`<>]{0,300})/gi;

export function kindOf(scheme: string): CredentialKind {
  return schemes.find(([, pattern]) => pattern.test(scheme))?.[0] ?? "basic-auth";
}

const schemes: readonly (readonly [CredentialKind, RegExp])[] = [
  ["postgres", /postgres|^psql|^pgsql|cockroach|redshift|timescale/],
  ["mysql", /mysql|mariadb/],
  ["mongodb", /mongodb/],
  ["redis", /^rediss?$|valkey|^redis/],
  ["amqp", /^amqps?$|^pyamqp/],
  [
    "database",
    /sqlserver|mssql|clickhouse|oracle|snowflake|cassandra|neo4j|bolt|influx|jdbc|ldap|nats|kafka/,
  ],
];

/**
 * What stands there to show the form, or opens only what runs on the machine itself: the user's name again, or what the
 * server is set up with, on this machine or a container of it. On a host elsewhere the same is a password, and a bad one.
 */
function isStandIn(value: string, user: string, host: string, isShown: boolean): boolean {
  if (isPlaceholder(value) && !isStandard(value)) return true;
  if (isLookAlike(value) && !isStandard(value)) return true;
  const isHere =
    /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)$/i.test(host) ||
    !host.includes(".");
  const isNobodys =
    /(?:^|\.)(?:example|test|invalid|localhost|local)(?:\.\w+)?$|[<{$%]|^(?:host|hostname|server|your)/i.test(
      host,
    );
  const isWeak = isStandard(value) || value.toLowerCase() === user.toLowerCase();
  if (isWeak) return isHere || isNobodys || isShown;
  // `user:pass123@host` in a text that explains.
  return (isShown || isNobodys) && /^[a-z]{1,12}[\W_]?\d{0,4}$/i.test(value);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
