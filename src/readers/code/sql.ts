import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Inner } from "../../model/call.js";
import { type CodeCall, type CodeValue, itemsOf, plainText, textsOf } from "./values.js";

/** SQL that a call hands to a driver, and the commands of the stores that know none: read as their own clients' are. */
export function readSqlCall(call: CodeCall, text: string, via: string): readonly Inner[] {
  const last = call.name.slice(call.name.lastIndexOf(".") + 1);
  if (runs.test(last)) {
    const [first, second] = call.values;
    // `mysqli_query($link, "DROP …")`, `dbExecute(con, "DROP …")`
    const texts = [first, second].flatMap((value) => (value === undefined ? [] : sqlTexts(value)));
    const place = placeOf(call, text);
    // Of a server that nothing is said about, a change of some rows is daily work.
    const isDaily = (sql: string) => /^\s*update\s[^;]*\swhere\s[^;]*;?\s*$/i.test(sql) && !isNamed(place);
    return texts.slice(0, 1).flatMap((sql) => (isDaily(sql) ? [] : [handOn(sql, place, via)]));
  }
  if (/^(drop|drop_collection|dropCollection|drop_database)$/.test(last) && isMongo(call))
    return [mongo(call, last, via)];
  if (/^(flush_?all|flush_?db)$/i.test(last) && (call.receiver !== undefined || call.name.includes(".")))
    return [redis(last.replace("_", "").toUpperCase(), call, text, via)];
  return [];
}

const runs =
  /^(execute|executescript|executemany|execute_sql|exec_query|exec|query|queryRaw|raw|unprepared|statement|\$?(?:execute|query)Raw(?:Unsafe)?|sql|text|fetch|fetchval|fetchrow|fetchall|select_all|exec_params|multi_query|real_query|mysqli_query|mysqli_multi_query|pg_query|pg_exec|sqlite_exec|dbExecute|dbGetQuery|dbSendQuery|dbSendStatement|read_sql|read_sql_query|do|run|prepare|simple_query|async_exec|unsafe|query!|run_sql|batch|execute_batch)$/;

const statements =
  '(?:drop|truncate|alter)\\s+\\w|delete\\s+(?:from\\s+)?[\\w"`\\[]|grant\\s[^;]*\\sto\\s|revoke\\s[^;]*\\sfrom\\s|merge\\s+into|' +
  "replace\\s+into|rename\\s+table|reassign\\s+owned|do\\s+\\$|with\\s[^;]*\\b(?:delete|update|truncate)\\b|" +
  "create\\s+or\\s+replace|update\\s+\\S+\\s+set\\b";
/** What takes something away or gives access; the beginning of a sentence in English is no statement. */
const harmful = new RegExp(`(?:^|;)\\s*(?:/\\*[^*]{0,200}\\*/\\s*)?(?:${statements})`, "i");

/** A statement's unknown parts are names like any other: `f"DROP TABLE {t}"`. */
function sqlTexts(value: CodeValue): readonly string[] {
  const made = value.kind === "made" ? value.call.values.slice(0, 1) : [];
  return [...itemsOf(value), ...made]
    .flatMap((one) => (one.kind === "text" ? textsOf(one) : []))
    .map((text) => (isKnown(text) ? text : text.prefix === "" ? "" : `${text.prefix}${nameIn(text.source)}`))
    .filter((sql) => harmful.test(sql) && /\s\S/.test(sql.trim()))
    .map((sql) => sql.replace(/%\(\w+\)s|%s|(?<![:\w]):\w+|(?<=[=(,\s])\?/g, "NULL"));
}

function nameIn(source: string): string {
  return /([A-Za-z_]\w*)\W*$/.exec(source)?.[1] ?? "something";
}

interface Place {
  readonly engine: "sqlite" | "mysql" | "postgres";
  readonly database: Arg;
  readonly host: Arg;
}

const hidden = unknown("a database that the code chooses", "the code says which");

/** Where it connects to: the driver's own arguments, or an address that stands in the text. */
function placeOf(call: CodeCall, text: string): Place {
  const connect = rootOf(call);
  const given = [...(connect?.values ?? []), ...(connect?.named.values() ?? [])].flatMap(
    (value) => plainText(value) ?? [],
  );
  const url = [
    ...given,
    ...(text.match(/\b(?:postgres(?:ql)?|mysql|mariadb|sqlite)(?:\+\w+)?:\/\/[^\s"'`)]+/) ?? []),
  ].find((one) => one.includes("://"));
  const host = plainText(connect?.named.get("host") ?? fieldOf(connect, "host"));
  const drivers = `${connect?.name ?? ""} ${text.slice(0, 100_000)}`;
  const engine = /sqlite/i.test(url ?? connect?.name ?? drivers)
    ? "sqlite"
    : /mysql|mariadb/i.test(url ?? drivers)
      ? "mysql"
      : "postgres";
  if (engine === "sqlite") {
    const file = plainText(connect?.values[0]) ?? url?.replace(/^\w+:\/\/\/?/, "");
    return { engine, host: hidden, database: file ?? hidden };
  }
  const plain = url?.replace(/^(postgres(?:ql)?|mysql|mariadb)\+\w+:/, "$1:");
  const keywords = given.find((one) => /\b(host|dbname)=/.test(one));
  return { engine, host: host ?? hidden, database: plain ?? keywords ?? hidden };
}

function isNamed({ host, database }: Place): boolean {
  return isKnown(host) || (isKnown(database) && /:\/\/|host=/.test(database));
}

/** The call that the connection comes from: `connect` of `psycopg2.connect(…).cursor().execute(…)`. */
function rootOf(call: CodeCall): CodeCall | undefined {
  let at: CodeCall | undefined = call;
  for (let depth = 0; depth < 20; depth += 1) {
    const owner: CodeValue | undefined = at?.receiver?.kind === "name" ? at.receiver.of : at?.receiver;
    if (owner?.kind !== "made") return at === call ? undefined : at;
    at = owner.call;
  }
  return at;
}

function fieldOf(call: CodeCall | undefined, name: string): CodeValue | undefined {
  const [first] = call?.values ?? [];
  return first?.kind === "fields" ? first.fields.get(name) : undefined;
}

function handOn(sql: string, { engine, host, database }: Place, via: string): Inner {
  return {
    kind: "call",
    argv: argvOf(sql, engine, host, database),
    via,
    sight: "never",
    stdin: { kind: "none" },
  };
}

function argvOf(sql: string, engine: Place["engine"], host: Arg, database: Arg): readonly Arg[] {
  switch (engine) {
    case "sqlite":
      return ["sqlite3", database, sql];
    case "mysql": {
      const [, server, name] =
        (isKnown(database) ? /^\w+:\/\/(?:[^@/]*@)?([^:/?]+)[^/]*(?:\/([^?]*))?/.exec(database) : null) ?? [];
      return [
        "mysql",
        "-h",
        server ?? host,
        "-D",
        name ?? (isKnown(database) ? database : hidden),
        "-e",
        sql,
      ];
    }
    case "postgres":
      return isKnown(host)
        ? ["psql", "-X", "-h", host, "-d", database, "-c", sql]
        : ["psql", "-X", "-d", database, "-c", sql];
    default:
      return engine satisfies never;
  }
}

function redis(command: string, call: CodeCall, text: string, via: string): Inner {
  const connect = rootOf(call);
  const host = plainText(connect?.named.get("host") ?? connect?.values[0] ?? fieldOf(connect, "host"));
  const url = /\brediss?:\/\/[^\s"'`)]+/.exec(text)?.[0];
  const place: readonly Arg[] =
    url !== undefined
      ? ["-u", url]
      : [
          "-h",
          host ??
            (connect === undefined || connect.values.length + connect.named.size > 0 ? hidden : "localhost"),
        ];
  return {
    kind: "call",
    argv: ["redis-cli", ...place, command],
    via,
    sight: "never",
    stdin: { kind: "none" },
  };
}

/** What a client of MongoDB made: `MongoClient(url).shop.users`, `client.db("shop").collection("users")`. */
function isMongo(call: CodeCall): boolean {
  return /mongo/i.test(rootOf(call)?.name ?? "") || /collection\(\)\.drop$/.test(call.name);
}

function mongo(call: CodeCall, verb: string, via: string): Inner {
  const url = plainText(rootOf(call)?.values[0]);
  const owner = call.receiver?.kind === "made" ? plainText(call.receiver.call.values[0]) : undefined;
  const name = plainText(call.values[0]) ?? owner ?? call.name.replace(/\(\)/g, "").split(".").at(-2) ?? "";
  const code =
    verb === "drop_database" ? "db.dropDatabase()" : `db.getCollection(${JSON.stringify(name)}).drop()`;
  const argv: readonly Arg[] = ["mongosh", url ?? hidden, "--eval", code];
  return { kind: "call", argv, via, sight: "never", stdin: { kind: "none" } };
}
