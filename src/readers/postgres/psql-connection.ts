import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Credential } from "../../model/effect.js";
import { type Env, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { credential, environmentCredentials, unforeseenCredentials } from "../credentials/credential.js";
import type { Server } from "../sql/effects.js";
import { findPassword } from "./psql-passfile.js";
import { readSettings, type Target } from "./psql-settings.js";

/** Where a client of libpq would go, and as whom. */
export function resolveServer(tool: string, target: Target, env: Env, world: World): Server {
  const settings = readSettings(target, env, world);
  const text = known(target.dbname);
  const { values } = settings;
  const [name, address] = ["host", "hostaddr"].map((key) => values.get(key));
  // `-p "$(choose)"`: on another port there is another server, which must not pass for the usual one.
  const port =
    (settings.given?.has("port") === true ? undefined : unknownSource(target.port)) ?? values.get("port");
  // libpq connects to the address, and takes the host for its name alone.
  const host = address || name;
  const user = values.get("user") ?? known(envGet(env, "USER"));
  const database = values.get("dbname") ?? user ?? "";
  // A connection string may be another server than the one that -h names, and wins over it.
  const hidden = unknownSource(target.dbname);
  const unknownHost = unknownSource(target.host) ?? unknownSource(envGet(env, "PGHOST"));
  const { service } = settings;
  const place = showHost(host, port);
  const elsewhere = unknownHost ?? (service?.file === undefined ? service?.name : undefined);
  return {
    tool,
    engine: "postgres",
    host: hidden ?? (host === undefined && elsewhere !== undefined ? elsewhere : place),
    database,
    credentials: findCredentials(
      {
        hidden: hiddenIn(target.dbname),
        text,
        given: settings.given,
        file: service?.file,
        place: showHost(name || address, port),
        database,
        user,
      },
      env,
      world,
    ),
  };
}

/** Whether it is a server of the network, and no socket: those are known by a folder, or by no host at all. */
export function isByNetwork(target: Target, env: Env, world: World): boolean {
  if ([target.host, target.dbname].some((word) => word !== undefined && !isKnown(word))) return false;
  const { values } = readSettings(target, env, world);
  const hosts = (values.get("hostaddr") || values.get("host") || "").split(",");
  return hosts.every((host) => host !== "" && !/^[/@]/.test(host));
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
export function showHost(host: string | undefined, port: string | undefined): string {
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
  const stored = findPassword(sources, env, world);
  return stored === undefined
    ? []
    : [credential({ env }, world, ".pgpass", stored.password, `config:${stored.name}`)];
}

function findVariable(value: string, env: Env): string | undefined {
  for (let at: Env | undefined = env; at !== undefined; at = at.outer) {
    for (const [name, held] of at.layer) if (held === value) return name;
  }
  return undefined;
}
