import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import { findProgram, runProgram } from "../../../src/credentials/online/program.js";
import { found, options } from "./stand-in.js";

const env = { PATH: process.env["PATH"] ?? "" };
const client = findProgram("redis-cli", env);
const program = findProgram("redis-server", env);
const password = "p:w/ #1%e";
const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill("SIGKILL");
});

/** One with users of every sort; undefined where Redis is not installed. */
async function start(...settings: readonly string[]): Promise<number | undefined> {
  if (program === undefined || client === undefined) return undefined;
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    mkdtempSync(join(tmpdir(), "hp-redis-")),
    ...settings,
  ];
  servers.push(spawn(program, args, { stdio: "ignore" }));
  const ping = { program: client, args: ["-p", String(port)], env, input: "PING\n" };
  for (let tries = 0; tries < 100; tries += 1) {
    const { out } = await runProgram(ping, AbortSignal.timeout(5_000));
    if (/PONG|NOAUTH/.test(out)) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
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

const users = [
  ["app", "~*", "+@all"],
  ["limited", "~shop:*", "+@read", "+@write", "-@dangerous", "+acl"],
  ["reader", "~*", "-@all", "+@read", "+acl|getuser", "+role"],
  ["mute", "~*", "-@all", "+get"],
].flatMap(([name = "", ...rules]) => ["--user", name, "on", `>${password.replace(" ", "_")}`, ...rules]);
const port = await start(...users);
const locked = await start("--requirepass", "hunter2hunter2");

const ask = (url: string) => lookUp(found("redis", url), options(env));
const url = (user: string, secret = password.replace(" ", "_")) =>
  `redis://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/0`;

test.skipIf(port === undefined).each([
  ["app", "account", /^user app at 127\.0\.0\.1:\d+: every command$/],
  ["limited", "project", /^user limited at 127\.0\.0\.1:\d+: -@all, \+@.* on keys ~shop:\*$/],
  ["reader", "read", /^user reader at 127\.0\.0\.1:\d+: -@all, \+@read, \+acl\|getuser, \+role on keys ~\*$/],
  ["mute", "unknown", /^user mute at 127\.0\.0\.1:\d+: it may not ask what it may do$/],
])("user %s", async (user, width, words) => {
  const reach = await ask(url(user));
  expect(reach).toMatchObject({ kind: "alive", width, account: user });
  expect(reach.words).toMatch(words);
  // Its answer lists hashes of passwords.
  expect(reach.words).not.toMatch(/[0-9a-f]{32}/);
});

test.skipIf(locked === undefined)("the password of the whole server", async () => {
  expect(await ask(`redis://:hunter2hunter2@127.0.0.1:${locked}`)).toMatchObject({
    kind: "alive",
    width: "account",
  });
  expect(await ask(`redis://127.0.0.1:${locked}`)).toEqual({
    kind: "failed",
    words: "the server wants a password, and there is none in it",
  });
});

test.skipIf(port === undefined)("refused", async () => {
  expect(await ask(url("app", "wrong"))).toEqual({ kind: "dead", words: "refused: wrong user or password" });
});

test.skipIf(client === undefined)("nobody there", async () => {
  expect(await ask("redis://app:secret@127.0.0.1:1")).toEqual({
    kind: "failed",
    words: "nobody answers at its address",
  });
});

test("without redis-cli nothing is asked", async () => {
  const reach = await lookUp(found("redis", "rediss://a:b@h"), options({ PATH: "" }));
  expect(reach).toEqual({ kind: "unasked", words: "redis-cli is not installed here" });
});
