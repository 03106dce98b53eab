import { detectCredentials } from "../credentials/detect.js";
import { type Connection, connectionOf, readConnection } from "../credentials/online/connection.js";
import { decodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";
import { splitPlace } from "./host-place.js";
import type { Recipient } from "./recipients.js";

/**
 * Whether a host stood beside these secrets before the session began: in one URL, in variables of one name (PGHOST and PGPASSWORD),
 * in a file that has not changed since.
 */
export function isBeside(
  to: Recipient,
  env: Readonly<Record<string, string | undefined>>,
  world: World,
): boolean {
  const { place, secrets } = to;
  const variables = Object.entries(env).map(([name, value]) => [name, value ?? ""] as const);
  const urls = variables
    .flatMap(([, value]) => readConnection(value) ?? [])
    .filter((one) => leads(one, place));
  if (secrets.length === 0) return urls.length > 0 || pairs(variables, place).length > 0;
  return secrets.every(
    (secret) =>
      urls.some(({ password }) => password === secret) ||
      holds(variables, secret, place) ||
      filesWith(secret, world).some((file) => isBesideIn(file, secret, place, world)),
  );
}

type Variable = readonly [name: string, value: string];

/** The beginnings of names under which this host stands: `PG`, `DB_`. */
function pairs(variables: readonly Variable[], place: string): readonly string[] {
  const { host } = splitPlace(place);
  return variables.flatMap(([name, value]) => {
    const [, front] = /^(\w*?)host(?:name|addr)?$/i.exec(name) ?? [];
    return front !== undefined && value.toLowerCase() === host ? [front.toLowerCase()] : [];
  });
}

/** A password of the same beginning. */
function holds(variables: readonly Variable[], secret: string, place: string): boolean {
  const fronts = pairs(variables, place);
  return variables.some(
    ([name, value]) =>
      value === secret &&
      fronts.some((front) => new RegExp(`^${front}_?(pass|pwd|token|secret|auth)`, "i").test(name)),
  );
}

/** By the port, too, where it says one; a service's own is not said on either side, or by its number. */
function leads({ scheme, host, port }: Connection, place: string): boolean {
  const to = splitPlace(place);
  const own = usual[scheme] ?? "";
  const at = (given: string | undefined) => (given === undefined || given === "" ? own : given);
  return host?.toLowerCase() === to.host && (port === "*" || at(port) === at(to.port));
}

const usual: Readonly<Record<string, string>> = {
  postgres: "5432",
  postgresql: "5432",
  mysql: "3306",
  redis: "6379",
  https: "443",
  http: "80",
};

/** Those that held it before the session, as the index knows, and the stores that clients go by. */
function filesWith(secret: string, world: World): readonly string[] {
  const places = world.provenance?.placesOf(world.fingerprint(secret.trim()), false) ?? [];
  const indexed = places === "loading" ? [] : places.filter(({ change }) => change === undefined);
  const stores = [".pgpass", ".pg_service.conf", ".netrc"].map((name) => `${world.user.home}/${name}`);
  return [...new Set([...indexed.map(({ file }) => file), ...stores])].slice(0, 20);
}

/** What changed since may be the agent's: it could write its own host beside a secret that stood there. */
function isBesideIn(file: string, secret: string, place: string, world: World): boolean {
  const real = world.realpath(file);
  const stat = world.lstat(real);
  if (!stat.exists || stat.kind !== "file" || stat.changed >= world.session.startedAt) return false;
  const content = world.readFile(real, 1 << 20);
  if (!content.ok || !content.complete) return false;
  const text = decodeBytes(content.bytes);
  const found = detectCredentials(text, real).filter(({ value }) => value === secret);
  return (
    found.some((one) => {
      // A password file's `*` for the port.
      const target = one.target?.replace(/:\*(?=\/)/, "");
      const connection = connectionOf({
        ...one,
        file: real,
        modified: stat.modified,
        ...(target === undefined ? {} : { target }),
      });
      if (connection === undefined) return false;
      return leads(target === one.target ? connection : { ...connection, port: "*" }, place);
    }) || holds(settingsIn(text), secret, place)
  );
}

/** `export DB_HOST="db"`, `password=…`, `DB_HOST: db` */
function settingsIn(text: string): readonly Variable[] {
  return [...text.matchAll(/^\s*(?:export\s+)?["']?(\w+)["']?\s*[=:]\s*(.*?)[\s,]*$/gm)].map(
    ([, name = "", value = ""]) => [name, value.replace(/^(["'])(.*)\1$/, "$2")],
  );
}
