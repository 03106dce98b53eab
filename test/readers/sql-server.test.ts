import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effect } from "../../src/model/effect.js";
import { psql } from "../../src/readers/postgres/psql.js";
import { startCluster } from "../scripts/postgres.js";
import { commands } from "./sql-commands.js";
import { clusterFixture, fingerprint, fixture } from "./sql-fixture.js";
import { callOf, loadModule, sqlWorld } from "./sql-world.js";

/**
 * Every command of `sql-commands.ts` is run by a real server, and what the reader foretold is held against what is there
 * afterwards: a read loses nothing, a deletion does, a creation only adds.
 */
const cluster = await startCluster(
  "max_prepared_transactions=5",
  "wal_level=logical",
  "allow_in_place_tablespaces=on",
);
if ("reason" in cluster) process.stderr.write(`skipped: no PostgreSQL server: ${cluster.reason}\n`);

let home = "";
beforeAll(async () => {
  await loadModule();
  home = await mkdtemp(join(tmpdir(), "hp-sql-"));
  if ("reason" in cluster) return;
  for (const sql of clusterFixture) await cluster.query(sql);
  await cluster.query("CREATE DATABASE base");
  await run("base", [fixture, fingerprint]);
}, 60_000);
afterAll(async () => {
  if (!("reason" in cluster)) await cluster.stop();
  await rm(home, { recursive: true, force: true });
});

/** What has to stand before the statement, in the same session. */
const before: Readonly<Record<string, string>> = {
  CLOSE: "BEGIN; DECLARE walk CURSOR FOR SELECT * FROM users",
  FETCH: "BEGIN; DECLARE walk CURSOR FOR SELECT * FROM users",
  MOVE: "BEGIN; DECLARE walk CURSOR FOR SELECT * FROM users",
  DECLARE: "BEGIN",
  LOCK: "BEGIN",
  EXECUTE: "PREPARE lookup(int) AS SELECT * FROM users WHERE id = $1",
  "RELEASE SAVEPOINT": "BEGIN; SAVEPOINT here",
  "ROLLBACK TO SAVEPOINT": "BEGIN; SAVEPOINT here",
  SAVEPOINT: "BEGIN",
  "PREPARE TRANSACTION": "BEGIN; INSERT INTO users VALUES (8, 'held', 'pro')",
  "COMMIT PREPARED": "BEGIN; INSERT INTO users VALUES (8, 'held', 'pro'); PREPARE TRANSACTION 'held'",
  "ROLLBACK PREPARED": "BEGIN; INSERT INTO users VALUES (8, 'held', 'pro'); PREPARE TRANSACTION 'held'",
};
/** Refused by the server for want of something that a test machine does not have: a provider of labels, a far server. */
const refused = new Set(["SECURITY LABEL", "IMPORT FOREIGN SCHEMA"]);
/** What they do does not show: code that is loaded or not known, and work that is held under another name. */
const unseen = new Set(["LOAD", "CALL", "PREPARE TRANSACTION", "COMMIT PREPARED"]);
/** They end a transaction, or stand in none. All others are run in one that is rolled back. */
const alone =
  /^(ABORT|BEGIN|END|START|COMMIT|ROLLBACK|PREPARE TRANSACTION|DISCARD|VACUUM|ALTER SYSTEM|(CREATE|DROP) (DATABASE|TABLESPACE))/;

test.skipIf("reason" in cluster)("the list is the server's own", async () => {
  const help = await run("base", ["\\h"]);
  // Two columns; a long name leaves one space.
  const names = help
    .split("\n")
    .slice(1)
    .flatMap((line) => [line.slice(2, 35), line.slice(35)].map((name) => name.trim()));
  const listed = names.filter((name) => /^[A-Z]/.test(name)).sort();
  const known = new Set(commands.map(({ name }) => name));
  expect(listed.filter((name) => !known.has(name))).toEqual([]);
  expect(listed.length).toBeGreaterThan(180);
});

test.skipIf("reason" in cluster).each(commands)("$name: $sql", async ({ name, sql }) => {
  const mark = "\\echo ====";
  const lines = "SELECT print.lines()";
  const held = alone.test(name) ? [] : ["BEGIN"];
  const out = await run("base", [
    ...held,
    ...(before[name] === undefined ? [] : [before[name] ?? ""]),
    mark,
    lines,
    mark,
    sql,
    "RESET ROLE",
    "RESET SESSION AUTHORIZATION",
    mark,
    lines,
    mark,
    ...(held.length === 0 ? ["COMMIT", ...undo] : ["ROLLBACK"]),
  ]);
  const [, first = "", said = "", second = ""] = out.split("====\n");
  const change = compare(parse(first), parse(second));
  const effects = psql.read(callOf(["psql", "-X", "-c", sql, "app"]), sqlWorld()).effects;
  expect({ ...change, isRefused: second === "" && said === "", isRead: first.length > 5000 }).toMatchObject(
    refused.has(name)
      ? { isRefused: true, isRead: true }
      : { isRefused: false, isRead: true, ...foretold(effects, name) },
  );
});

/** What must be true afterwards. Nothing is said of what a change of settings or owners looks like. */
function foretold(effects: readonly Effect[], name: string): object {
  const [effect] = effects;
  if (unseen.has(name)) return {};
  if (effect === undefined) return { hasLess: false };
  if (effect.recovery === "needless" && effect.action !== "create") return { hasLess: false };
  switch (effect.action) {
    case "delete":
      return { hasLess: true };
    case "create":
      return { hasLess: false, hasMore: true };
    case "modify":
      return { hasLess: false, isChanged: true };
    case "grant":
      return { isChanged: true };
    default:
      return { hasLess: false, hasMore: false, isChanged: false };
  }
}

function compare(first: ReadonlyMap<string, string>, second: ReadonlyMap<string, string>): object {
  const hasLess = [...first.keys()].some((key) => !second.has(key));
  const hasMore = [...second.keys()].some((key) => !first.has(key));
  const isChanged = hasLess || hasMore || [...first].some(([key, value]) => second.get(key) !== value);
  return { hasLess, hasMore, isChanged };
}

function parse(text: string): ReadonlyMap<string, string> {
  const rows = text.split("\n").filter((line) => line.includes("|"));
  return new Map(rows.map((line) => [line.slice(0, line.indexOf("|")), line.slice(line.indexOf("|") + 1)]));
}

/** What stays behind where nothing was rolled back; most of it fails most of the time. */
const undo = [
  "ROLLBACK PREPARED 'held'",
  "ROLLBACK PREPARED 'ours'",
  "DELETE FROM users WHERE id = 8",
  "CREATE DATABASE shop",
  "DROP DATABASE IF EXISTS scratch",
  "DROP TABLESPACE IF EXISTS disk3",
  "CREATE TABLESPACE disk LOCATION ''",
  "ALTER SYSTEM RESET ALL",
];

/** Each text for itself, in one session. */
async function run(database: string, texts: readonly string[]): Promise<string> {
  if ("reason" in cluster) return "";
  const { bin, env } = cluster;
  return new Promise((resolve) => {
    execFile(
      join(bin, "psql"),
      ["-X", "-q", "-A", "-t", "-d", database, ...texts.flatMap((text) => ["-c", text])],
      { env: { ...env, HOME: home, PATH: "/usr/bin:/bin" }, timeout: 20_000, maxBuffer: 1 << 26 },
      (_error, out) => resolve(out),
    );
  });
}
