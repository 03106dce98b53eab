import type { OnlineReach, ReachWidth } from "../../model/credential-audit.js";
import { type Connection, labelOf } from "./connection.js";
import { findProgram, runProgram } from "./program.js";
import { alive, failed, listed, unasked } from "./reach.js";
import type { Context } from "./service.js";

/** SHOW GRANTS, by the mariadb or mysql client, without a file of settings; a server may not ask for this machine's files. */
export async function mysql(connection: Connection, context: Context): Promise<OnlineReach> {
  const mariadb = findProgram("mariadb", context.env);
  const program = mariadb ?? findProgram("mysql", context.env);
  if (program === undefined) return unasked("neither mysql nor mariadb is installed here");
  const { host = "127.0.0.1", port = "3306", user = "root", password } = connection;
  const args = [
    "--no-defaults",
    `--host=${host}`,
    `--port=${port}`,
    `--user=${user}`,
    "--protocol=TCP",
    "--local-infile=0",
    `--connect-timeout=${Math.max(1, Math.ceil(context.timeout / 1000))}`,
    "--batch",
    "--skip-column-names",
    ...(wantsTls(connection) ? [mariadb === undefined ? "--ssl-mode=REQUIRED" : "--ssl"] : []),
  ];
  const env = {
    PATH: context.env["PATH"] ?? "",
    HOME: "/nonexistent",
    LC_ALL: "C",
    ...(password === undefined ? {} : { MYSQL_PWD: password }),
  };
  const input = "select 'holdpoint', current_user(), @@global.read_only; show grants;";
  const ran = await runProgram({ program, args, env, input }, context.signal);
  const [first = "", ...rest] = ran.out.split("\n");
  if (ran.status !== 0 || !first.startsWith("holdpoint\t")) return failure(ran.errors, context.signal);
  const [, account = "", readOnly] = first.split("\t");
  return reachOf(rest.flatMap(grantIn), account, readOnly === "1", connection);
}

function wantsTls({ parameters }: Connection): boolean {
  const asked = ["ssl-mode", "sslmode", "ssl", "sslaccept", "tls", "useSSL"].flatMap(
    (name) => parameters.get(name) ?? [],
  );
  return asked.some((value) => !/^(?:disabled?|false|0|preferred)$/i.test(value));
}

interface Grant {
  readonly rights: readonly string[];
  /** `*.*`, `shop.*`, `shop.orders` */
  readonly on: string;
  readonly isGrantable: boolean;
}

/** The rest of such a line may hold the hash of a password: nothing of it is kept. */
function grantIn(line: string): readonly Grant[] {
  const [, rights, database, table] =
    /^GRANT (.+?) ON (?:TABLE |PROCEDURE |FUNCTION )?(`(?:[^`]|``)*`|\*)\.(`(?:[^`]|``)*`|\*) TO /.exec(
      line,
    ) ?? [];
  if (rights === undefined || database === undefined || table === undefined) return [];
  const plain = (name: string) => name.replace(/^`|`$/g, "");
  return [
    {
      rights: rights.replace(/\s*\([^)]*\)/g, "").split(/,\s*/),
      on: `${plain(database)}.${plain(table)}`,
      isGrantable: line.includes("WITH GRANT OPTION"),
    },
  ];
}

const reading =
  /^(?:USAGE|SELECT|SHOW VIEW|SHOW DATABASES|PROCESS|REFERENCES|REPLICATION CLIENT|BINLOG MONITOR|EXECUTE)$/;
const wide =
  /^(?:ALL PRIVILEGES|SUPER|CREATE USER|FILE|SYSTEM_USER|ROLE_ADMIN|SET_USER_ID|SET USER|GRANT OPTION)$/;

function widthOf({ rights, on, isGrantable }: Grant): ReachWidth {
  const isReading = rights.every((right) => reading.test(right));
  if (on === "*.*")
    return (isGrantable && !isReading) || rights.some((right) => wide.test(right))
      ? "account"
      : isReading
        ? "read"
        : "workspace";
  if (isReading) return "read";
  return on.endsWith(".*") ? "project" : "resource";
}

const widths: readonly ReachWidth[] = ["account", "workspace", "project", "resource", "read"];

function reachOf(
  grants: readonly Grant[],
  account: string,
  isReadOnly: boolean,
  connection: Connection,
): OnlineReach {
  const byWidth = grants
    .map((grant) => ({ grant, width: widthOf(grant) }))
    .sort((a, b) => widths.indexOf(a.width) - widths.indexOf(b.width));
  const told = byWidth
    .filter(({ grant }) => grant.rights.join() !== "USAGE")
    .map(({ grant }) => `${listed(grant.rights, "", 4)} on ${grant.on}`);
  const replica = isReadOnly ? "; the server only reads" : "";
  return alive(
    byWidth[0]?.width ?? "unknown",
    `${account} at ${labelOf(connection)}: ${listed(told, "no rights but to connect", 4)}${replica}`,
    { account },
  );
}

/** A user of MySQL is bound to where it comes from: who is refused here may be let in elsewhere. */
function failure(errors: string, signal: AbortSignal): OnlineReach {
  if (/ERROR 1045|ERROR 1698/.test(errors))
    return failed("refused: wrong user or password, or not let in from here");
  if (/ERROR 1130/.test(errors)) return failed("the server does not let it in from here");
  if (/Unknown (?:MySQL |)server host|ERROR 2005/.test(errors)) return failed("its address was not found");
  if (/ERROR 200[23]/.test(errors)) return failed("nobody answers at its address");
  if (/SSL|TLS|ERROR 2026/.test(errors)) return failed("no safe connection");
  return failed(signal.aborted ? "no answer in time" : "it did not answer as MySQL does");
}
