import { isDatabaseUrl, isLocalHost, readDatabaseUrl } from "../proposal/database-url.js";
import { type Server, serverOf } from "../scope/server.js";
import { type Facts, facts, unsure } from "./facts.js";
import type { Sighting } from "./sighting.js";

/** A password with its database's URL, or with a host that stands beside it. */
export function readDatabase(one: Sighting): Facts | undefined {
  const url = [one.value, one.target ?? ""].find(isDatabaseUrl);
  if (url !== undefined) return readUrl(url);
  const { key = "" } = one;
  if (!/^(?:PG|MYSQL_?|POSTGRES(?:QL)?_?|DB_?|DATABASE_?|REDIS_?|MONGO(?:DB)?_?)\w*(?:PASS|PWD)/i.test(key))
    return undefined;
  const text = one.around();
  const host = besideOf(text, /HOST(?:NAME)?/);
  const user = besideOf(text, /USER(?:NAME)?/) ?? "";
  return host === undefined
    ? facts("resource", user === "" ? "a database" : `a database as ${user}`)
    : reachAs(user, host, host, serverOf(host));
}

function readUrl(url: string): Facts {
  const read = readDatabaseUrl(url);
  // Where it ends is a guess then, and a guess could show half of a password.
  if (read === undefined)
    return facts("resource", "a database, at an address that is not written as URLs are");
  const [, engine = "", user = ""] =
    /^(?:jdbc:)?([a-z\d]+)[+:\w]*:\/\/([^:@/\s?#]*):?[^@/\s]*@/i.exec(url) ?? [];
  const [, database] = /^[^/]+\/(.+)$/.exec(read.label) ?? [];
  const thing = { ...serverOf(read.label.replace(/\/.*$/, "")), database: { engine, name: database ?? "" } };
  return reachAs(decode(user), read.host, read.label, thing);
}

function reachAs(user: string, host: string, label: string, thing: Server): Facts {
  const as = user === "" ? "" : ` as ${user}`;
  if (isLocalHost(host) || near.test(host))
    return facts("nothing", `a database on this machine or in its containers: ${label}${as}`, [thing]);
  if (administrator.test(user))
    return unsure("workspace", `all databases of the server at ${label}${as}, by the name an administrator`, [
      thing,
    ]);
  if (reader.test(user)) return unsure("read", `reading ${label}${as}, by the name`, [thing]);
  return unsure("resource", `the database ${label}${as}, as far as that role was granted`, [thing]);
}

/** What the services of a compose file are called. */
const near = /^(?:\[?::1\]?|db|database|postgres(?:ql)?|mysql|mariadb|redis|valkey|mongo(?:db)?)$/i;
const administrator =
  /^(?:postgres|root|admin|administrator|sa|sys|system|superuser|rdsadmin|cloudsqlsuperuser|doadmin|avnadmin|neondb_owner|supabase_admin|default|dba|master|\w+[._](?:admin|owner|superuser)|postgres\.\w+)$/i;
const reader = /(?:^|[._-])(?:ro|read|reader|readonly|read_only|viewer)(?:$|[._-])|readonly/i;

/** `PGHOST=db.example.com`, `DB_HOST: db`. */
function besideOf(text: string, name: RegExp): string | undefined {
  const pattern = new RegExp(
    `(?:^|\\n)\\s*(?:export\\s+)?["']?\\w*(?:PG|DB|DATABASE|POSTGRES|MYSQL|REDIS|MONGO)\\w*${name.source}["']?\\s*[=:]\\s*["']?([A-Za-z0-9_][\\w.-]{0,200})`,
    "i",
  );
  return pattern.exec(text)?.[1];
}

function decode(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
