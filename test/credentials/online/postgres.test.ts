import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import { type Cluster, startCluster } from "../../scripts/postgres.js";
import { found, options } from "./stand-in.js";

// A folder that PostgreSQL's own account can read.
const folder = mkdtempSync(join(tmpdir(), "hp-online-"));
chmodSync(folder, 0o755);
const rules = join(folder, "pg_hba.conf");
writeFileSync(
  rules,
  [
    "local all postgres trust",
    "host all postgres 127.0.0.1/32 trust",
    "host shop stranger 127.0.0.1/32 reject",
    "host all all 127.0.0.1/32 scram-sha-256",
    "",
  ].join("\n"),
  { mode: 0o644 },
);
const started = await startCluster(`hba_file=${rules}`);
const cluster: Cluster | undefined = "reason" in started ? undefined : started;
afterAll(() => cluster?.stop());

const password = "p:w/ #1%e";
const encoded = encodeURIComponent(password);
const login = `login password '${password}'`;

beforeAll(async () => {
  if (cluster === undefined) return;
  for (const sql of [
    `create role root ${login} superuser valid until '2030-01-02 00:00:00+00'`,
    `create role owner ${login}`,
    `create role writer ${login}`,
    `create role reader ${login}`,
    `create role nobody ${login}`,
    `create role maker ${login} createdb createrole bypassrls replication`,
    `create role rds_superuser nologin`,
    `create role rented ${login}`,
    "grant rds_superuser to rented",
    `create role climber ${login} noinherit`,
    "grant root to climber",
    `create role stranger ${login}`,
    "create role team nologin",
    `create role mate ${login}`,
    "grant team to mate",
    `create role all_reader ${login}`,
    "grant pg_read_all_data to all_reader",
    "create role same login password 'same'",
    `create role "say ${password}" superuser`,
    `create role told ${login}`,
    `grant "say ${password}" to told`,
    "create database shop owner owner",
  ])
    await cluster.query(sql);
  const { port } = cluster;
  const inShop = (sql: string) => query(port, sql);
  for (const sql of [
    "create table orders(id int, note text)",
    "create table customers(id int)",
    "create table prices(id int)",
    "alter table orders owner to owner",
    "alter table prices owner to team",
    "grant insert, select on orders to writer",
    "grant update(note) on orders to mate",
    "grant select on orders, customers to reader",
    // Whoever asks is not led astray by what the database calls a function.
    "create function public.pg_is_in_recovery() returns bool language sql as 'select 1/0 > 1'",
    "alter role reader set search_path = public, pg_catalog",
  ])
    await inShop(sql);
});

async function query(port: number, sql: string): Promise<void> {
  const { execFile } = await import("node:child_process");
  const env = {
    PATH: process.env["PATH"] ?? "",
    PGHOST: "127.0.0.1",
    PGPORT: String(port),
    PGUSER: "postgres",
    PGDATABASE: "shop",
  };
  await new Promise<void>((resolve, reject) => {
    execFile(join(cluster?.bin ?? "", "psql"), ["-X", "-q", "-c", sql], { env }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}

const env = () => ({ PATH: `${cluster?.bin}:/usr/bin:/bin`, HOME: folder });

function ask(user: string, more: { secret?: string; name?: string; scheme?: string } = {}) {
  const { secret = encoded, name = "shop", scheme = "postgres" } = more;
  const url = `${scheme}://${user}:${secret}@127.0.0.1:${cluster?.port}/${name}`;
  return lookUp(found("postgres", url), options(env()));
}

test.skipIf(cluster === undefined).each([
  ["root", "account", "superuser", { expires: Date.UTC(2030, 0, 2) }],
  ["rented", "account", "member of rds_superuser", {}],
  ["climber", "account", "member of root", {}],
  [
    "maker",
    "workspace",
    "makes and changes roles, makes databases, row security does not hold it, copies the whole server by replication",
    {},
  ],
  [
    "owner",
    "project",
    "owner of the database, owner of 1 of 3 tables, writes 1 of 3 tables, makes tables",
    {},
  ],
  ["mate", "project", "owner of 1 of 3 tables, writes 2 of 3 tables", {}],
  ["writer", "resource", "writes 1 of 3 tables", {}],
  ["reader", "read", "only reads, 2 of 3 tables", {}],
  ["all_reader", "read", "reads every table, only reads, 3 of 3 tables", {}],
  ["nobody", "read", "no right on any of 3 tables", {}],
])("role %s", async (role, width, rights, more) => {
  const words = `role ${role} at 127.0.0.1:${cluster?.port}/shop: ${rights}`;
  expect(await ask(role)).toEqual({ kind: "alive", width, words, account: role, ...more });
});

test.skipIf(cluster === undefined)(
  "the password is told by nothing, but where it is also the name",
  async () => {
    const place = `127.0.0.1:${cluster?.port}/shop`;
    expect(await ask("same", { secret: "same" })).toEqual({
      kind: "alive",
      width: "read",
      words: `role same at ${place}: no right on any of 3 tables`,
      account: "same",
    });
    const said = await ask("told");
    expect(said).toEqual({
      kind: "alive",
      width: "account",
      words: `role told at ${place}: member of say ‹secret›`,
      account: "told",
    });
  },
);

test.skipIf(cluster === undefined)("the URL of another driver, a password as it is", async () => {
  expect(
    (await ask("reader", { scheme: "postgresql+asyncpg", secret: "p:w/ #1%25e".replace(" ", "%20") })).kind,
  ).toBe("alive");
  const jdbc = `jdbc:postgresql://127.0.0.1:${cluster?.port}/shop?user=reader&password=${encoded}`;
  expect((await lookUp(found("postgres", jdbc), options(env()))).kind).toBe("alive");
});

test.skipIf(cluster === undefined).each([
  ["reader", { secret: "wrong" }, "dead", "refused: wrong user or password"],
  ["nobody_at_all", {}, "dead", "refused: wrong user or password"],
  ["stranger", {}, "failed", "the server does not let it in from here"],
  ["reader", { name: "gone" }, "failed", "the server is there, its database is not"],
])("%s %o: %s", async (user, more, kind, words) => {
  expect(await ask(user, more)).toEqual({ kind, words });
});

test.skipIf(cluster === undefined)("nothing of whoever asks speaks in its place", async () => {
  const own = mkdtempSync(join(tmpdir(), "hp-online-"));
  writeFileSync(join(own, ".pgpass"), `*:*:*:*:${password}\n`, { mode: 0o600 });
  writeFileSync(join(own, ".psqlrc"), "\\! touch ran\n");
  const url = `postgres://reader@127.0.0.1:${cluster?.port}/shop`;
  const theirs = {
    ...env(),
    HOME: own,
    PGPASSWORD: password,
    PGUSER: "postgres",
    PGPASSFILE: join(own, ".pgpass"),
  };
  expect(await lookUp(found("postgres", url), options(theirs))).toEqual({
    kind: "failed",
    words: "the server wants a password, and there is none in it",
  });
});

test("without psql nothing is asked", async () => {
  const url = "postgres://me:secret@127.0.0.1:1/shop";
  expect(await lookUp(found("postgres", url), options({ PATH: "/nonexistent:.:relative" }))).toEqual({
    kind: "unasked",
    words: "psql is not installed here",
  });
});

test.skipIf(cluster === undefined)("a server that says nothing is given up on in time", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `postgres://me:secret@127.0.0.1:${port}/shop`;
  const reach = await lookUp(found("postgres", url), options(env(), { timeout: 700 }));
  server.close();
  expect(reach).toEqual({ kind: "failed", words: "no answer in time" });
});

test.skipIf(cluster === undefined)("nobody there", async () => {
  const url = "postgres://me:secret@127.0.0.1:1/shop";
  expect(await lookUp(found("postgres", url), options(env()))).toEqual({
    kind: "failed",
    words: "nobody answers at its address",
  });
});

test.each([
  "postgres://a:b@h1,h2/shop",
  "postgres://-h:b@h/shop",
  "postgres://a:b@-oProxy/shop",
  "not a url",
  "postgres://a:b@h/--version",
])("%s is not asked", async (url) => {
  expect(await lookUp(found("postgres", url), options(process.env))).toEqual({
    kind: "unasked",
    words: "not a connection URL that can be read, or one of several hosts",
  });
});

test("a database that nobody here can ask", async () => {
  const url = "mongodb://me:secret@db.example.com/shop";
  expect(await lookUp(found("postgres", url), options(process.env))).toEqual({
    kind: "unasked",
    words: "no way to ask mongodb",
  });
});
