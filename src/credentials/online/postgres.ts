import { join } from "node:path";
import type { OnlineReach, ReachWidth } from "../../model/credential-audit.js";
import { type Connection, labelOf } from "./connection.js";
import { findProgram, runProgram } from "./program.js";
import { alive, counted, dead, failed, listed, unasked } from "./reach.js";
import type { Context } from "./service.js";

/** By psql, in one read-only transaction on the catalogs. */
export async function postgres(connection: Connection, context: Context): Promise<OnlineReach> {
  const program = findProgram("psql", context.env);
  if (program === undefined) return unasked("psql is not installed here");
  const ran = await runProgram(
    {
      program,
      args: ["-X", "-q", "-A", "-t", "-w"],
      env: environment(connection, context),
      input: script(context.timeout),
    },
    context.signal,
  );
  const row = ran.out.split("\n").find((line) => line.startsWith(mark));
  if (ran.status !== 0 || row === undefined) return failure(ran.errors, context.signal);
  return reachOf(row.split("\x1f"), connection);
}

const mark = "holdpoint\x1f";

/**
 * Only the credential speaks: no password file, service, Kerberos ticket or client certificate of whoever asks. Settings go into the
 * transaction, not into PGOPTIONS, which poolers refuse; but for Neon's, which says which database is meant.
 */
function environment(connection: Connection, { env, timeout }: Context): Readonly<Record<string, string>> {
  const { host, port, user, password, name, parameters } = connection;
  const endpoint = parameters.get("options") ?? "";
  const mode = parameters.get("sslmode") ?? "";
  const given = {
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: name ?? parameters.get("dbname") ?? undefined,
    PGSSLMODE: /^(?:disable|allow|prefer|require|verify-ca|verify-full)$/.test(mode) ? mode : undefined,
    PGCHANNELBINDING: parameters.get("channel_binding") === "require" ? "require" : undefined,
    PGOPTIONS: /^endpoint=[\w-]+$/.test(endpoint) ? endpoint : undefined,
    PGSSLROOTCERT: env["PGSSLROOTCERT"] ?? join(env["HOME"] ?? "/", ".postgresql/root.crt"),
  };
  return {
    ...Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
    PATH: env["PATH"] ?? "",
    HOME: "/nonexistent",
    LC_ALL: "C",
    PGAPPNAME: "holdpoint",
    PGPASSFILE: "/dev/null",
    PGSERVICEFILE: "/dev/null",
    PGSYSCONFDIR: "/nonexistent",
    PGGSSENCMODE: "disable",
    PGCLIENTENCODING: "UTF8",
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(timeout / 1000))),
  };
}

/** Names are looked up in pg_catalog alone, so that nothing of the database's own stands in for a function. */
function script(timeout: number): string {
  return `\\set ON_ERROR_STOP 1
\\pset fieldsep '\\x1f'
begin transaction read only;
set local search_path = '';
set local statement_timeout = ${Math.max(100, Math.floor(timeout))};
set local lock_timeout = ${Math.max(100, Math.floor(timeout))};
select 'holdpoint', r.rolname, current_database(),
  r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolbypassrls, r.rolreplication,
  pg_is_in_recovery(),
  pg_has_role(d.datdba, 'USAGE'),
  t.number, t.readable, t.writable, t.owned,
  has_database_privilege(d.oid, 'CREATE') or exists (
    select from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(n.oid, 'CREATE')),
  coalesce((select string_agg(m.rolname, ',' order by m.rolname) from pg_roles m
    where m.oid <> r.oid and pg_has_role(m.oid, 'MEMBER') and (m.rolsuper or m.rolname ~ '${notable}')), ''),
  case when r.rolvaliduntil is null or not isfinite(r.rolvaliduntil) then ''
    else floor(extract(epoch from r.rolvaliduntil) * 1000)::bigint::text end
from pg_roles r, pg_database d, (
  select count(*) number,
    count(*) filter (where has_any_column_privilege(c.oid, 'SELECT')) readable,
    count(*) filter (where has_table_privilege(c.oid, 'INSERT,UPDATE,DELETE,TRUNCATE') or has_any_column_privilege(c.oid, 'INSERT,UPDATE')) writable,
    count(*) filter (where pg_has_role(c.relowner, 'USAGE')) owned
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema') t
where r.rolname = current_user and d.datname = current_database();
commit;
`;
}

/** Roles that lead out of the database's own grants, PostgreSQL's and those of its hosts. */
const notable =
  "^(pg_write_all_data|pg_read_all_data|pg_execute_server_program|pg_write_server_files|pg_read_server_files|rds_superuser|cloudsqlsuperuser|alloydbsuperuser|azure_pg_admin|neon_superuser|doadmin)$";
const almostSuperuser =
  /^(?:pg_execute_server_program|pg_write_server_files|rds_superuser|cloudsqlsuperuser|alloydbsuperuser|azure_pg_admin|neon_superuser|doadmin)$/;

function reachOf(row: readonly string[], connection: Connection): OnlineReach {
  const [
    ,
    role = "",
    name = "",
    isSuperuser,
    createsDatabases,
    createsRoles,
    bypasses,
    replicates,
    isReplica,
    ownsDatabase,
  ] = row;
  const [tables = 0, readable = 0, writable = 0, owned = 0] = row.slice(10, 14).map(Number);
  const [createsTables, memberships = "", until = ""] = row.slice(14);
  const members = memberships.split(",").filter(Boolean);
  const place = labelOf({ ...connection, name });
  const rights: readonly (readonly [boolean, ReachWidth, string])[] = [
    [isSuperuser === "t", "account", "superuser"],
    [
      members.some((member) => almostSuperuser.test(member)) ||
        (members.length > 0 && !members.every(isData)),
      "account",
      `member of ${listed(members, "")}`,
    ],
    [createsRoles === "t", "workspace", "makes and changes roles"],
    [createsDatabases === "t", "workspace", "makes databases"],
    [bypasses === "t", "workspace", "row security does not hold it"],
    [replicates === "t", "workspace", "copies the whole server by replication"],
    [members.includes("pg_write_all_data"), "workspace", "writes every table"],
    [ownsDatabase === "t", "project", "owner of the database"],
    [owned > 0, "project", `owner of ${owned} of ${counted(tables, "table")}`],
    [writable > 0, "resource", `writes ${writable} of ${counted(tables, "table")}`],
    [createsTables === "t", "resource", "makes tables"],
    [members.includes("pg_read_all_data"), "read", "reads every table"],
  ];
  // What a superuser also may is no news.
  const held = isSuperuser === "t" ? rights.slice(0, 1) : rights.filter(([holds]) => holds);
  const reading =
    readable > 0
      ? `only reads, ${readable} of ${counted(tables, "table")}`
      : `no right on any of ${counted(tables, "table")}`;
  const isReading = held.every(([, width]) => width === "read");
  const words = [...held.map(([, , text]) => text), ...(isReading ? [reading] : [])].join(", ");
  const replica = isReplica === "t" ? ", a replica, where nothing is written" : "";
  return alive(held[0]?.[1] ?? "read", `role ${role} at ${place}: ${words}${replica}`, {
    account: role,
    expires: until === "" ? undefined : Number(until),
  });
}

function isData(role: string): boolean {
  return role === "pg_read_all_data" || role === "pg_write_all_data" || role === "pg_read_server_files";
}

/** What psql says holds names, and whatever a server wants it to hold. */
function failure(errors: string, signal: AbortSignal): OnlineReach {
  if (/password authentication failed for user/.test(errors)) return dead("refused: wrong user or password");
  if (/pg_hba\.conf|not permitted to log in/.test(errors))
    return failed("the server does not let it in from here");
  if (/fe_sendauth: no password supplied/.test(errors))
    return failed("the server wants a password, and there is none in it");
  if (/database ".*" does not exist/.test(errors)) return failed("the server is there, its database is not");
  if (/could not translate host name/.test(errors)) return failed("its address was not found");
  if (/Connection refused|No such file or directory/.test(errors))
    return failed("nobody answers at its address");
  if (/certificate|SSL/.test(errors)) return failed("no safe connection: the certificate or its mode");
  return failed(
    signal.aborted || /timeout/.test(errors) ? "no answer in time" : "it did not answer as PostgreSQL does",
  );
}
