import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import { findProgram, runProgram } from "../../../src/credentials/online/program.js";
import { found, options } from "./stand-in.js";

const env = { PATH: process.env["PATH"] ?? "" };
const client = findProgram("mariadb", env);
const program = findProgram("mariadbd", env);
const install = findProgram("mariadb-install-db", env);
const password = "p:w/ #1%e";
const users: readonly (readonly [string, string])[] = [
  ["boss", "grant all privileges on *.* to boss@localhost with grant option"],
  ["backup", "grant select, reload, lock tables on *.* to backup@localhost"],
  ["owner", "grant all privileges on shop.* to owner@localhost"],
  ["writer", "grant select, insert on shop.orders to writer@localhost"],
  ["reader", "grant select on shop.* to reader@localhost"],
  ["nobody", "select 1"],
];

const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill("SIGKILL");
});

/** Undefined where MariaDB is not installed. */
async function start(): Promise<number | undefined> {
  if (client === undefined || program === undefined || install === undefined) return undefined;
  const data = mkdtempSync(join(tmpdir(), "hp-mysql-"));
  const who = `--user=${userInfo().username}`;
  await promisify(execFile)(install, [
    "--no-defaults",
    `--datadir=${data}`,
    who,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const port = await freePort();
  const socket = join(data, "s");
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    who,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${socket}`,
  ];
  servers.push(spawn(program, args, { stdio: "ignore" }));
  const input = [
    "create database shop;",
    "create table shop.orders(id int);",
    ...users.map(([name, grant]) => `create user ${name}@localhost identified by '${password}'; ${grant};`),
  ].join("\n");
  for (let tries = 0; tries < 200; tries += 1) {
    const ran = await runProgram(
      { program: client, args: ["--no-defaults", `--socket=${socket}`, "--user=root"], env, input },
      AbortSignal.timeout(20_000),
    );
    if (ran.status === 0) return port;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

const port = await start();
const ask = (user: string, secret = password) =>
  lookUp(
    found("mysql", `mysql://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/shop`),
    options(env),
  );

test.skipIf(port === undefined).each([
  ["boss", "account", "ALL PRIVILEGES on *.*"],
  ["backup", "workspace", "SELECT, RELOAD, LOCK TABLES on *.*"],
  ["owner", "project", "ALL PRIVILEGES on shop.*"],
  ["writer", "resource", "SELECT, INSERT on shop.orders"],
  ["reader", "read", "SELECT on shop.*"],
  ["nobody", "read", "no rights but to connect"],
])("user %s", async (user, width, rights) => {
  const reach = await ask(user);
  // The hash of the password that the server shows is not among it.
  const words = `${user}@localhost at 127.0.0.1:${port}/shop: ${rights}`;
  expect(reach).toEqual({ kind: "alive", width, words, account: `${user}@localhost` });
});

test.skipIf(port === undefined)("refused here is not refused everywhere", async () => {
  expect(await ask("owner", "wrong")).toEqual({
    kind: "failed",
    words: "refused: wrong user or password, or not let in from here",
  });
});

test.skipIf(client === undefined)("nobody there", async () => {
  const reach = await lookUp(found("mysql", "mysql://a:b@127.0.0.1:1/shop"), options(env));
  expect(reach).toEqual({ kind: "failed", words: "nobody answers at its address" });
});

test("without a client nothing is asked", async () => {
  const reach = await lookUp(found("mysql", "mysql://a:b@h/shop"), options({ PATH: "" }));
  expect(reach).toEqual({ kind: "unasked", words: "neither mysql nor mariadb is installed here" });
});
