import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRun } from "../../src/preview/child.js";
import { askServer } from "../../src/preview/sql/server.js";
import { type Cluster, startCluster } from "../scripts/postgres.js";
import { type Lookout, openLookout } from "./look.js";

// A real server, asked by its real psql: what is said of it, and that nothing of it is changed by asking.

let cluster: Cluster;
let place: Lookout;
let hasServer = false;

beforeAll(async () => {
  const started = await startCluster();
  if ("reason" in started) {
    console.warn(`no PostgreSQL server: ${started.reason}; what previews say of one is not tested`);
    return;
  }
  cluster = started;
  hasServer = true;
  place = openLookout(() => ({ env: { ...cluster.env, PATH: `${cluster.bin}:/usr/bin:/bin` } }));
  for (const text of setUp) await cluster.query(text);
}, 300_000);

afterAll(async () => {
  if (!hasServer) return;
  await cluster.stop();
  place.remove();
});

const setUp = [
  "CREATE TABLE users (id int PRIMARY KEY, name text, mood text)",
  "INSERT INTO users SELECT i, 'name ' || i FROM generate_series(1, 1000) i",
  "CREATE TABLE orders (id int PRIMARY KEY, who int REFERENCES users ON DELETE CASCADE)",
  "INSERT INTO orders SELECT i, i FROM generate_series(1, 500) i",
  "CREATE TABLE items (id int, bought int REFERENCES orders ON DELETE CASCADE)",
  "INSERT INTO items SELECT i, i FROM generate_series(1, 300) i",
  "CREATE TABLE notes (who int REFERENCES users ON DELETE SET NULL)",
  "CREATE VIEW names AS SELECT name FROM users",
  "CREATE VIEW short_names AS SELECT left(name, 3) FROM names",
  "CREATE TABLE held (who int REFERENCES orders)",
  "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
  "CREATE TRIGGER told BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
  "CREATE PUBLICATION feed FOR TABLE users",
  "CREATE TABLE events (day date, what text) PARTITION BY RANGE (day)",
  "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
  "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
  "INSERT INTO events SELECT '2024-06-01'::date + i, 'x' FROM generate_series(1, 400) i",
  "CREATE SCHEMA stock",
  "CREATE TABLE stock.goods (id int PRIMARY KEY)",
  "CREATE TABLE counted (good int REFERENCES stock.goods)",
  'CREATE TABLE "Odd\'\\Name" ("a""b" int)',
  'INSERT INTO "Odd\'\\Name" VALUES (1), (2)',
  "CREATE UNLOGGED TABLE big (id int)",
  ...Array.from(
    { length: 10 },
    (_, n) => `INSERT INTO big SELECT i + ${n} * 1000000 FROM generate_series(1, 1000000) i`,
  ),
  "CREATE DATABASE shop",
  "CREATE ROLE poor LOGIN",
  "CREATE TABLE touched (n int)",
  "CREATE FUNCTION touches(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.touched VALUES ($1); RETURN true; END'",
  "CREATE TABLE guarded (id int)",
  "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
  "CREATE POLICY p ON guarded USING (touches(id))",
  "CREATE FUNCTION calm(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'",
  "CREATE TABLE indexed (id int)",
  "CREATE INDEX by_calm ON indexed (calm(id))",
  "CREATE SCHEMA evil",
  "CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE sql AS $$SELECT 'hijacked'::name$$",
  "CREATE FUNCTION evil.host(inet) RETURNS text LANGUAGE sql AS $$SELECT 'hijacked'::text$$",
  "CREATE ROLE misled LOGIN SUPERUSER",
  "ALTER ROLE misled SET search_path = evil, pg_catalog, public",
  "ANALYZE",
];

const server = () =>
  `database postgres on 127.0.0.1:${cluster.port}, PostgreSQL VERSION, primary, without a standby, as role postgres`;
const steady = (row: string) =>
  row.replace(/PostgreSQL [\d.]+\w*/, "PostgreSQL VERSION").replace(/\d+(\.\d)? (B|kB|MB)\b/, "SIZE");
const sql = (text: string) => `psql -X -c "${text.replaceAll(/(["\\$`])/g, "\\$1")}"`;
const deleted = [
  "rows that refer to them go as well (ON DELETE CASCADE): orders (up to 500 rows), items (up to 300 rows)",
  "rows that refer to them lose the reference (SET NULL or DEFAULT) in notes",
  "is refused where rows still refer to them from held",
  "fires the triggers told",
  "published to subscribers by feed",
];

test.each<readonly [string, () => readonly string[]]>([
  [
    "DELETE FROM users WHERE id <= 10",
    () => ["users: 10 of about 1,000 rows match, SIZE", server(), ...deleted],
  ],
  [
    "DELETE FROM users u WHERE u.name LIKE 'name 1%' AND (u.mood IS NULL OR NOT u.id BETWEEN 1 AND 5) AND id IN (1, 2, 10, 11)",
    () => ["users: 3 of about 1,000 rows match, SIZE", server(), ...deleted],
  ],
  ["DELETE FROM users", () => ["users: 1,000 rows, SIZE", server(), ...deleted]],
  [
    "UPDATE users SET mood = 'x'",
    () => ["users: 1,000 rows, SIZE", server(), "published to subscribers by feed"],
  ],
  [
    "TRUNCATE users CASCADE",
    () => [
      "users: 1,000 rows, SIZE",
      server(),
      "CASCADE empties as well: orders (up to 500 rows), notes, items (up to 300 rows), held",
      "published to subscribers by feed",
    ],
  ],
  [
    "DROP TABLE users",
    () => [
      "users: 1,000 rows, SIZE",
      server(),
      "fails without CASCADE: the view names, the view short_names, the foreign key of orders, the foreign key of notes stand on users",
      "published to subscribers by feed",
    ],
  ],
  [
    "DROP TABLE users CASCADE",
    () => [
      "users: 1,000 rows, SIZE",
      server(),
      "CASCADE drops the views names, short_names",
      "CASCADE drops the foreign keys of orders, notes",
      "published to subscribers by feed",
    ],
  ],
  [
    "ALTER TABLE users DROP COLUMN name",
    () => [
      "column name of users: about 1,000 rows, SIZE",
      server(),
      "fails without CASCADE: the view names, the view short_names stand on users",
      "published to subscribers by feed",
    ],
  ],
  [
    "DELETE FROM events WHERE day < '2025-01-01'",
    () => ["events: 213 of about 400 rows match, in 2 partitions, SIZE", server()],
  ],
  ["DROP TABLE events", () => ["events: 400 rows, in 2 partitions, SIZE", server()]],
  ["DROP TABLE events_1", () => ["events_1: 213 rows, SIZE", server()]],
  [
    "DROP VIEW names",
    () => [
      "names: a view, no rows of its own",
      server(),
      "fails without CASCADE: the view short_names stands on names",
    ],
  ],
  [
    "DROP SCHEMA stock CASCADE",
    () => [
      "schema stock: 1 table with about 0 rows, about SIZE",
      server(),
      "the largest: goods",
      "other schemas refer to it: counted",
    ],
  ],
  [
    "DROP SCHEMA stock",
    () => [
      "schema stock: 1 table with about 0 rows, about SIZE",
      server(),
      "the largest: goods",
      "other schemas refer to it: counted",
      "fails without CASCADE: it is not empty",
    ],
  ],
  ["DROP DATABASE shop", () => ["database shop: SIZE, 0 sessions connected to it", server()]],
  [
    "DELETE FROM nosuch",
    () => [
      "there is no nosuch that this role can see: nothing would be lost, or it looks somewhere else",
      server(),
    ],
  ],
  [
    'DELETE FROM "Odd\'\\Name" WHERE "a""b" = 1',
    () => ["public.Odd'\\Name: 1 of about 2 rows match, SIZE".replace("public.", ""), server()],
  ],
])("%s", async (text, expected) => {
  if (!hasServer) return;
  expect((await place.rows(sql(text))).map(steady)).toEqual(expected());
});

test("dropdb, pg_restore --clean, a script, a heredoc, a URI", async () => {
  if (!hasServer) return;
  writeFileSync(join(place.workspace, "act.sql"), "SELECT 1;\nDELETE FROM notes;\n");
  const uri = `postgresql://postgres@127.0.0.1:${cluster.port}/postgres`;
  const rows = async (line: string) => (await place.rows(line)).map(steady)[0];
  expect(await rows("dropdb shop")).toBe("database shop: SIZE, 0 sessions connected to it");
  expect(await rows("pg_restore --clean -d postgres some.dump")).toMatch(
    /^the database as a whole: \d+ tables with about /,
  );
  expect(await rows("psql -X -f act.sql")).toBe("notes: 0 rows, SIZE");
  expect(await rows("psql -X <<'E'\nDELETE FROM notes;\nE")).toBe("notes: 0 rows, SIZE");
  expect(await rows(`psql -X '${uri}' -c 'DELETE FROM notes'`)).toBe("notes: 0 rows, SIZE");
});

test("ten million rows: counted in time, or as the planner guesses; never for longer than it may take", async () => {
  if (!hasServer) return;
  const [preview] = await place.look(sql("DELETE FROM big WHERE id % 7 = 3 OR id % 11 = 5"));
  expect(preview?.rows[0]).toMatch(/^big: (about )?[\d,]+ of about [\d,]{9,10} rows match, 3\d\d\.\d MB$/);
  if (preview?.rows[0]?.startsWith("big: about"))
    expect(preview.rows[2]).toBe("rows not counted: that takes longer than 1.0 s");
  expect(await cluster.query("SELECT count(*) FROM big WHERE id <= 100")).toBe("100");
});

test("a table that somebody has locked is told by the catalog", async () => {
  if (!hasServer) return;
  const holder = spawn(join(cluster.bin, "psql"), ["-X", "-q"], {
    env: { ...cluster.env, PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const held = new Promise<void>((resolve) =>
    holder.stdout.on("data", (chunk) => String(chunk).includes("held") && resolve()),
  );
  holder.stdin.write("BEGIN;\nLOCK TABLE users IN ACCESS EXCLUSIVE MODE;\n\\echo held\n");
  await held;
  const rows = await place.rows(sql("DELETE FROM users WHERE id <= 10"));
  holder.stdin.end();
  await new Promise((resolve) => holder.once("exit", resolve));
  expect(rows.map(steady).slice(0, 3)).toEqual([
    "users: about 1,000 rows in all, how many of them match is not known, about SIZE",
    server(),
    "rows not counted: somebody has it locked just now",
  ]);
});

test.each([
  [
    "a role that may not read it",
    sql("DELETE FROM users WHERE id <= 10"),
    { PGUSER: "poor" },
    "this role may not read users",
  ],
  ["a function that writes", sql("DELETE FROM users WHERE touches(id)"), {}, "its condition calls touches()"],
  [
    "a function in another's clothes",
    sql("DELETE FROM users u WHERE u.touches"),
    {},
    "users has no column touches",
  ],
  [
    "a subquery",
    sql("DELETE FROM users WHERE id IN (SELECT n FROM touched)"),
    {},
    "its condition looks into other tables",
  ],
  [
    "another table",
    sql("DELETE FROM users USING touched WHERE n = id"),
    {},
    "it goes by the rows of other tables",
  ],
  [
    "a policy that calls one",
    sql("DELETE FROM guarded WHERE id = 1"),
    {},
    "a row security policy of guarded would have a say",
  ],
  [
    "an index that calls one",
    sql("DELETE FROM indexed WHERE id = 1"),
    {},
    "an index or a check of indexed calls calm()",
  ],
])("rows are not counted for %s", async (_, line, env, because) => {
  if (!hasServer) return;
  expect(await place.rows(line, { env })).toContain(`rows not counted: ${because}`);
  expect(await cluster.query("SELECT count(*) FROM touched")).toBe("0");
});

test("functions that stand before PostgreSQL's own on the search path are not called", async () => {
  if (!hasServer) return;
  const rows = await place.rows(sql("DELETE FROM users WHERE id <= 10"), { env: { PGUSER: "misled" } });
  expect(rows.map(steady).slice(0, 2)).toEqual([
    "users: 10 of about 1,000 rows match, SIZE",
    server().replace("as role postgres", "as role misled"),
  ]);
});

test("what it sends runs where nothing can be written", async () => {
  if (!hasServer) return;
  const env = new Map(Object.entries(cluster.env));
  const programs = { find: (name: string) => ({ path: join(cluster.bin, name) }) };
  const run = openRun({ programs, env, cwd: "/", signal: new AbortController().signal });
  const queries = [
    "CREATE TABLE made (n int)",
    "SELECT touches(1)",
    "DELETE FROM users",
    "SELECT 1 AS a",
  ].map((text, n) => ({
    name: `q${n}`,
    sql: text.replace("touches", "public.touches").replace("users", "public.users"),
  }));
  const said = await askServer(queries, cluster.env, 1000, { run });
  expect([...said.errors].map(([name, { state }]) => [name, state])).toEqual([
    ["q0", "25006"],
    ["q1", "25006"],
    ["q2", "25006"],
  ]);
});

test.each([
  [
    "a service that names a module",
    { PGSERVICE: "s", PGSERVICEFILE: "SERVICE" },
    "psql -X -c 'DELETE FROM users'",
    "its sslkey names a module to load",
  ],
  [
    "a service file by a relative path",
    { PGSERVICE: "s", PGSERVICEFILE: "services" },
    "psql -X -c 'DELETE FROM users'",
    "its service file is not named by an absolute path",
  ],
  [
    "an engine in the environment",
    { PGSSLKEY: "pkcs11:x;module-path=/tmp/a.so" },
    "psql -X -c 'DELETE FROM users'",
    "its sslkey names a module to load",
  ],
  [
    "libraries for the server to load",
    { PGOPTIONS: "-c session_preload_libraries=x" },
    "psql -X -c 'DELETE FROM users'",
    "its connection options are not passed on: -c session_preload_libraries=x",
  ],
  [
    "the same in the connection string",
    {},
    "psql -X \"options='-csession_preload_libraries=x'\" -c 'DELETE FROM users'",
    "its connection options are not passed on: -csession_preload_libraries=x",
  ],
  [
    "nobody who answers",
    { PGPORT: "1" },
    "psql -X -c 'DELETE FROM users'",
    'connection to server at "127.0.0.1", port 1 failed: Connection refused',
  ],
  [
    "another schema set before",
    {},
    "psql -X -c 'SET search_path = stock; DELETE FROM goods'",
    'which "goods" it means: the SQL changes the search path or the role first',
  ],
])("fails, and says so: %s", async (_, env, line, why) => {
  if (!hasServer) return;
  const service = join(place.home, "services");
  writeFileSync(service, "[s]\nsslkey=engine:key\n");
  const given = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value === "SERVICE" ? service : value]),
  );
  expect(await place.rows(line, { env: given })).toEqual([`FAILED: ${why}`]);
});

test("a search path from the call's own options counts", async () => {
  if (!hasServer) return;
  const rows = await place.rows(sql("DELETE FROM goods"), { env: { PGOPTIONS: "-c search_path=stock" } });
  expect(rows.map(steady)[0]).toBe("stock.goods: 0 rows, SIZE");
});

test("~/.psqlrc is not read, and no psql of the workspace is started", async () => {
  if (!hasServer) return;
  const mark = join(place.base, "pwned");
  writeFileSync(join(place.home, ".psqlrc"), `\\! touch ${mark}\n`);
  expect((await place.rows("psql -c 'DELETE FROM notes'")).map(steady)).toContain("notes: 0 rows, SIZE");
  const other = openLookout((base) => {
    const bin = join(base, "work", "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "psql"), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    return { env: { ...cluster.env, PATH: `${bin}:${cluster.bin}:/usr/bin:/bin` } };
  });
  const rows = await other.rows("psql -X -c 'DELETE FROM notes'");
  other.remove();
  expect(rows).toEqual([
    `FAILED: "${other.workspace}/bin/psql" is not started: it lies where the session works`,
  ]);
  expect(existsSync(mark)).toBe(false);
});
