import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import { percentDecoded } from "../../model/bare-secret.js";
import type { Credential } from "../../model/effect.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { credential, environmentCredentials, unforeseenCredentials } from "../credentials/credential.js";
import type { Server } from "../sql/effects.js";

/** What names a server on psql's command line, or behind `\c`. */
export interface Target {
  /** A name, a URI, or `key=value …`. */
  readonly dbname?: Arg | undefined;
  readonly host?: Arg | undefined;
  readonly port?: Arg | undefined;
  readonly user?: Arg | undefined;
}

/** https://www.postgresql.org/docs/current/libpq-connect.html: a connection string wins over options, options over the environment. */
export function resolveServer(tool: string, target: Target, env: Env, world: World): Server {
  const environment = (name: string): string | undefined => known(envGet(env, name));
  const text = known(target.dbname);
  const given = text === undefined ? undefined : parseConnection(text);
  const service = given?.get("service") ?? environment("PGSERVICE");
  const file = service === undefined ? undefined : readService(service, env, world);
  const pick = (key: string, option: Arg | undefined, variable: string): string | undefined =>
    given?.get(key) ?? known(option) ?? environment(variable) ?? file?.get(key);

  const host = pick("host", target.host, "PGHOST") ?? pick("hostaddr", undefined, "PGHOSTADDR");
  const port = pick("port", target.port, "PGPORT");
  const user = pick("user", target.user, "PGUSER") ?? environment("USER");
  const plainName = given === undefined ? text : undefined;
  const database = plainName ?? pick("dbname", undefined, "PGDATABASE") ?? user ?? "";
  const unknownHost =
    unknownSource(target.host) ?? unknownSource(target.dbname) ?? unknownSource(envGet(env, "PGHOST"));
  const place = showHost(host, port);
  return {
    tool,
    engine: "postgres",
    host: host === undefined && unknownHost !== undefined ? unknownHost : place,
    database,
    credentials: findCredentials(
      { hidden: hiddenIn(target.dbname), text, given, file, place, database, user },
      env,
      world,
    ),
  };
}

function known(word: Arg | undefined): string | undefined {
  return word !== undefined && isKnown(word) && word !== "" ? word : undefined;
}

function hiddenIn(word: Arg | undefined): Unknown | undefined {
  return word === undefined || isKnown(word) ? undefined : word;
}

function unknownSource(word: Arg | undefined): string | undefined {
  return word === undefined || isKnown(word) ? undefined : word.source;
}

/**
 * A socket is `localhost`. The port stays where it is not 5432: behind `localhost:15432` there is a tunnel, most likely,
 * and no rule for `localhost` should fit it.
 */
function showHost(host: string | undefined, port: string | undefined): string {
  const names = (host ?? "")
    .split(",")
    .map((name) => (name === "" || name.startsWith("/") ? "localhost" : name));
  const ports = (port ?? "").split(",");
  return names
    .map((name, index) => {
      const own = ports[index] ?? ports[0] ?? "";
      return own === "" || own === "5432" ? name : `${name}:${own}`;
    })
    .join(",");
}

/** Undefined for a plain database name. */
export function parseConnection(text: string): ReadonlyMap<string, string> | undefined {
  const uri = /^[a-z][\w+]*:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text);
  if (uri !== null) return parseUri(uri);
  if (!text.includes("=")) return undefined;
  const found = new Map<string, string>();
  for (const [, key, quoted, bare] of text.matchAll(
    /(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s'\\])*))/g,
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

function readService(name: string, env: Env, world: World): ReadonlyMap<string, string> | undefined {
  const home = known(envGet(env, "HOME")) ?? world.user.home;
  const file = known(envGet(env, "PGSERVICEFILE")) ?? `${home}/.pg_service.conf`;
  const content = world.readFile(file, 1 << 20);
  if (!content.ok) return undefined;
  const lines = new TextDecoder().decode(content.bytes).split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === `[${name}]`);
  if (start < 0) return undefined;
  const found = new Map<string, string>();
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith("[")) break;
    const [, key, value] = /^\s*(\w+)\s*=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, value.trim());
  }
  return found;
}

interface Sources {
  /** A connection string that is not known. */
  readonly hidden: Unknown | undefined;
  readonly text: string | undefined;
  readonly given: ReadonlyMap<string, string> | undefined;
  readonly file: ReadonlyMap<string, string> | undefined;
  readonly place: string;
  readonly database: string;
  readonly user: string | undefined;
}

function findCredentials(sources: Sources, env: Env, world: World): readonly Credential[] {
  const { text, given, file, hidden } = sources;
  const literal = given?.get("password");
  if (literal !== undefined) {
    // `psql "$DATABASE_URL"`: the shim sees the value, the environment still says whose it is.
    const variable = text === undefined ? undefined : findVariable(text, env);
    const from = variable === undefined ? "literal" : `env:${variable}`;
    return [credential({ env }, world, variable ?? "password", literal, from)];
  }
  if (hidden !== undefined) {
    const found = unforeseenCredentials("url", hidden, "?");
    if (found.length > 0) return found;
  }
  const fromEnv = environmentCredentials({ env }, world, ["PGPASSWORD"]);
  if (fromEnv.length > 0) return fromEnv;
  const fromService = file?.get("password");
  if (fromService !== undefined)
    return [credential({ env }, world, "password", fromService, "config:~/.pg_service.conf")];
  return readPassFile(sources, env, world);
}

function findVariable(value: string, env: Env): string | undefined {
  for (let at: Env | undefined = env; at !== undefined; at = at.outer) {
    for (const [name, held] of at.layer) if (held === value) return name;
  }
  return undefined;
}

/** host:port:database:user:password, `*` for any */
function readPassFile({ place, database, user }: Sources, env: Env, world: World): readonly Credential[] {
  const home = known(envGet(env, "HOME")) ?? world.user.home;
  const path = known(envGet(env, "PGPASSFILE")) ?? `${home}/.pgpass`;
  // Most have none, and an error costs more than a look.
  if (!world.lstat(path).exists) return [];
  const content = world.readFile(path, 1 << 18);
  if (!content.ok) return [];
  const [host = "", port = "5432"] = place.split(":");
  const wanted = [host, port, database, user ?? ""];
  for (const line of new TextDecoder().decode(content.bytes).split(/\r?\n/)) {
    const fields = line.match(/(?:\\.|[^:\\])+/g) ?? [];
    const fits = wanted.every((value, index) => fields[index] === "*" || fields[index] === value);
    const password = fields[4];
    if (line.startsWith("#") || password === undefined || !fits) continue;
    const name = path === `${home}/.pgpass` ? "~/.pgpass" : path;
    const bare = password.replaceAll(/\\(.)/g, "$1");
    return [credential({ env }, world, ".pgpass", bare, `config:${name}`)];
  }
  return [];
}
