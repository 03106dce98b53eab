import { chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./postgres.js";
import { openTerminal, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place, root } from "./session.js";

// What is typed into an open psql, and what drivers send, meets the verdicts of `psql -c`: against a real server, with and without
// TLS, with and without passwords.

let cluster: Cluster;
let place: Place;
const screens: PersonScreen[] = [];

beforeAll(async () => {
  place = await makePlace();
  const started = await startCluster();
  if ("reason" in started) throw new Error(started.reason);
  cluster = started;
  await encrypt(join(cluster.socket, "data"));
  await cluster.query("CREATE ROLE app LOGIN SUPERUSER PASSWORD 'of the app'");
  await cluster.query("CREATE TABLE items (id int primary key, name text)");
  await cluster.query("INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 5) i");
  const database = `localhost:${cluster.port}`;
  writeFileSync(
    join(place.workspace, "holdpoint.yaml"),
    `version: 1\nenvironments:\n  test:\n    databases: ["${database}"]\n    allow: [read, create, modify]\n`,
  );
}, 120_000);

afterEach(() => {
  for (const screen of screens.splice(0)) screen.kill();
});

afterAll(async () => {
  await cluster?.stop();
  place?.remove();
});

/** A certificate that nobody vouches for, as most servers have; `app` logs in by password. */
async function encrypt(data: string): Promise<void> {
  const made = await generate([{ name: "commonName", value: "db.test" }], {
    keyType: "ec",
    algorithm: "sha256",
  });
  const { uid, gid } = statSync(data);
  const write = (name: string, text: string) => {
    writeFileSync(join(data, name), text, { mode: 0o600 });
    chownSync(join(data, name), uid, gid);
  };
  write("server.crt", made.cert);
  write("server.key", made.private);
  write("pg_hba.conf", "host all app all scram-sha-256\nhost all all all trust\nlocal all all trust\n");
  await cluster.query("ALTER SYSTEM SET ssl = on");
  await cluster.query("SELECT pg_reload_conf()");
}

const state = () =>
  cluster.query(
    "SELECT count(*) || ' of ' || (SELECT count(*) FROM pg_tables WHERE tablename = 'items') FROM items",
  );

/** `user` app: by password. */
const environment = (user: string, mode: string) => ({
  ...cluster.env,
  ...{ PGHOST: "localhost", PGUSER: user, PGPASSWORD: "of the app", PGSSLMODE: mode },
});

function guarded(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return place.run({ flags: ["-q", "--net", "--mode", "deny"], command, env, limit: 120_000 });
}

const harmful = ["DELETE FROM items WHERE id = 2", "DROP TABLE items", "TRUNCATE items", "DELETE FROM items"];

/** Each is tried, then one that only reads on the same connection; at the end what a transaction did besides. */
const python = (texts: readonly string[]) => `
import psycopg2, select
db = psycopg2.connect("")
c = db.cursor()
c.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
print("encrypted", c.fetchone()[0])
for text in ${JSON.stringify(texts)}:
    try:
        c.execute(text)
        print("ran", text)
    except psycopg2.Error as e:
        print(e.pgcode, e.pgerror.split(":")[2].strip(), bool(e.diag.message_hint))
    c.execute("SELECT count(*) FROM items")
    print(c.fetchone()[0])
c.execute("CREATE TEMP TABLE mine AS SELECT 1 AS one")
db.commit()
c.execute("SELECT one FROM mine")
print("kept", c.fetchone()[0])
db.commit()
db.autocommit = True
c.execute("LISTEN news")
other = psycopg2.connect("")
other.autocommit = True
other.cursor().execute("NOTIFY news, 'heard'")
while not db.notifies:
    select.select([db], [], [])
    db.poll()
print(db.notifies[0].payload)
`;

test.each([
  ["postgres", "disable", "False"],
  ["app", "require", "True"],
])("psycopg2 as %s, sslmode %s", async (user, mode, encrypted) => {
  const outcome = await guarded(["/usr/bin/python3", "-c", python(harmful)], environment(user, mode));
  expect(outcome.stderr).toBe("");
  expect(outcome.stdout.trim().split("\n")).toEqual([
    `encrypted ${encrypted}`,
    ...harmful.flatMap(() => [expect.stringMatching(/^42501 denied.* True$/), "5"]),
    "kept 1",
    "heard",
  ]);
  expect(await state()).toBe("5 of 1");
});

const node = (texts: readonly string[]) => `
const { Client } = require(${JSON.stringify(join(root, "node_modules", "pg"))});
const run = async () => {
  const ssl = process.env.PGSSLMODE === "require" ? { rejectUnauthorized: false } : false;
  const client = new Client({ ssl });
  await client.connect();
  const say = async (...query) => {
    try {
      const { rows, command } = await client.query(...query);
      console.log(rows.length > 0 ? Object.values(rows[0]).join() : command);
    } catch (cause) {
      console.log(cause.code, cause.message.startsWith("holdpoint: denied"), cause.hint !== undefined);
    }
  };
  for (const text of ${JSON.stringify(texts)}) {
    await say(text);
    await say({ name: text, text, values: [] });
    await say({ name: "count", text: "SELECT count(*) FROM items" });
  }
  await say("DELETE FROM items WHERE id = $1", [1]);
  await say("SELECT $1::int", [7]);
  await say("BEGIN");
  await say("DROP TABLE items");
  await say("SELECT count(*) FROM items");
  await say("COMMIT");
  await client.end();
};
run();
`;

test.each([
  ["postgres", "disable"],
  ["app", "require"],
])("node pg as %s, sslmode %s", async (user, mode) => {
  const outcome = await guarded(["node", "-e", node(harmful)], environment(user, mode));
  const denied = "42501 true true";
  expect(outcome.stdout.trim().split("\n")).toEqual([
    ...harmful.flatMap(() => [denied, denied, "5"]),
    ...[denied, "7", "BEGIN", denied, "5", "COMMIT"],
  ]);
  expect(await state()).toBe("5 of 1");
});

const pipeline = `
const socket = require("node:net").connect(Number(process.env.PGPORT), "localhost");
const message = (type, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), head, body]);
};
const batch = (text) => [
  message("P", "\\0" + text + "\\0", "\\0\\0"),
  message("B", "\\0\\0", "\\0\\0\\0\\0\\0\\0"),
  message("E", "\\0", "\\0\\0\\0\\0"),
];
socket.write(message("", "\\0\\3\\0\\0user\\0postgres\\0\\0"));
socket.write(Buffer.concat([
  ...batch("INSERT INTO piped VALUES (1)"), ...batch("TRUNCATE items"), ...batch("INSERT INTO piped VALUES (2)"), message("S"),
  message("Q", "SELECT 7\\0"), message("Q", "DROP TABLE items\\0"), ...batch("INSERT INTO piped VALUES (3)"), message("S"), message("X"),
]));
let all = Buffer.alloc(0);
socket.on("data", (chunk) => { all = Buffer.concat([all, chunk]); });
socket.on("end", () => {
  let said = "";
  for (let at = 0; at < all.length; at += 1 + all.readUInt32BE(at + 1)) said += String.fromCharCode(all[at]);
  console.log(said.slice(said.indexOf("Z") + 1));
});
`;

test("a pipeline: what came before the refused statement ran, the rest of its batch did not, the next one did", async () => {
  await cluster.query("CREATE TABLE piped (id int)");
  const outcome = await guarded(["node", "-e", pipeline], environment("postgres", "disable"));
  // Parsed, bound, complete; parsed, bound, refused, the end of the batch; then each query's own.
  expect(outcome).toEqual({ status: 0, stdout: "12C12EZTDCZEZ12CZ\n", stderr: "" });
  expect(await cluster.query("SELECT string_agg(id::text, ',') FROM piped")).toBe("1,3");
  expect(await state()).toBe("5 of 1");
});

test("COPY of 100 MB, in and out", async () => {
  const script = `
import psycopg2
db = psycopg2.connect("")
c = db.cursor()
c.execute("CREATE TEMP TABLE big (line text)")
class Lines:
    left = 1000000
    def read(self, size):
        n = min(self.left, size // 100)
        self.left -= n
        return ("x" * 99 + "\\n") * n
class Size:
    n = 0
    def write(self, text): self.n += len(text)
c.copy_expert("COPY big FROM STDIN", Lines())
size = Size()
c.copy_expert("COPY big TO STDOUT", size)
print(size.n)
c.execute("SELECT count(*) FROM big")
print(c.fetchone()[0])
`;
  const outcome = await guarded(["/usr/bin/python3", "-c", script], environment("app", "require"));
  expect(outcome).toEqual({ status: 0, stdout: "100000000\n1000000\n", stderr: "" });
}, 120_000);

test("a client finds out about the server's certificate what it would without the guard", async () => {
  const other = await generate([{ name: "commonName", value: "db.test" }], {
    keyType: "ec",
    algorithm: "sha256",
  });
  writeFileSync(join(place.base, "other.crt"), other.cert);
  const own = join(place.base, "own.crt");
  writeFileSync(own, readFileSync(join(cluster.socket, "data", "server.crt")));
  // The certificate says db.test: `verify-ca` takes it, `verify-full` does not.
  const ask = (mode: string) =>
    `psql -X -A -t -c "SELECT '${mode} ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()" sslmode=${mode}`;
  const modes = ["prefer", "require", "verify-ca", "verify-full"].map(ask).join("\n");
  const say = async (roots: NodeJS.ProcessEnv) => {
    const env = { ...environment("app", "prefer"), ...roots };
    const bare = await execute("bash", ["-c", modes], {
      cwd: place.workspace,
      env: { ...place.env, ...env },
    });
    const held = await guarded(["bash", "-c", modes], env);
    expect(held.stdout).toBe(bare.stdout);
    return held;
  };
  expect((await say({})).stdout).toBe("prefer true\nrequire true\n");
  const known = await say({ PGSSLROOTCERT: own });
  expect(known.stdout).toBe("prefer true\nrequire true\nverify-ca true\n");
  expect(known.stderr).toMatch(/server certificate for "db.test" does not match host name "localhost"/);
  // `prefer` goes on without TLS, as libpq does where it fails.
  expect((await say({ PGSSLROOTCERT: join(place.base, "other.crt") })).stdout).toBe("prefer false\n");
  expect(
    (
      await guarded(["bash", "-c", ask("require")], {
        ...environment("app", "require"),
        PGCHANNELBINDING: "require",
      })
    ).stderr,
  ).toMatch(/channel binding/);
}, 180_000);

function screen(flags: readonly string[], ...command: readonly string[]): PersonScreen {
  const words = Object.entries(environment("app", "prefer")).map(([name, value]) => `${name}=${value}`);
  const run = [process.execPath, cli, "run", "-q", "--net", ...flags, "--", ...command];
  const opened = openTerminal(place, "env", [...words, ...run]);
  screens.push(opened);
  return opened;
}

test("typed into psql", async () => {
  const typed = screen(["--mode", "deny"], "psql", "-X");
  await typed.see("postgres=#", 60_000);
  for (const text of harmful) {
    typed.press(`${text};\r`);
    await typed.see(/ERROR: {2}holdpoint: denied[\s\S]*HINT:[^#]*postgres=#\s*$/, 30_000);
    typed.press("\\! clear\r");
    await typed.unsee("ERROR");
  }
  typed.press("SELECT 'five is ' || count(*) FROM items;\r");
  await typed.see("five is 5", 30_000);
  typed.press("SELECT pg_sleep(600);\r");
  const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600);'";
  await until(async () => (await cluster.query(sleeping)) === "1");
  typed.press("\x03");
  await typed.see("canceling statement due to user request", 30_000);
  typed.press(`\\c "host=${cluster.socket} port=${cluster.port}"\r`);
  await typed.see("Connection refused", 30_000);
  typed.press("\\q\r");
  expect(await typed.exited).toBe(0);
  expect(await state()).toBe("5 of 1");
}, 180_000);

test("what is typed into a psql that would go past the wire is asked about as before", async () => {
  for (const command of [
    ["/usr/bin/psql"],
    ["env", "-u", "LD_PRELOAD", "psql"],
    ["psql", "-h", cluster.socket],
  ]) {
    const typed = screen(["--mode", "deny"], "bash", "-c", `${command.join(" ")} -X`);
    await typed.see("holdpoint: denied by rule opaque/guarded", 60_000);
    expect(await typed.exited).toBe(126);
  }
}, 180_000);

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 100));
}

test("a statement that waits for a person can be cancelled as one that runs", async () => {
  const script = `
import psycopg2, threading
db = psycopg2.connect("")
db.autocommit = True
c = db.cursor()
def cancel():
    input()
    db.cancel()
threading.Thread(target=cancel).start()
try:
    c.execute("DELETE FROM items")
except psycopg2.Error as e:
    print("code", e.pgcode)
c.execute("SELECT count(*) FROM items")
print("left", c.fetchone()[0])
`;
  const file = join(place.base, "cancel.py");
  writeFileSync(file, script);
  const release = join(place.base, "release");
  const command = `mkfifo ${release}; /usr/bin/python3 ${file} <> ${release}`;
  const waiting = screen([], "bash", "-c", command);
  await waiting.see(/a command waits for you/, 60_000);
  writeFileSync(release, "\n");
  expect(await waiting.exited).toBe(0);
  expect(waiting.raw()).toMatch(/code 57014[\s\S]*left 5/);
}, 180_000);

test("what a person let through at the shim is not asked about again on the wire", async () => {
  await cluster.query("CREATE TABLE spare AS SELECT i AS id FROM generate_series(1, 3) i");
  const file = join(place.workspace, "away.sql");
  // The card tells of both deletions as one; they come by one after the other.
  writeFileSync(
    file,
    "DELETE FROM spare WHERE id = 1;\nDELETE FROM spare WHERE id = 2;\nDROP TABLE spare;\n",
  );
  const asked = screen([], "psql", "-X", "-f", file);
  // A card that changes takes no keys for a moment.
  await asked.see(/found {3}spare/, 60_000);
  const word = /and type (\S+)/.exec(asked.text())?.[1];
  await until(async () => {
    asked.press("a");
    await new Promise((resolve) => setTimeout(resolve, 300));
    return !asked.text().includes("d deny");
  });
  if (word !== undefined) asked.press(`${word}\r`);
  expect(await asked.exited).toBe(0);
  expect(asked.raw()).toContain("DROP TABLE");
  expect(await cluster.query("SELECT count(*) FROM pg_tables WHERE tablename = 'spare'")).toBe("0");
}, 180_000);
