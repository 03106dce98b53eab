import { type Arg, isKnown } from "../../model/arg.js";
import { percentDecoded } from "../../model/bare-secret.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";

/** What names a server on psql's command line, or behind `\c`. */
export interface Target {
  /** A name, a URI, or `key=value …`. */
  readonly dbname?: Arg | undefined;
  readonly host?: Arg | undefined;
  readonly port?: Arg | undefined;
  readonly user?: Arg | undefined;
  /** `15/main`, `15/db.example.com:5432`: an option of Debian's wrapper around the clients. */
  readonly cluster?: Arg | undefined;
}

export interface Settings {
  /** What libpq goes by, as its own names have it: `host`, `sslmode` …. What is unknown is left out. */
  readonly values: ReadonlyMap<string, string>;
  /** Of these, what the connection string says; undefined where there is none. */
  readonly given: ReadonlyMap<string, string> | undefined;
  readonly service: Service | undefined;
}

interface Service {
  readonly name: string;
  /** What the file has of it; undefined: it was not found. */
  readonly file: ReadonlyMap<string, string> | undefined;
}

/**
 * https://www.postgresql.org/docs/current/libpq-connect.html: a connection string wins over options, these over the service's file,
 * and that over the environment.
 */
export function readSettings(target: Target, env: Env, world: World): Settings {
  const text = known(target.dbname);
  const given = text === undefined ? undefined : parseConnection(text);
  const name = given?.get("service") ?? known(envGet(env, "PGSERVICE"));
  const service = name === undefined ? undefined : { name, file: readService(name, env, world, given) };
  const options = [
    ["dbname", given === undefined ? text : undefined],
    ["host", known(target.host)],
    ["port", known(target.port)],
    ["user", known(target.user)],
  ] as const;
  const values = new Map<string, string>();
  for (const [key, variable] of variables) {
    const value = known(envGet(env, variable));
    if (value !== undefined) values.set(key, value);
  }
  // Only the option wins over PGHOST.
  const option = known(target.cluster);
  const cluster = /^[^/]*\/([^\s:]+):(\d*)$/.exec(option ?? known(envGet(env, "PGCLUSTER")) ?? "");
  if (cluster !== null && (option !== undefined || !values.has("host"))) {
    values.set("host", cluster[1] ?? "");
    if (!values.has("port") && cluster[2] !== "") values.set("port", cluster[2] ?? "");
  }
  for (const [key, value] of service?.file ?? []) values.set(key, value);
  for (const [key, value] of options) if (value !== undefined) values.set(key, value);
  for (const [key, value] of given ?? []) values.set(key, value);
  return { values, given, service };
}

/** The settings that libpq takes from the environment. */
export const variables: ReadonlyMap<string, string> = new Map([
  ...(
    "host hostaddr port user password passfile options sslmode sslnegotiation sslcompression sslcert sslkey sslcertmode " +
    "sslrootcert sslcrl sslcrldir sslsni requiressl requirepeer gssencmode krbsrvname gsslib gssdelegation"
  )
    .split(" ")
    .map((key) => [key, `PG${key.toUpperCase()}`] as const),
  ["dbname", "PGDATABASE"],
  ["channel_binding", "PGCHANNELBINDING"],
  ["require_auth", "PGREQUIREAUTH"],
  ["ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"],
  ["ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"],
  ["target_session_attrs", "PGTARGETSESSIONATTRS"],
  ["load_balance_hosts", "PGLOADBALANCEHOSTS"],
]);

function known(word: Arg | undefined): string | undefined {
  return word !== undefined && isKnown(word) && word !== "" ? word : undefined;
}

/** Undefined for a plain database name. */
export function parseConnection(text: string): ReadonlyMap<string, string> | undefined {
  // The user ends at the first `@`, whatever stands before it: `postgres://localhost?@db.example.com/` is db.example.com.
  const uri = /^[a-z][\w+]*:\/\/(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text);
  if (uri !== null) return parseUri(uri);
  if (!text.includes("=")) return undefined;
  const found = new Map<string, string>();
  // A quote within a bare value is a part of it: `application_name=a'host=localhost` sets no host.
  for (const [, key, quoted, bare] of text.matchAll(
    /(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s\\])*))/g,
  )) {
    found.set(key ?? "", (quoted ?? bare ?? "").replaceAll(/\\(.)/g, "$1"));
  }
  return found;
}

function parseUri([, login = "", place = "", path = "", query = ""]: RegExpExecArray): ReadonlyMap<
  string,
  string
> {
  const found = new Map<string, string>();
  const set = (key: string, value: string): void => {
    if (value !== "") found.set(key, percentDecoded(value));
  };
  const [user = "", ...password] = login.split(":");
  set("user", user);
  set("password", password.join(":"));
  const hosts = place.split(",").map((one) => /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(one));
  set(
    "host",
    hosts
      .map((one) => one?.[1] ?? "")
      .join(",")
      .replace(/^,+$/, ""),
  );
  set(
    "port",
    hosts
      .map((one) => one?.[2] ?? "")
      .join(",")
      .replace(/^,+$/, ""),
  );
  set("dbname", path);
  for (const pair of query.split("&")) {
    const [key = "", ...value] = pair.split("=");
    set(percentDecoded(key), value.join("="));
  }
  return found;
}

/** As libpq reads it: the user's file, then the system's; of a setting that is there twice the first. */
function readService(
  name: string,
  env: Env,
  world: World,
  given: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  const home = known(envGet(env, "HOME")) ?? world.user.home;
  const files = [
    given?.get("servicefile") ?? known(envGet(env, "PGSERVICEFILE")) ?? `${home}/.pg_service.conf`,
    `${known(envGet(env, "PGSYSCONFDIR")) ?? "/etc/postgresql-common"}/pg_service.conf`,
  ];
  for (const file of files) {
    const content = world.readFile(file, 1 << 20);
    if (!content.ok) continue;
    const lines = new TextDecoder()
      .decode(content.bytes)
      .split(/\r?\n/)
      .map((line) => line.trim());
    const start = lines.findIndex((line) => line.startsWith(`[${name}]`));
    if (start < 0) continue;
    const found = new Map<string, string>();
    for (const line of lines.slice(start + 1)) {
      if (line.startsWith("[")) break;
      // A directory is asked for the rest: whom that names is not known here.
      const [, key, value] = /^(\w+)\s*=(.*)$/.exec(line) ?? /^(ldap):\/\/(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined && !found.has(key)) found.set(key, value.trim());
    }
    return found;
  }
  return undefined;
}
