import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LookOptions, type Lookout, type LookoutOptions, openLookout } from "./look.js";

// An address of this machine that is no loopback stands for a host of somebody else's. Whoever listens there says whether anything
// came, before anybody has answered: not a byte may, unless the person named it.

const address = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
if (address === undefined)
  console.warn("this machine has loopback alone: whom a look is sent to is not tested");

let listener: Server;
let port = 0;
let came = 0;
let place: Lookout;
const opened: Lookout[] = [];

beforeAll(async () => {
  listener = createServer((socket) => {
    came += 1;
    socket.on("error", () => {});
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, address ?? "127.0.0.1", resolve));
  const at = listener.address();
  port = typeof at === "object" && at !== null ? at.port : 0;
  place = openLookout(() => ({ patience: 20_000 }));
  // The clock of files runs behind by up to a tick: what is written at once would be as old as the session.
  await new Promise((resolve) => setTimeout(resolve, 100));
  writeFileSync(
    join(place.workspace, "services"),
    `[s]\nhost=${address}\nport=${port}\npassword=${secret}\n`,
  );
  writeFileSync(join(place.workspace, "pg_service.conf"), `[t]\nhost=${address}\nport=${port}\n`);
  writeFileSync(join(place.workspace, "kube"), kubeconfig(`http://${address}:${port}`));
});
afterAll(() => {
  place.remove();
  for (const one of opened) one.remove();
  listener.close();
});
afterEach(() => {
  came = 0;
});

const secret = "qu1etWords-and9";
const drop = "-c 'DROP TABLE users'";

function kubeconfig(server: string): string {
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "c" },
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: secret } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  });
}

/** HOST, PORT and WORK are the listener's and the workspace's. */
function fill(text: string, { workspace }: Lookout = place): string {
  return text
    .replaceAll("HOST", String(address))
    .replaceAll("PORT", String(port))
    .replaceAll("WORK", workspace);
}

const aws = { AWS_ACCESS_KEY_ID: "AKIDOWN", AWS_SECRET_ACCESS_KEY: secret, AWS_DEFAULT_REGION: "eu-west-1" };

describe.runIf(address !== undefined)("nothing is sent where only the call says so", () => {
  const at = (line: string, env: Readonly<Record<string, string>> = {}) => ({ line, env });
  test.each([
    at(`PGPASSWORD=${secret} psql -X -h HOST -p PORT ${drop}`),
    at(`psql -X -h HOST -p PORT -U app ${drop}`),
    at(`psql -X postgres://app:${secret}@HOST:PORT/shop ${drop}`),
    at(`psql -X 'postgres://localhost?:${secret}@HOST:PORT/shop' ${drop}`),
    at(`psql -X "host=localhost hostaddr=HOST port=PORT password=${secret}" ${drop}`),
    at(`psql -X "host=localhost,HOST port=1,PORT password=${secret}" ${drop}`),
    at(`psql -X postgres://app:${secret}@localhost:PORT/shop ${drop}`, { PGHOSTADDR: "HOST" }),
    at(`psql -X "application_name=a'host=localhost password=${secret}" ${drop}`, {
      PGHOST: "HOST",
      PGPORT: "PORT",
    }),
    at(`psql -X ${drop}`, { PGSERVICE: "s", PGSERVICEFILE: "WORK/services", PGHOST: "localhost" }),
    at(`psql -X ${drop}`, { PGSERVICE: "t", PGSYSCONFDIR: "WORK", PGPASSWORD: secret }),
    at(`psql -X ${drop}`, { PGCLUSTER: "15/HOST:PORT", PGPASSWORD: secret }),
    at(`psql -X --cluster=15/HOST:PORT ${drop}`, { PGPASSWORD: secret }),
    at(`dropdb -h HOST -p PORT shop`, { PGPASSWORD: secret }),
    at("aws s3 rm s3://shop/logs --recursive --endpoint-url http://HOST:PORT", aws),
    at("aws s3 rm s3://shop/logs --recursive", { ...aws, AWS_ENDPOINT_URL_S3: "http://HOST:PORT" }),
    at("aws s3 rm s3://shop/logs --recursive", { ...aws, HTTPS_PROXY: "http://HOST:PORT" }),
    at("aws s3 rm s3://shop/logs --recursive", { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://HOST:PORT" }),
    at("kubectl --kubeconfig=WORK/kube delete namespace web"),
    at(
      `curl -X POST https://backboard.railway.com/graphql/v2 -x http://HOST:PORT -H "Authorization: Bearer ${secret}" -d '{"query":"mutation { volumeDelete(volumeId: \\"v\\") }"}'`,
    ),
  ])("$line $env", async ({ line, env }) => {
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
    const rows = await place.rows(fill(line), { env: filled });
    expect([came, rows.length > 0, rows.every((row) => row.startsWith("FAILED: "))]).toEqual([0, true, true]);
    expect(rows.join()).toMatch(/was not asked|come from where|is in the files/);
  });
});

async function arrivals(
  line: string,
  make: (base: string) => LookoutOptions,
  options: LookOptions = {},
): Promise<number> {
  const one = openLookout((base) => ({ patience: 20_000, ...make(base) }));
  opened.push(one);
  await one.rows(fill(line, one), options);
  return came;
}

describe.runIf(address !== undefined)("who was named before is asked", () => {
  const call = `psql -X -h HOST -p PORT -U app ${drop}`;
  const withPassword = { env: { PGPASSWORD: secret } };

  test("by a label of the config", async () => {
    expect(await arrivals(call, () => ({ hosts: [String(address)] }), withPassword)).toBeGreaterThan(0);
  });

  test("by variables of the start, host and password together", async () => {
    const env = { PGHOST: String(address), PGPASSWORD: secret };
    expect(await arrivals(`psql -X -p PORT ${drop}`, () => ({ env }))).toBeGreaterThan(0);
    came = 0;
    // Another password is not what stood beside it.
    expect(await arrivals(call, () => ({ env }), { env: { PGPASSWORD: "an0ther-Secret" } })).toBe(0);
  });

  test("by the URL whose password it is", async () => {
    const env = { DATABASE_URL: `postgres://app:${secret}@${address}:${port}/shop` };
    expect(await arrivals(call, () => ({ env }), withPassword)).toBeGreaterThan(0);
  });

  test("by a password file from before the session, and by none from since", async () => {
    const line = `${address}:*:*:app:${secret}\n`;
    const write = (base: string) => {
      mkdirSync(join(base, "home"), { recursive: true });
      writeFileSync(join(base, "home/.pgpass"), line, { mode: 0o600 });
      return {};
    };
    expect(await arrivals(call, write)).toBeGreaterThan(0);
    came = 0;
    const late = openLookout(() => ({ patience: 20_000 }));
    opened.push(late);
    // The file system's clock is a few milliseconds behind.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    writeFileSync(join(late.home, ".pgpass"), line, { mode: 0o600 });
    await late.rows(fill(call, late));
    expect(came).toBe(0);
  });

  test("by a kubeconfig from before the session", async () => {
    const write = (base: string) => {
      writeFileSync(join(base, "kube"), kubeconfig(`http://${address}:${port}`));
      return { env: { KUBECONFIG: join(base, "kube") } };
    };
    expect(await arrivals("kubectl delete namespace web", write)).toBeGreaterThan(0);
  });

  test("by a call that was let run, with the same password and no other", async () => {
    const one = openLookout(() => ({ patience: 20_000 }));
    opened.push(one);
    one.port.note(await one.judge(fill("psql -X -h HOST -p PORT -U app -c 'select 1'"), withPassword));
    await one.rows(fill(call), { env: { PGPASSWORD: "an0ther-Secret" } });
    expect(came).toBe(0);
    await one.rows(fill(call), withPassword);
    expect(came).toBeGreaterThan(0);
  });
});
