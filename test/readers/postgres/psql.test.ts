import { beforeAll, describe, expect, test } from "vitest";
import type { Stdin } from "../../../src/model/call.js";
import { psql } from "../../../src/readers/postgres/psql.js";
import type { Reading } from "../../../src/readers/reader.js";
import { show } from "../effect-words.js";
import { callOf, loadModule, sqlWorld } from "../sql-world.js";

beforeAll(loadModule);

const lost = "delete DROP TABLE users, none";

describe("ways in", () => {
  const files = {
    "/proj/drop.sql": "-- clean up\nDROP TABLE users;\n",
    "/proj/outer.sql": "\\i sub/inner.sql\n",
    "/proj/sub/inner.sql": "\\ir last.sql\n",
    "/proj/sub/last.sql": "DROP TABLE users",
    "/proj/loop.sql": "\\i loop.sql\n",
    "/home/dev/.psqlrc": "\\set who users\n",
  };
  const stdin = (text: string): Stdin => ({ kind: "text", text, from: "pipe" });
  const cases: readonly {
    readonly argv: readonly string[];
    readonly stdin?: Stdin;
    readonly does: readonly string[];
  }[] = [
    { argv: ["psql", "-c", "DROP TABLE users"], does: [lost] },
    { argv: ["psql", "-Atc", "DROP TABLE users"], does: [lost] },
    { argv: ["psql", "-cDROP TABLE users"], does: [lost] },
    { argv: ["psql", "--command=DROP TABLE users"], does: [lost] },
    { argv: ["psql", "--comm", "DROP TABLE users"], does: [lost] },
    { argv: ["psql", "app", "-c", "select 1; drop table users"], does: ["read SELECT app", lost] },
    { argv: ["psql", "-c", "select 1", "-c", "drop table users"], does: ["read SELECT the database", lost] },
    { argv: ["psql", "-f", "drop.sql"], does: [lost] },
    {
      argv: ["psql", "-f", "/proj/drop.sql", "-c", "truncate b"],
      does: [lost, "delete TRUNCATE b, all rows, none"],
    },
    { argv: ["psql", "--file=-"], stdin: stdin("DROP TABLE users"), does: [lost] },
    { argv: ["psql"], stdin: stdin("DROP TABLE users;\n"), does: [lost] },
    { argv: ["psql"], stdin: { kind: "text", text: "DROP TABLE users;\n", from: "heredoc" }, does: [lost] },
    { argv: ["psql"], stdin: { kind: "file", path: "drop.sql" }, does: [lost] },
    { argv: ["psql", "-f", "outer.sql"], does: [lost] },
    { argv: ["psql", "-c", "\\i drop.sql"], does: [lost] },
    { argv: ["psql", "-f", "loop.sql"], does: ["opaque \\i: files include one another without end"] },
    {
      argv: ["psql", "-c", "select 1"],
      stdin: stdin("DROP TABLE users"),
      does: ["read SELECT the database"],
    },
    { argv: ["psql", "-l"], stdin: stdin("DROP TABLE users"), does: [] },
    { argv: ["psql", "--version"], stdin: stdin("DROP TABLE users"), does: [] },
    { argv: ["psql"], does: [] },
    { argv: ["psql"], stdin: stdin("DROP TABLE :who;"), does: [lost] },
    {
      argv: ["psql", "-f", "missing.sql"],
      does: [
        'opaque missing.sql: cannot tell what it would run: the file "missing.sql" cannot be read: no such file',
      ],
    },
    {
      argv: ["psql"],
      stdin: { kind: "terminal" },
      does: ["opaque interactive psql: statements are typed on the terminal, where nothing sees them"],
    },
  ];
  test.each(cases)("$argv", ({ argv, stdin, does }) => {
    const reading = psql.read(callOf(argv, stdin === undefined ? {} : { stdin }), sqlWorld(files));
    expect(words(reading)).toEqual(does);
  });
});

describe("texts on stdin", () => {
  const cases: readonly (readonly [text: string, ...does: string[]])[] = [
    ["select 1 \\! rm -rf /x\n;", "read SELECT the database", "line rm -rf /x"],
    ["\\! echo a \\\\ drop table users;", "line echo a \\\\ drop table users;"],
    ["\\echo a \\\\ drop table users;", lost],
    ["\\set v `id`", "line id"],
    ["\\echo `id` 'a b'", "line id"],
    ["\\o |tee out", "line tee out"],
    ["select 1 \\g |cat", "read SELECT the database", "line cat"],
    ["select 1 \\g (format=csv) |cat", "read SELECT the database", "line cat"],
    ["select 1 \\g out.txt", "read SELECT the database", "create file /proj/out.txt"],
    ["\\w |sh", "line sh"],
    ["\\copy users to program 'cat > x'", "read COPY TO STDOUT users", "line cat > x"],
    ["\\copy users from program 'echo it''s'", "create COPY FROM users", "line echo it's"],
    [
      "\\copy (delete from users returning *) to 'f'",
      "read COPY TO STDOUT a query",
      "delete DELETE users, all rows, none",
      "create file /proj/f",
    ],
    ["\\copy users from 'f'", "create COPY FROM users"],
    ["select 'drop table users' \\gexec", "read SELECT the database", "delete DROP TABLE users, none"],
    [
      "select format('drop table %I', t) from pg_tables \\gexec",
      "read SELECT the database",
      "delete DROP TABLE …, none",
    ],
    [
      "select 'create database shop' where not exists (select from pg_database) \\gexec",
      "read SELECT the database",
      "create CREATE DATABASE shop",
    ],
    [
      "select cmd from todo \\gexec",
      "read SELECT the database",
      "opaque \\gexec: runs the SQL that a query returns",
    ],
    ["\\gexec", "opaque \\gexec: runs the SQL that a query returns"],
    ["\\setenv PGHOST x\n\\encoding UTF8\n\\sf f\n\\gdesc\n\\crosstabview\n\\watch 1"],
    ["drop table users \\r\nselect 1;", "read SELECT the database"],
    ["drop table users \\p", lost],
    ["drop table users \\g", lost],
    ["\\lo_unlink 17", "delete lo_unlink large object 17, none"],
    ["\\password app", "grant ALTER ROLE app, unknown"],
    ["\\e", "opaque \\e: runs what an editor leaves behind"],
    ["\\d users\n\\x\n\\timing on\n\\l\n\\dt+ *.*\n\\pset pager off\n\\unknown drop table users"],
    ["\\q\ndrop table users;"],
    ["\\if true\n\\q\n\\endif\ndrop table users;", lost],
    ["\\if :x\ndrop table users;\n\\endif", `${lost}?`],
    ["\\set t users\ndrop table :t;", lost],
    ['\\set t users\ndrop table :"t";', lost],
    ["\\set t 'a; drop table users'\nselect 1 as :t;", "read SELECT the database", lost],
    [
      "\\set a :b\n\\set b ':a'\nselect :b;",
      "opaque select ;: variables are expanded without end",
      "read SELECT the database",
    ],
    [
      "select 1 as n \\gset\nselect :n;",
      "read SELECT the database",
      'opaque select ":n";: the psql variable "n" holds a value that exists only at run time',
    ],
    [
      "select 1 as n \\gset\ndelete from a where id = :'n';",
      "read SELECT the database",
      "delete DELETE a, none",
    ],
    ["select a::text, b[1:2] from c where d = ':x';", "read SELECT the database"],
    ["copy a from stdin;\n1\tdrop\n2\t;\n\\.\ndrop table users;", "create COPY FROM a", lost],
    ["copy a from stdin;\ndrop table users;\n\\.\n", "create COPY FROM a", `${lost}?`],
    ["copy a from stdin; drop table users;\n1\n\\.\n", "create COPY FROM a", lost],
    ["begin;\ndelete from a;\nrollback;", "delete DELETE a, all rows (rolled back in the same text)"],
    [
      "begin;\n\\i nowhere.sql\ndelete from a;\nrollback;",
      'opaque nowhere.sql: cannot tell what it would run: the file "nowhere.sql" cannot be read: no such file',
      "delete DELETE a, all rows, none",
    ],
    ["begin;\n\\c\ndelete from a;\nrollback;", "delete DELETE a, all rows, none"],
    [
      "begin;\ncopy b from stdin;\ncommit;\n\\.\ndelete from a;\nrollback;",
      "create COPY FROM b",
      "delete DELETE a, all rows, none",
    ],
    ["create temp table t(a int);\ndrop table t;", "create CREATE TABLE t", "delete DROP TABLE t, none"],
    [
      "\\set ON_ERROR_STOP on\ncreate temp table t(a int);\ndrop table t;",
      "create CREATE TABLE t",
      "delete DROP TABLE t (a table that the same text made)",
    ],
    ["select $$;drop table users;$$, $a$;$$;$a$;", "read SELECT the database"],
    ["select E'\\';drop table users;';", "read SELECT the database"],
    ["select 'it''s \\'; drop table users; --';", "read SELECT the database", lost],
    ["select 1 /* ; /* drop */ table; */ ; drop table users", "read SELECT the database", lost],
    ["select (1; drop table users", "delete DROP TABLE users, none"],
    [
      "create function f() returns int begin atomic delete from a; select 1; end;",
      "create CREATE FUNCTION f",
    ],
    [
      "set standard_conforming_strings = off;",
      "opaque set standard_conforming_strings = off;: changes how quotes are read in what follows",
    ],
    ["\\c other\ndrop table users;", lost],
    ["selct 1;", 'opaque selct 1;: not understood by PostgreSQL\'s parser: syntax error at or near "selct"'],
    ["drop table users casade;", lost],
    [
      "upsert into a values (1);",
      'opaque upsert into a values (1);: not understood by PostgreSQL\'s parser: syntax error at or near "upsert"',
    ],
    [
      "\\c nosuch \\\\ select '\ndrop table users; --'",
      "opaque select ': a quote opens on the line of a backslash command",
      "read SELECT nosuch",
    ],
    ["\\cd sub\n\\o out.txt", "create file /proj/sub/out.txt"],
  ];
  test.each(cases)("%s", (text, ...does) => {
    const call = callOf(["psql", "-X"], { stdin: { kind: "text", text, from: "pipe" } });
    expect(words(psql.read(call, sqlWorld()))).toEqual(does);
  });
});

describe("connections", () => {
  const files = {
    "/home/dev/.pgpass": "*:*:other:*:no\ndb.example.com:5432:shop:app:hidden\n",
    "/home/dev/.pg_service.conf": "[prod]\nhost=db.example.com\ndbname=shop\nuser=app\n",
  };
  const drop = ["-Xc", "drop table users"];
  const cases: readonly {
    readonly argv: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly at: string;
    readonly by?: string;
  }[] = [
    { argv: ["psql", ...drop, "-h", "db.example.com", "-d", "shop"], at: "db.example.com/shop" },
    { argv: ["psql", ...drop, "shop", "app", "-h/tmp"], at: "localhost/shop" },
    { argv: ["psql", ...drop, "-U", "app"], at: "localhost/app" },
    { argv: ["psql", ...drop, "-p", "15432", "-h", "localhost", "shop"], at: "localhost:15432/shop" },
    {
      argv: ["psql", "postgres://app:secret@db.example.com:5432/shop", ...drop],
      at: "db.example.com/shop",
      by: "password literal print of secret",
    },
    {
      argv: ["psql", "postgres://app:s%40@db.example.com/shop", ...drop],
      env: { DATABASE_URL: "postgres://app:s%40@db.example.com/shop" },
      at: "db.example.com/shop",
      by: "DATABASE_URL env:DATABASE_URL print of s@",
    },
    { argv: ["psql", "host=a,b port=5432 dbname='my db'", ...drop], at: "a,b/my db" },
    {
      argv: ["psql", "-h", "x", "postgresql:///shop?host=db.example.com&port=6", ...drop],
      at: "db.example.com:6/shop",
    },
    {
      argv: ["psql", ...drop],
      env: { PGHOST: "db.example.com", PGDATABASE: "shop", PGPASSWORD: "secret" },
      at: "db.example.com/shop",
      by: "PGPASSWORD env:PGPASSWORD print of secret",
    },
    {
      argv: ["psql", "service=prod", ...drop],
      at: "db.example.com/shop",
      by: ".pgpass config:~/.pgpass print of hidden",
    },
    // As the real client has it: the service's file wins over the environment, an address over a name.
    {
      argv: ["psql", ...drop],
      env: { PGSERVICE: "prod", PGHOST: "x" },
      at: "db.example.com/shop",
      by: ".pgpass config:~/.pgpass print of hidden",
    },
    { argv: ["psql", ...drop], env: { PGSERVICE: "nowhere" }, at: "nowhere/" },
    { argv: ["psql", "host=localhost hostaddr=10.0.0.5 dbname=shop", ...drop], at: "10.0.0.5/shop" },
    {
      argv: ["psql", "postgres://localhost/shop", ...drop],
      env: { PGHOSTADDR: "10.0.0.5" },
      at: "10.0.0.5/shop",
    },
    { argv: ["psql", "postgres://localhost?x@db.example.com/shop", ...drop], at: "db.example.com/shop" },
    {
      argv: ["psql", "application_name=a'host=localhost dbname=shop", ...drop],
      env: { PGHOST: "db.example.com" },
      at: "db.example.com/shop",
    },
    { argv: ["psql", ...drop], env: { PGCLUSTER: "15/db.example.com:5433" }, at: "db.example.com:5433/" },
    {
      argv: ["psql", "--cluster=15/db.example.com:5432", ...drop],
      env: { PGHOST: "localhost" },
      at: "db.example.com/",
    },
    {
      argv: ["psql", "-Xc", "\\c shop app db.example.com", "-c", "drop table users"],
      at: "db.example.com/shop",
      by: ".pgpass config:~/.pgpass print of hidden",
    },
  ];
  test.each(cases)("$argv", ({ argv, env, at, by }) => {
    const [effect] = psql.read(callOf(argv, { env: env ?? {} }), sqlWorld(files)).effects;
    const place = effect?.resource === "sql" ? `${effect.host}/${effect.database}` : undefined;
    const credentials = effect?.credentials.map(
      ({ name, from, fingerprint }) => `${name} ${from} ${fingerprint}`,
    );
    expect([place, credentials]).toEqual([at, by === undefined ? [] : [by]]);
  });
});

test("a stdin that is not known is wanted, and left to the shim where there is one", () => {
  const stdin: Stdin = { kind: "unknown", reason: "a pipe" };
  const call = callOf(["psql", "-X"], { stdin });
  const now = psql.read(call, sqlWorld());
  const later = psql.read({ ...call, sight: "later" }, sqlWorld());
  const opaque = ["opaque -: cannot tell what it would run: a pipe"];
  expect([now.wantsStdin, words(now), later.wantsStdin, words(later)]).toEqual([true, opaque, true, []]);
});

test("-o and -L", () => {
  const read = (...argv: readonly string[]) =>
    words(psql.read(callOf(["psql", "-Xc", "select 1", ...argv]), sqlWorld()));
  expect([read("-o", "|sh"), read("-o", "out"), read("-L", "log")]).toEqual([
    ["read SELECT the database", "line sh"],
    ["create file /proj/out", "read SELECT the database"],
    ["create file /proj/log", "read SELECT the database"],
  ]);
});

function words(reading: Reading): readonly string[] {
  const lines = reading.inner.map(
    (inner) => `line ${inner.kind === "line" ? inner.text : inner.argv.join(" ")}`,
  );
  return [...reading.effects.map(show), ...lines];
}
