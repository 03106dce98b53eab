import { expect, test } from "vitest";
import { sqlClientReader } from "../../src/readers/sql/clients.js";
import { mysql } from "../../src/readers/sql/mysql.js";
import { mysqladmin, mysqlTools } from "../../src/readers/sql/mysql-tools.js";
import { sqlite } from "../../src/readers/sql/sqlite.js";
import { kafka } from "../../src/readers/stores/kafka.js";
import { mongo } from "../../src/readers/stores/mongo.js";
import { mongoTools } from "../../src/readers/stores/mongo-tools.js";
import { redis } from "../../src/readers/stores/redis.js";
import { show } from "./effect-words.js";
import { callOf, sqlWorld } from "./sql-world.js";

const readers = new Map(
  [mysql, mysqladmin, mysqlTools, redis, sqlite, mongo, mongoTools, kafka, sqlClientReader].flatMap(
    (reader) => reader.names.map((name) => [name, reader] as const),
  ),
);
const files = {
  "/proj/app.db": "x",
  "/proj/d.sql": "DROP TABLE users;",
  "/proj/d.js": "db.users.drop()",
  "/proj/my.cnf":
    "[mysqld]\nport=1\n[client]\nhost = db.example.com # x\ndatabase='shop'\n[mysql]\ninit-command=\"truncate a\"\n",
};

/** The words, what stands on stdin, and all that the call does; with the server where that is not this machine. */
const cases: readonly (readonly [argv: readonly string[], stdin: string, ...does: string[]])[] = [
  [
    ["mysql", "-h", "db.example.com", "-P", "3307", "shop", "-e", "delete from users where id=1"],
    "",
    "delete DELETE users, none @db.example.com:3307/shop",
  ],
  [["mysql", "shop"], "use other\ndrop table users;\n", "delete DROP TABLE users, none"],
  [
    ["mysql", "shop"],
    "notee\ntee out.log\ntruncate users\\G\nconnect shop db.example.com\n",
    "create file /proj/out.log",
    "opaque connect shop db.example.com: goes on with another server",
    "delete TRUNCATE users, all rows, none",
  ],
  [
    ["mysql", "shop", "-U", "-e", "delete from users; update users set a=1; truncate users"],
    "",
    "delete DELETE users, none",
    "modify UPDATE users, none",
    "delete TRUNCATE users, all rows, none",
  ],
  [
    ["mysql", "shop", "-U", "-e", "set sql_safe_updates=0; delete from users"],
    "",
    "delete DELETE users, all rows, none",
  ],
  [
    ["mysql", "--defaults-file=/proj/my.cnf", "-e", "update users set a=1 where id=2"],
    "",
    "delete TRUNCATE a, all rows, none @db.example.com/shop",
    "modify UPDATE users, unknown @db.example.com/shop",
  ],
  [["mysql", "--no-defaults", "-e", "select 1"], "", "read SELECT the database"],
  [
    ["mysql", "shop", "--tee=app.db", "-e", "select 1"],
    "",
    "read SELECT the database",
    "modify file /proj/app.db",
  ],
  [
    ["mysql", "shop"],
    "begin; delete from a; commit; begin; delete from b; rollback;",
    "delete DELETE a, all rows, none",
    "delete DELETE b, all rows (rolled back in the same text)",
  ],
  [
    ["mysql", "shop"],
    "begin; delete from a; drop table b; rollback;",
    "delete DELETE a, all rows, none",
    "delete DROP TABLE b, none",
  ],
  [
    ["mysql", "shop"],
    "create temporary table t(a int); delete from t; drop table t; drop table t;",
    "create CREATE TABLE t",
    "delete DELETE t, all rows (a table that the same text made)",
    "delete DROP TABLE t (a table that the same text made)",
    "delete DROP TABLE t, none",
  ],
  [
    ["mysql", "shop"],
    "set global read_only=0; set @@global.event_scheduler=1; set global max_connections=5; set password = 'x';",
    "modify SET GLOBAL global read_only = 0, unknown",
    "modify SET GLOBAL @ @ global . event_scheduler = 1, unknown",
    "grant SET PASSWORD x, unknown",
  ],
  [
    ["mysql", "shop"],
    "change replication source to source_host='x'; stop replica; reset replica all; clone instance from 'a'@'b':3306 identified by 'c';",
    "modify CHANGE REPLICATION SOURCE replication source to source_host = x, unknown",
    "execute STOP replica, unknown",
    "execute RESET REPLICA replica all, unknown",
    "delete CLONE INSTANCE the server's data, all rows, none",
  ],
  [
    ["mysql", "shop"],
    "drop; handler t open; do sleep(1); rename table a to b;",
    "opaque drop: a DROP that names nothing",
  ],
  [["mysqladmin", "-f", "drop", "shop"], "", "delete DROP DATABASE shop, none"],
  [["mysqladmin", "shut"], "", "execute SHUTDOWN the server, unknown"],
  [["mysqladmin", "s"], ""],
  [["mysqladmin", "-u", "root", "flush-logs", "processlist"], ""],
  [
    ["mysqldump", "--delete-source-logs", "shop", "-r", "app.db"],
    "",
    "delete PURGE BINARY LOGS the binary log, none",
    "modify file /proj/app.db, unknown",
  ],
  [["mysqldump", "--add-drop-table", "shop"], ""],
  [["mysqlimport", "-d", "shop", "/tmp/users.txt"], "", "delete DELETE users, all rows, none"],
  [["mysqlimport", "--replace", "shop", "users.txt"], "", "modify REPLACE users, unknown"],
  [["mysql_secure_installation"], "", "grant SET PASSWORD the root account, unknown"],
  [
    ["sqlite3", "/tmp/a.db", "attach 'app.db' as o; drop table o.users"],
    "",
    "read ATTACH app.db",
    "delete DROP TABLE o.users, none",
  ],
  [["sqlite3", ":memory:", ".open app.db", "delete from users"], "", "delete DELETE users, all rows, none"],
  [["sqlite3", ":memory:", ".open --new app.db"], "", "modify file /proj/app.db, unknown"],
  [["sqlite3", "-readonly", "app.db", "delete from users", ".shell id"], "", "line id"],
  [["sqlite3", "file:app.db?mode=ro", "delete from users"], ""],
  [
    ["sqlite3", "app.db", "pragma writable_schema=on; pragma writable_schema"],
    "",
    "modify PRAGMA writable_schema the schema, all rows, none",
  ],
  [["sqlite3", "app.db", ".archive -x"], "", "opaque -x: unpacks files over those of the same name"],
  [["sqlite3", "app.db", "-Ax"], "", "opaque -x: unpacks files over those of the same name"],
  [
    ["sqlite3", "app.db"],
    ".log app.log\n.backup main app.db\n.once stdout\n.import '|cat x' users\n",
    "create file /proj/app.log",
    "modify file /proj/app.db, unknown",
    "line cat x",
  ],
  [
    ["sqlite3", "app.db", "begin; drop table a; rollback;"],
    "",
    "delete DROP TABLE a (rolled back in the same text)",
  ],
  [
    ["sqlite3", "app.db", "create temp table a(b); drop table a; drop table main.a"],
    "",
    "create CREATE TABLE a",
    "delete DROP TABLE a (a table that the same text made)",
    "delete DROP TABLE main.a, none",
  ],
  [
    [
      "duckdb",
      "app.db",
      "-c",
      "copy t to 'app.db'; install httpfs; load httpfs; load '/x.so'; create or replace table t as select 1",
    ],
    "",
    "modify file /proj/app.db, unknown",
    "execute LOAD /x.so, unknown",
    "delete CREATE OR REPLACE TABLE t, none",
  ],
  [["duckdb", "app.db", "-f", "d.sql"], "", "delete DROP TABLE users, none"],
  [
    ["duckdb", "-c", "attach 'postgres:dbname=shop' as p; drop table p.users"],
    "",
    "read ATTACH postgres:dbname=shop",
    "delete DROP TABLE p.users, none",
  ],
  [["mongosh", "--eval", "load('d.js')"], "", "delete DROP COLLECTION users, none"],
  [["mongosh", "--eval", "load(name)"], "", "opaque load: runs code that was not looked at"],
  [
    ["mongosh", "shop", "--eval", "db[name]()"],
    "",
    "opaque db[name](): calls a method whose name is put together at run time",
  ],
  [
    ["mongosh", "shop", "--eval", "rows[0](1); db['users'].find()"],
    "",
    "opaque rows[0](1);db: calls a method whose name is put together at run time",
  ],
  [
    ["mongosh", "shop", "--eval", "db.users.update({}, {$set: {a: 1}}, {multi: true})"],
    "",
    "modify UPDATE users, all rows, none",
  ],
  [
    ["mongosh", "shop", "--eval", "db.users.findAndModify({query: {}, remove: true})"],
    "",
    "delete DELETE users, none",
  ],
  [["mongosh", "shop", "--eval", "db.users.bulkWrite(ops)"], "", "delete DELETE users, none"],
  [["mongosh", "shop", "--eval", "db.users.bulkWrite([{insertOne: {document: {a: 1}}}])"], ""],
  [
    ["mongosh", "shop", "--eval", "db.a.aggregate([{$merge: {into: 'b'}}])"],
    "",
    "modify MERGE shop, unknown",
  ],
  [
    ["mongosh", "shop", "--eval", "db.adminCommand({renameCollection: 'a.b', to: 'a.c', dropTarget: true})"],
    "",
    "delete DROP COLLECTION a.b, none",
  ],
  [
    ["mongosh", "shop", "--eval", "db.adminCommand({setParameter: 1, logLevel: 0})"],
    "",
    "modify ALTER SYSTEM a server parameter, unknown",
  ],
  [["mongosh", "shop", "--eval", "db.runCommand({find: 'drop'})"], ""],
  [
    ["mongosh", "shop", "--eval", "rs.stepDown(); rs.remove('h:1'); sh.stopBalancer(); sh.status()"],
    "",
    "execute stepDown the server, unknown",
    "execute rs.remove h:1, unknown",
    "execute sh.stopBalancer the cluster, unknown",
  ],
  [
    ["mongosh", "shop", "--eval", "db.fsyncLock(); db.killOp(3)"],
    "",
    "execute fsyncLock the server, unknown",
    "execute killOp the server, unknown",
  ],
  [
    ["mongosh", "shop", "--eval", "db['dr\\x6fp' + 'x']; db['dr\\x6fpDatabase']()"],
    "",
    "delete DROP DATABASE shop, none",
  ],
  [["mongorestore", "--drop", "--nsInclude=shop.*", "dump"], "", "delete RESTORE CLEAN test, all rows, none"],
  [["mongorestore", "dump"], ""],
  [
    ["mongoimport", "--uri", "mongodb://u:p@db.example.com/shop", "-c", "users", "--drop", "u.json"],
    "",
    "delete DROP COLLECTION shop.users, none @db.example.com/shop",
  ],
  [["mongoexport", "-c", "users", "-o", "app.db"], "", "modify file /proj/app.db, unknown"],
  [["mongofiles", "put", "--replace", "a.txt"], "", "modify REPLACE a.txt, unknown"],
  [
    ["redis-cli", "eval", "redis.call('DEL', KEYS[1]); redis.call('GET', 'x')", "1", "a"],
    "",
    "delete DEL keys of a script, none",
  ],
  [
    ["redis-cli", "eval", "local c = redis.call; c('FLUSHALL')", "0"],
    "",
    "opaque local c = redis.call; c('FLUSHALL'): a script whose commands are put together at run time",
  ],
  [
    ["redis-cli", "eval", "for _, k in ipairs(redis.call('KEYS', 'a*')) do redis.pcall('DEL', k) end", "0"],
    "",
    "delete DEL keys of a script, all rows, none",
  ],
  [
    ["redis-cli", "eval", "redis.call('config', 'set', 'dir', '/tmp')", "0"],
    "",
    "modify CONFIG SET keys of a script, unknown",
  ],
  [["redis-cli", "fcall", "f", "0"], "", "opaque FCALL: runs a script that the server holds"],
  [["redis-cli", "expire", "a", "-1"], "", "delete DEL a, none"],
  [["redis-cli", "expire", "a", "60"], ""],
  [["redis-cli", "restore", "a", "0", "x", "REPLACE"], "", "modify RESTORE a, unknown"],
  [["redis-cli", "restore", "a", "0", "x"], ""],
  [["redis-cli", "replicaof", "no", "one"], "", "execute REPLICAOF the server, all rows, unknown"],
  [
    ["redis-cli", "--cluster", "reshard", "10.0.0.1:7000"],
    "",
    "execute CLUSTER reshard 10.0.0.1:7000, unknown @10.0.0.1:7000/0",
  ],
  [
    ["redis-cli", "--cluster", "call", "10.0.0.1:7000", "flushall"],
    "",
    "delete FLUSHALL database all, all rows, none @10.0.0.1:7000/0",
  ],
  [["redis-cli", "--cluster", "info", "10.0.0.1:7000"], ""],
  [["redis-cli", "--pipe"], "*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n", "delete DEL a, none"],
  [["redis-cli", "--rdb", "app.db"], "", "modify file /proj/app.db, unknown"],
  [["redis-cli", "debug", "sleep", "3"], "", "execute DEBUG SLEEP 3, unknown"],
  [["redis-cli", "xgroup", "destroy", "s", "g"], "", "delete XGROUP DESTROY s, none"],
  [["redis-cli", "2", "DEL", "a"], "", "delete DEL a, none"],
  [
    [
      "clickhouse",
      "client",
      "--host",
      "ch",
      "-q",
      "alter table e delete where 1; alter table e drop index i; alter table e modify ttl d + interval 1 day",
    ],
    "",
    "delete DELETE e, all rows, none @ch/",
    "delete ALTER TABLE DROP INDEX e, unknown @ch/",
    "delete MODIFY TTL e, all rows, none @ch/",
  ],
  [["clickhouse", "server"], ""],
  [
    [
      "clickhouse-client",
      "-q",
      "select 1 into outfile 'x.csv'; create or replace table e (a int) engine=Memory",
    ],
    "",
    "read SELECT the database",
    "delete CREATE OR REPLACE TABLE e, none",
  ],
  [
    ["sqlcmd", "-Q", "select 1 drop table a delete from b where id = 1"],
    "",
    "read SELECT the database",
    "delete DROP TABLE a, none",
    "delete DELETE b, none",
  ],
  [
    ["sqlcmd", "-Q", "grant select, delete on users to app"],
    "",
    "grant GRANT select , delete on users to app, unknown",
  ],
  [
    ["sqlcmd", "-i", "d.sql", "-S", "db.example.com,1433"],
    "",
    "delete DROP TABLE users, none @db.example.com/",
  ],
  [
    ["sqlcmd"],
    "create trigger t on a for delete as begin delete from b end\ngo\ndelete from c\ngo\n",
    "create CREATE TRIGGER t",
    "delete DELETE c, all rows, none",
  ],
  [
    ["sqlcmd"],
    ":r d.sql\n:connect other\n:out app.db\n!!id\n",
    "opaque :connect other: goes on with another server",
    "modify file /proj/app.db, unknown",
    "delete DROP TABLE users, none",
    "line id",
  ],
  [["sqlcmd", "-Q", "merge into a using b on a.i=b.i when matched then delete"], "", "delete MERGE a, none"],
  [
    [
      "sqlcmd",
      "-Q",
      "exec sp_configure 'show advanced options', 1; exec sp_addrolemember 'db_owner', 'app'; exec p",
    ],
    "",
    "modify ALTER SYSTEM 1, unknown",
    "grant sp_addrolemember app, unknown",
    "opaque exec p: the body of the procedure is not known",
  ],
  [
    ["sqlcmd", "-Q", "exec sp_executesql N'select 1; drop table a'; exec('drop ' + @t)"],
    "",
    "read SELECT the database",
    "delete DROP TABLE a, none",
    "opaque exec('drop ' + @t): runs SQL that is put together at run time",
  ],
  [
    [
      "sqlcmd",
      "-Q",
      "dbcc checkdb; dbcc checktable('a', repair_allow_data_loss); backup database a to disk='x'",
    ],
    "",
    "delete DBCC REPAIR checktable ( a , repair_allow_data_loss ), none",
    "read BACKUP the database",
  ],
  [["sqlplus", "a/b@db.example.com:1521/X", "@d"], "", "delete DROP TABLE users, none @db.example.com:1521/"],
  [
    ["sqlplus", "a/b"],
    "set echo on\ndrop user shop cascade;\nflashback table t to before drop;\n@d\nhost id\nalter system kill session '1,2';\n",
    "delete DROP SCHEMA shop, none",
    "delete DROP TABLE users, none",
    "execute KILL system kill session 1,2, unknown",
    "line id",
  ],
  [["db2", "force", "applications", "all"], "", "execute FORCE APPLICATION applications all, unknown"],
  [["db2", "-tvf", "d.sql"], "", "delete DROP TABLE users, none"],
  [
    ["isql-fb", "shop.fdb"],
    "drop database;\nshell id;\n",
    "delete DROP DATABASE database, none @shop.fdb/",
    "line id",
  ],
  [
    ["cqlsh", "db.example.com", "-k", "shop", "-e", "begin batch delete from a where i=1; apply batch"],
    "",
    "delete DELETE a, none @db.example.com/shop",
  ],
  [["cqlsh", "-f", "d.sql"], "", "delete DROP TABLE users, none"],
  [
    ["cockroach", "sql", "--url", "postgres://u@db.example.com:26257/shop", "-e", "drop table users"],
    "",
    "delete DROP TABLE users, none @db.example.com/shop",
  ],
  [
    ["cockroach", "sql"],
    "\\! id\n\\i d.sql\ncancel session 'x';\n",
    "delete DROP TABLE users, none",
    "execute CANCEL session x, unknown",
    "line id",
  ],
  [
    [
      "snowsql",
      "-a",
      "acme",
      "-q",
      "remove @stage/a; put file:///x @stage; create or replace schema s; create or replace temp table t(a int)",
    ],
    "",
    "delete REMOVE @ stage / a, none @acme/",
    "delete CREATE OR REPLACE SCHEMA s, none @acme/",
    "create CREATE TABLE t @acme/",
  ],
  [
    ["bq", "--project_id", "p", "query", "--destination_table", "d.t", "--replace", "select 1"],
    "",
    "read SELECT the database @bigquery/p",
    "delete CREATE OR REPLACE TABLE d.t, none @bigquery/p",
  ],
  [["bq", "query"], "drop table d.t", "delete DROP TABLE d.t, none @bigquery/"],
  [["bq", "ls"], ""],
  [["turso", "db", "shell", "shop", "drop table a"], "", "delete DROP TABLE a, none @turso.io/shop"],
  [
    ["trino", "--server", "https://trino.example.com:443", "--execute", "delete from a"],
    "",
    "delete DELETE a, all rows, none @trino.example.com:443/",
  ],
  [
    ["beeline", "-u", "jdbc:hive2://h.example.com:10000/shop", "-e", "insert overwrite table a select 1"],
    "",
    "delete INSERT OVERWRITE a, all rows, none @h.example.com/shop",
  ],
  [
    ["hive", "-e", "!rm -rf x;\nload data inpath 'x' overwrite into table a;"],
    "",
    "delete INSERT OVERWRITE a, all rows, none",
    "line rm -rf x",
  ],
  [["impala-shell", "-q", "invalidate metadata"], ""],
  [["influx", "-execute", "drop measurement cpu", "-database", "m"], "", "delete DROP MEASUREMENT cpu, none"],
  [["influx", "query", "x"], ""],
  [
    ["mycli", "mysql://u:p@db.example.com/shop", "-e", "drop table a"],
    "",
    "delete DROP TABLE a, none @db.example.com/shop",
  ],
  [["dolt", "sql", "-q", "drop table a"], "", "delete DROP TABLE a, none"],
  [["dolt", "push", "--force"], ""],
  [
    ["cypher-shell", "match (n:User {id: 1}) delete n"],
    "",
    "delete DELETE ( n : User { id : 1 } ) delete n, none",
  ],
  [["cypher-shell", "match (n) remove n.a"], "", "modify UPDATE ( n ) remove n . a, all rows, none"],
  [
    ["cypher-shell", "call apoc.periodic.iterate('a', 'b', {})"],
    "",
    "opaque call apoc.periodic.iterate('a', 'b', {}): calls a procedure that runs what it is given",
  ],
  [["cypher-shell", "match (n:Delete) return n"], "", "read MATCH the graph"],
  [["ksql", "-e", "drop stream orders"], "", "delete DROP STREAM orders, none"],
  [
    ["kafka-topics.sh", "--bootstrap-server", "k:9092", "--delete", "--topic", "orders"],
    "",
    "delete delete topic orders, none",
  ],
  [["kafka-topics", "--bootstrap-server", "k:9092", "--list"], ""],
  [["kafka-consumer-groups", "--reset-offsets", "--group", "g", "--dry-run"], ""],
  [
    ["kafka-consumer-groups", "--reset-offsets", "--group", "g", "--execute"],
    "",
    "modify reset-offsets consumer-group g, none",
  ],
  [["kafka-acls", "--add", "--topic", "t"], "", "grant add access t, unknown"],
];

test.each(cases.map(([argv, text, ...does]) => ({ argv, text, does })))(
  "$argv < $text",
  ({ argv, text, does }) => {
    const world = sqlWorld(files);
    const session = { ...world.session, startedAt: 5 };
    const reading = readers
      .get(argv[0] ?? "")
      ?.read(callOf(argv, { stdin: { kind: "text", text, from: "pipe" } }), { ...world, session });
    const lines = reading?.inner.map((inner) => (inner.kind === "line" ? `line ${inner.text}` : "")) ?? [];
    const effects = (reading?.effects ?? []).map((effect) => {
      const isAway = effect.resource === "sql" && effect.host !== "localhost";
      return `${show(effect)}${isAway ? ` @${effect.host}/${effect.database}` : ""}`;
    });
    expect([...effects, ...lines]).toEqual(does);
  },
);
