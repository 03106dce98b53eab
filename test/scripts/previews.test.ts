import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./postgres.js";
import { openScreen, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Place } from "./session.js";

// A person is asked about SQL: the card is there at once, and says what the server says once that has come.

let cluster: Cluster | undefined;
let place: Place;
let silent: Server;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
  // A server that takes calls and never says a word.
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const started = await startCluster();
  if ("reason" in started) {
    console.warn(`no PostgreSQL server: ${started.reason}; what a card says of one is not tested`);
    return;
  }
  cluster = started;
  await cluster.query("CREATE TABLE users AS SELECT i AS id FROM generate_series(1, 50) i");
  await cluster.query("ANALYZE users");
}, 120_000);
afterEach(() => screen?.kill());
afterAll(async () => {
  await cluster?.stop();
  silent.close();
  place.remove();
});

const withServer = (env: Readonly<Record<string, string>>): Place => ({
  ...place,
  env: { ...place.env, ...env, PGCONNECT_TIMEOUT: "20" },
});
const records = () => place.records().filter(({ event }) => event === "ask");

test("the card says how many rows and where; so do the record and another terminal", async () => {
  if (cluster === undefined) return;
  const path = `${cluster.bin}:${place.env["PATH"]}`;
  screen = openScreen(
    withServer({ ...cluster.env, PATH: path }),
    ["psql", "-X", "-c", "DELETE FROM users WHERE id > 40"],
    ["-q", "--name", "sql"],
  );
  await screen.see("users: 10 of about 50 rows match", 20_000);
  await screen.see(`database postgres on 127.0.0.1:${cluster.port}`);
  expect(screen.text()).toContain("primary, without a standby");
  const listed = await execute(process.execPath, [cli, "approve", "--json"], {
    cwd: place.workspace,
    env: place.env,
  });
  const { waiting } = JSON.parse(listed.stdout);
  expect(waiting[0]).toMatchObject({
    looking: false,
    found: [expect.stringContaining("users: 10 of about 50"), expect.stringContaining("database postgres")],
  });
  await expect.poll(() => records().at(-1)).toMatchObject({ previews: [{ kind: "sql", state: "found" }] });
  await new Promise((resolve) => setTimeout(resolve, 500));
  screen.press("d");
  expect(await screen.exited).toBe(126);
  expect(await cluster.query("SELECT count(*) FROM users")).toBe("50");
});

test("a server that says nothing keeps nobody waiting: the card is up, and tells it", async () => {
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  screen = openScreen(withServer({ PGHOST: "127.0.0.1", PGPORT: port, PGUSER: "u", PGDATABASE: "d" }), [
    "psql",
    "-X",
    "-c",
    "DROP TABLE users",
  ]);
  await screen.see("looking …", 20_000);
  await screen.see("not looked up (sql): no answer within", 20_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  screen.press("d");
  expect(await screen.exited).toBe(126);
  expect(readFileSync(place.logs().at(-1) ?? "", "utf8")).toContain("no answer within");
});

test("without anybody to ask, no server hears of it", async () => {
  let calls = 0;
  silent.on("connection", () => (calls += 1));
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  const outcome = await place.run({
    command: ["psql", "-X", "-h", "127.0.0.1", "-p", port, "-c", "DROP TABLE users"],
  });
  expect([outcome.status, calls]).toEqual([126, 0]);
});
