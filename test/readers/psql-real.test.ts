import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effect } from "../../src/model/effect.js";
import { psql } from "../../src/readers/postgres/psql.js";
import { startCluster } from "../scripts/postgres.js";
import { callOf, loadModule, sqlWorld } from "./sql-world.js";

/**
 * Texts that are easily misread, given to the real psql and to the reader: whatever was lost, the reader must have said
 * so; and where it said that nothing is lost, all rows must still be there.
 */
const texts: readonly string[] = [
  "drop table users;",
  "DROP\tTABLE\nusers",
  "truncate users",
  "delete from users where id = 1;",
  "delete from users where id = 99;",
  "with gone as (delete from users returning *) select count(*) from gone;",
  "explain analyze delete from users;",
  "explain delete from users;",
  "begin; delete from users; rollback;",
  "begin; drop table users; rollback;",
  "begin; drop table users; commit; rollback;",
  "begin; delete from users;",
  "begin; prepare p as delete from users; rollback; execute p;",
  "begin; copy nosuch from stdin;\ncommit;\n\\.\ndelete from users; rollback;",
  "copy nosuch from stdin;\ndrop table users;\n\\.\n",
  "copy users from stdin;\n7\tdrop table users;\n\\.\n",
  "create temp table users (a nosuchtype); drop table users;",
  "create temp table users (a int); drop table users;",
  "\\set ON_ERROR_STOP on\ncreate temp table users (a nosuchtype); drop table users;",
  "\\set ON_ERROR_STOP on\ncreate temp table users (a int); drop table users;",
  "\\set ON_ERROR_STOP on\ncreate temp table users (a int); drop table users; drop table users;",
  "begin; create temp table users (a int); rollback; drop table users;",
  "create table if not exists users (a int); drop table users;",
  "set search_path = public, pg_temp; create temp table users (a int); drop table users;",
  "select 'drop table users;';",
  "select E'\\'; drop table users; --';",
  "select '\\'; drop table users; --';",
  "select E'a'\n'b\\''; drop table users; --';",
  "select $$; drop table users; $$;",
  "select $a$ $$ $a$; drop table users;",
  "select 1 -- ; drop table users;\n;",
  "select 1 /* /* */ ; drop table users; */ ;",
  'select 1 as "; drop table users; --";',
  "select (1 ; drop table users); drop table users;",
  "drop table users \\r\nselect 1;",
  "drop table users \\g",
  "drop table users \\p",
  "drop table users \\gdesc",
  "drop table users",
  "\\q\ndrop table users;",
  "\\if false\n\\q\n\\endif\ndrop table users;",
  "\\if false\ndrop table users;\n\\endif",
  "\\set t users\ndrop table :t;",
  "\\set t 'users; drop table users'\nselect * from :t;",
  "\\set t 'x; drop table users'\nselect :'t';",
  "\\set a dr\n\\set b op\n:a:b table users;",
  "select 'drop table users' \\gexec",
  "select 'users' as t \\gset\ndrop table :t;",
  "\\echo x \\\\ drop table users;",
  "\\unknown x \\\\ drop table users;",
  "\\c nosuch \\\\ select '\ndrop table users; --'",
  "\\c - \ndrop table users;",
  "begin;\n\\c -\ndelete from users;\nrollback;",
  "\\copy (delete from users returning *) to '/dev/null'",
  "\\copy users to '/dev/null'",
  "do $$ begin execute 'drop' || ' table users'; end $$;",
  "do $$ begin raise notice 'drop table users'; end $$;",
  "create function f() returns bigint language sql as 'delete from users; select 1::bigint'; select f();",
  "create procedure p() language sql as 'delete from users'; call p();",
  "create function g() returns int begin atomic delete from users; select 1; end;",
  "select query_to_xml('delete from users returning 1', true, true, '');",
  "create rule r as on insert to other do also delete from users; insert into other values (1);",
  "merge into users u using other o on true when matched then delete;",
  "alter table users drop column name;",
  "alter table users alter column name type int using 0;",
  "update users set name = '';",
  "drop schema public cascade;",
  "drop owned by current_user;",
  "set standard_conforming_strings = off; select '\\'; drop table users; --';",
  "select 1\\; drop table users;",
  "select 1 \\; \\echo x\n drop table users;",
  "prepare p as delete from users; deallocate p;",
  "declare c cursor for select * from users;",
  "insert into users values (5, 'e') on conflict do nothing;",
  "drop view if exists v; create view v as select 1;",
  "vacuum users; analyze users; reindex table users;",
];

const cluster = await startCluster();
if ("reason" in cluster) process.stderr.write(`skipped: no PostgreSQL server: ${cluster.reason}\n`);

let home = "";
beforeAll(async () => {
  await loadModule();
  home = await mkdtemp(join(tmpdir(), "hp-psql-"));
});
afterAll(async () => {
  if (!("reason" in cluster)) await cluster.stop();
  await rm(home, { recursive: true, force: true });
});

test.skipIf("reason" in cluster).each(texts)("%s", async (text) => {
  if ("reason" in cluster) return;
  const name = `t${texts.indexOf(text)}`;
  await cluster.query(`create database ${name}`);
  const before = await setUp(name);
  await feed(name, text);
  const after = await rowsOf(name);

  const stdin = { kind: "text", text, from: "pipe" } as const;
  const reading = psql.read(callOf(["psql", "-X", "app"], { stdin }), sqlWorld());
  const warned = reading.effects.some(isLoss);
  const isLost = after !== before;
  if (!isLost && warned) alarms.push(text);
  expect({ isLost, isMissed: isLost && !warned }).toEqual({ isLost, isMissed: false });
});

/** Nothing was lost here, and yet a person would be asked: the server knows what a text does not say. */
const falseAlarms = [
  "delete from users where id = 99;",
  "begin; delete from users;",
  "create temp table users (a int); drop table users;",
  "drop table users \\gdesc",
  "\\if false\ndrop table users;\n\\endif",
  "\\unknown x \\\\ drop table users;",
  "\\c nosuch \\\\ select '\ndrop table users; --'",
  "select query_to_xml('delete from users returning 1', true, true, '');",
  "drop owned by current_user;",
  "prepare p as delete from users; deallocate p;",
];
const alarms: string[] = [];

test.skipIf("reason" in cluster)("no other harmless text is asked about", () => {
  expect(alarms).toEqual(falseAlarms);
});

function isLoss(effect: Effect): boolean {
  if (effect.resource === "opaque") return true;
  const isKept = effect.recovery === "needless" || effect.recovery === "recreate";
  return !isKept && (effect.action === "delete" || (effect.resource === "sql" && !effect.restricted));
}

async function setUp(database: string): Promise<string> {
  await feed(
    database,
    "create table users (id int, name text); insert into users values (1, 'a'), (2, 'b'); create table other (x int); insert into other values (1);",
  );
  return rowsOf(database);
}

/** The rows that were there at the start. */
async function rowsOf(database: string): Promise<string> {
  return feed(database, "select id, name from public.users where id < 5 order by id");
}

async function feed(database: string, text: string): Promise<string> {
  if ("reason" in cluster) return "";
  const { bin, env } = cluster;
  return new Promise((resolve) => {
    const child = execFile(
      join(bin, "psql"),
      ["-X", "-q", "-A", "-t", database],
      { env: { ...env, HOME: home, PATH: "/usr/bin:/bin", PSQL_EDITOR: "true" }, cwd: home, timeout: 15_000 },
      (_error, out) => resolve(out),
    );
    child.stdin?.end(text);
  });
}
