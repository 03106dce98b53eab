import { expect, test } from "vitest";
import { postgresTools } from "../../../src/readers/postgres/tools.js";
import { mysql } from "../../../src/readers/sql/mysql.js";
import { mysqladmin, mysqlTools } from "../../../src/readers/sql/mysql-tools.js";
import { sqlite } from "../../../src/readers/sql/sqlite.js";
import { mongo } from "../../../src/readers/stores/mongo.js";
import { redis } from "../../../src/readers/stores/redis.js";
import { show } from "../effect-words.js";
import { callOf, sqlWorld } from "../sql-world.js";

const readers = new Map(
  [mysql, mysqladmin, mysqlTools, postgresTools, redis, sqlite, mongo].flatMap((reader) =>
    reader.names.map((name) => [name, reader] as const),
  ),
);
const files = {
  "/proj/app.db": "x",
  "/proj/d.sql": "DROP TABLE users;",
  "/proj/d.js": "db.users.drop()",
  "/proj/f.lua": "redis.call('del', KEYS[1])",
};

/** The words, what stands on stdin, and all that the call does. */
const cases: readonly (readonly [argv: readonly string[], stdin: string, ...does: string[]])[] = [
  [["dropdb", "prod"], "", "delete DROP DATABASE prod, none"],
  [["dropdb", "-h", "db.example.com", "--if-exists", "-f", "prod"], "", "delete DROP DATABASE prod, none"],
  [["dropuser", "app"], "", "delete DROP ROLE app, unknown"],
  [["createuser", "-s", "app"], "", "grant CREATE ROLE SUPERUSER app, unknown"],
  [["createuser", "app"], "", "grant CREATE ROLE app, unknown"],
  [["createdb", "x"], "", "create CREATE DATABASE x"],
  [["pg_restore", "-c", "-d", "prod", "d.dump"], "", "delete RESTORE CLEAN prod, all rows, none"],
  [
    ["pg_restore", "--clean", "--if-exists", "--create", "-d", "prod", "d.dump"],
    "",
    "delete RESTORE CLEAN prod, all rows, none",
  ],
  [["pg_restore", "-d", "prod", "d.dump"], "", "create RESTORE prod"],
  [["pg_restore", "-l", "d.dump"], ""],
  [["pg_restore", "-c", "d.dump"], ""],
  [["pg_dump", "prod"], ""],
  [["pg_dump", "-f", "app.db", "prod"], "", "modify file /proj/app.db, unknown"],
  [["dropdb", "--version"], ""],
  [["mysql", "-e", "DROP TABLE users"], "", "delete DROP TABLE users, none"],
  [
    ["mysql", "-uroot", "-psecret", "shop", "-e", "drop database if exists shop"],
    "",
    "delete DROP DATABASE shop, none",
  ],
  [
    ["mysql", "shop"],
    "delete from users;\nselect 1;",
    "delete DELETE users, all rows, none",
    "read SELECT the database",
  ],
  [["mysql", "--execute=truncate users", "shop"], "", "delete TRUNCATE users, all rows, none"],
  [["mysql", "shop"], "delete from users where id=1 limit 1;", "delete DELETE users, none"],
  [["mysql", "shop"], "update users set a=1;", "modify UPDATE users, all rows, none"],
  [
    ["mysql", "shop"],
    "update low_priority `My Users` set a=1 where id=2;",
    "modify UPDATE My Users, unknown",
  ],
  [["mysql", "shop"], "/*!50000 DROP TABLE users */;", "delete DROP TABLE users, none"],
  [["mysql", "shop"], "select '; drop table users; -- ';", "read SELECT the database"],
  [["mysql", "shop"], "select 'it\\'s; drop table users';", "read SELECT the database"],
  [["mysql", "shop"], "# drop table users\nselect 1; -- drop", "read SELECT the database"],
  [
    ["mysql", "shop"],
    "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM users; END//\nDELIMITER ;\nCALL p();",
    "create CREATE PROCEDURE p",
    "opaque CALL p(): the body of the procedure is not known",
  ],
  [
    ["mysql", "shop"],
    "system rm -rf /x\n\\! id\nselect 1 \\! id",
    "read SELECT the database",
    "line rm -rf /x",
    "line id",
    "line id",
  ],
  [["mysql", "shop"], "source d.sql", "delete DROP TABLE users, none"],
  [
    ["mysql", "shop", "--init-command", "drop table a", "-e", "select 1"],
    "",
    "delete DROP TABLE a, none",
    "read SELECT the database",
  ],
  [
    ["mysql", "shop"],
    "alter table users drop column email, drop index i;",
    "delete ALTER TABLE DROP COLUMN users.email, none",
    "delete ALTER TABLE DROP INDEX users, unknown",
  ],
  [["mysql", "shop"], "alter table users add column a int;", "modify ALTER TABLE users, unknown"],
  [["mysql", "shop"], "grant all on *.* to app;", "grant GRANT all on * . * to app, unknown"],
  [["mysql", "shop"], "create user app identified by 'x';", "grant CREATE ROLE app, unknown"],
  [["mysql", "shop"], "load data infile 'x' into table users;", "create LOAD DATA users"],
  [
    ["mysql", "shop"],
    "select * from users into outfile '/tmp/x';",
    "modify SELECT INTO FILE /tmp/x, unknown",
  ],
  [["mysql", "shop"], "with x as (select 1) delete from users;", "delete DELETE users, all rows, none"],
  [["mysql", "shop"], "prepare s from 'drop table users'; execute s;", "delete DROP TABLE users, none"],
  [
    ["mysql", "shop"],
    "execute immediate concat('drop', @t);",
    "opaque execute immediate concat('drop', @t): runs SQL that is put together at run time",
  ],
  [
    ["mysql", "shop"],
    "purge binary logs to 'x'; reset master; shutdown;",
    "delete PURGE BINARY LOGS the binary log, none",
    "delete RESET MASTER the binary log, none",
    "execute SHUTDOWN the server, unknown",
  ],
  [["mysql", "shop"], "explain delete from users;", "read EXPLAIN the database"],
  [
    ["mysql", "shop"],
    "frobnicate users;",
    "opaque frobnicate users: a statement that begins with a word that is not known here",
  ],
  [
    ["mysql", "shop"],
    "use other; show tables; set @a = 1; start transaction; commit;",
    "read SHOW the database",
  ],
  [["mysql", "--help"], ""],
  [["mysqladmin", "-h", "db", "drop", "shop"], "", "delete DROP DATABASE shop, none"],
  [["mysqladmin", "shutdown"], "", "execute SHUTDOWN the server, unknown"],
  [["mysqladmin", "status"], ""],
  [["sqlite3", "app.db", "DROP TABLE users"], "", "delete DROP TABLE users, none"],
  [["sqlite3", "app.db"], "delete from users;", "delete DELETE users, all rows, none"],
  [["sqlite3", "app.db", "select 1"], "", "read SELECT the database"],
  [["sqlite3", ":memory:", "drop table users"], "", "delete DROP TABLE users, recreate"],
  [["sqlite3", "/tmp/x.db", "drop table users"], "", "delete DROP TABLE users, recreate"],
  [["sqlite3", "fresh.db", "drop table users"], "", "delete DROP TABLE users, recreate"],
  [["sqlite3", "-cmd", "drop table a", "app.db", ".tables"], "", "delete DROP TABLE a, none"],
  [
    ["sqlite3", "app.db"],
    ".shell rm -rf x\n.sy id\n.once '|cat > y'\n.output out.txt\n.read d.sql\n.import data.csv users\n.restore back.db\n.load x.so\n.tables\n.schema",
    "create file /proj/out.txt",
    "delete DROP TABLE users, none",
    "create IMPORT users",
    "delete RESTORE app.db, all rows, none",
    "opaque x.so: loads code from a library",
    "line rm -rf x",
    "line id",
    "line cat > y",
  ],
  [
    ["sqlite3", "app.db"],
    "create trigger t after insert on a begin delete from b; end; delete from [my table] where 1;",
    "create CREATE TRIGGER t",
    "delete DELETE my table, all rows, none",
  ],
  [
    ["sqlite3", "app.db", "select writefile('x', 'y')"],
    "",
    "opaque select writefile('x', 'y'): calls a function that writes files or loads code",
  ],
  [["sqlite3", "-readonly", "app.db", ".schema"], ""],
  [["duckdb", "app.db", "-c", "drop table users"], "", "delete DROP TABLE users, none"],
  [["redis-cli", "FLUSHALL"], "", "delete FLUSHALL database all, all rows, none"],
  [["redis-cli", "-h", "cache", "-n", "2", "flushdb"], "", "delete FLUSHDB database 2, all rows, none"],
  [["redis-cli", "DEL", "a", "b"], "", "delete DEL a, none", "delete DEL b, none"],
  [["redis-cli", "GET", "a"], ""],
  [["redis-cli", "SET", "a", "1"], ""],
  [["redis-cli", "CONFIG", "SET", "dir", "/root"], "", "modify CONFIG SET dir, unknown"],
  [["redis-cli", "CONFIG", "GET", "*"], ""],
  [["redis-cli", "SHUTDOWN"], "", "execute SHUTDOWN the server, unknown"],
  [
    ["redis-cli", "EVAL", "return redis.call('FLUSHALL')", "0"],
    "",
    "delete FLUSHALL keys of a script, all rows, none",
  ],
  [["redis-cli", "EVAL", "return 1", "0"], ""],
  [["redis-cli"], "GET a\nFLUSHALL\n", "delete FLUSHALL database all, all rows, none"],
  [["redis-cli", "--eval", "f.lua", "a"], "", "delete DEL keys of a script, none"],
  [["redis-cli", "-u", "redis://:pw@cache:6380/3", "UNLINK", "a"], "", "delete UNLINK a, none"],
  [["redis-cli", "--scan"], ""],
  [["redis-cli", "-r", "3", "DEL", "a"], "", "delete DEL a, none"],
  [["mongosh", "shop", "--eval", "db.dropDatabase()"], "", "delete DROP DATABASE shop, none"],
  [["mongosh", "shop", "--eval", "db.users.drop()"], "", "delete DROP COLLECTION users, none"],
  [["mongosh", "shop", "--eval", "db.users.deleteMany({})"], "", "delete DELETE users, all rows, none"],
  [["mongosh", "shop", "--eval", "db.users.deleteMany({a: 1})"], "", "delete DELETE users, none"],
  [["mongosh", "shop", "--eval", "db['users']['drop']()"], "", "delete DROP COLLECTION users, none"],
  [
    ["mongosh", "shop", "--eval", "db.getCollection('users').remove({})"],
    "",
    "delete DELETE users, all rows, none",
  ],
  [["mongosh", "shop", "--eval", "db.runCommand({drop: 'users'})"], "", "delete DROP COLLECTION users, none"],
  [["mongosh", "shop", "--eval", "db.users.find({drop: 1})"], ""],
  [
    ["mongosh", "shop", "--eval", "db.users.updateMany({}, {$set: {a: 1}})"],
    "",
    "modify UPDATE users, all rows, none",
  ],
  [["mongosh", "shop", "d.js"], "", "delete DROP COLLECTION users, none"],
  [["mongosh", "mongodb+srv://u:p@c.example.com/shop"], "db.users.countDocuments()"],
  [["mongosh", "shop", "--eval", "// db.users.drop()\nprint('db.users.drop()')"], ""],
  [["mongosh", "shop", "--eval", "eval('db.' + x)"], "", "opaque eval: runs code that was not looked at"],
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
    expect([...(reading?.effects.map(show) ?? []), ...lines]).toEqual(does);
  },
);
