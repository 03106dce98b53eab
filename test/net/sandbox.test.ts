import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Network, WireClient, WireGate } from "../../src/model/wire.js";
import { networkOpener } from "../../src/net/net.js";
import { type Cluster, startCluster } from "../scripts/postgres.js";
import { root } from "../scripts/session.js";

// Clients in a namespace that has nothing but a loopback of its own, and the network layer outside.

const asked: { readonly what: string; readonly who: WireClient }[] = [];
const gate: WireGate = {
  request: async ({ method, url }, who) => answer(`${method} ${url}`, who),
  sql: async ({ host, port, text }, who) => answer(`${host}:${port} ${text}`, who),
  tunnel: async ({ host, port }, who) => answer(`${host}:${port} unread`, who),
};
function answer(what: string, who: WireClient) {
  asked.push({ what, who });
  return what.includes("DELETE")
    ? ({ allowed: false, message: "no" } as const)
    : ({ allowed: true } as const);
}

let cluster: Cluster;
let network: Network;
let folder: string;
/** Of the user's own, for whom every far name is the cluster: what leaves asks for `host:port` there. */
const outer = createServer();
const dialled: string[] = [];
/** Two servers of this machine, one of them open to the sandbox. */
const open = createServer((_, response) => response.end("open"));
const closed = createServer((_, response) => response.end("closed"));
const portOf = (server: typeof open) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  const started = await startCluster();
  if ("reason" in started) throw new Error(started.reason);
  cluster = started;
  for (const server of [outer, open, closed]) await once(server.listen(0, "127.0.0.1"), "listening");
  outer.on("connect", ({ url = "" }, socket: Socket) => {
    dialled.push(url);
    const to = connect(Number(cluster.port), "localhost", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(to).pipe(socket);
    });
    for (const end of [to, socket])
      end.on("error", () => {}).once("close", () => [to, socket].map((each) => each.destroy()));
  });
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${portOf(outer)}`);
  folder = mkdtempSync("/var/tmp/holdpoint-net-");
  const opener = await networkOpener({
    ...{ folder, rc: join(root, "shims", "rc"), env: {}, untouched: [], build: join(root, "shims", "build") },
    ...{ databases: [`localhost:${cluster.port}`], sandbox: { loopback: [portOf(open)] } },
  });
  network = await opener(gate);
}, 120_000);
beforeEach(() => {
  asked.length = 0;
  dialled.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await network?.close();
  await cluster?.stop();
  for (const server of [outer, open, closed]) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function inside(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const forwards = network.forwards.map(({ port, socket, preface }) => [port, socket, preface ?? null]);
  const words = ["--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", "/usr/bin/python3"];
  const script = [join(import.meta.dirname, "inside.py"), JSON.stringify(forwards), ...command];
  return new Promise((resolve) => {
    execFile(
      "bwrap",
      [...words, ...script],
      { env: { PATH: process.env["PATH"], HOME: folder, ...network.environment(), ...env }, timeout: 60_000 },
      (_, stdout, stderr) => resolve(stdout + stderr),
    );
  });
}

const questions = () => asked.map(({ what }) => what);
const far = { PGHOST: "db.example.com", PGPORT: "5432", PGUSER: "postgres", PGDATABASE: "postgres" };

test("the socket and what is said first are for this user alone", () => {
  const [proxy, ...others] = network.forwards;
  expect(proxy?.preface).toBeUndefined();
  expect(others.map(({ port }) => port)).toEqual([portOf(open), Number(cluster.port)]);
  for (const { socket, preface } of others) {
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(preface ?? "").mode & 0o777).toBe(0o600);
    expect(readFileSync(preface ?? "", "latin1")).toMatch(
      /^CONNECT localhost:\d+ HTTP\/1\.1\r\n(.+\r\n)+\r\n$/,
    );
  }
});

test("psql and psycopg reach a database by a name that nobody inside can look up, and are judged", async () => {
  const say = "SELECT 'sev' || 'en'";
  expect(await inside(["psql", "-XAtc", say], far)).toBe("seven\n");
  expect(dialled).toEqual(["db.example.com:5432"]);
  expect(questions()).toEqual([`db.example.com:5432 ${say}`]);
  const script = `
import psycopg2
for name in ("one.example.com", "two.example.com"):
    db = psycopg2.connect(host=name)
    c = db.cursor()
    c.execute("SELECT 'sev' || 'en'")
    print(c.fetchone()[0])
    try: c.execute("DELETE FROM items")
    except psycopg2.Error as cause: print(cause.pgcode)
`;
  expect(await inside(["/usr/bin/python3", "-c", script], far)).toBe("seven\n42501\nseven\n42501\n");
  expect(dialled).toEqual(["db.example.com:5432", "one.example.com:5432", "two.example.com:5432"]);
  // It comes from the forwarder, on behalf of all.
  expect(asked.map(({ who }) => who.owner())).toEqual(asked.map(() => undefined));
});

test("a database of this machine that is open to it", async () => {
  const near = { ...far, PGHOST: "localhost", PGPORT: String(cluster.port) };
  expect(await inside(["psql", "-XAtc", "SELECT 1"], near)).toBe("1\n");
  expect(await inside(["psql", "-XAtc", "DELETE FROM items"], near)).toContain("no");
  expect(questions()).toEqual([
    `localhost:${near.PGPORT} SELECT 1`,
    `localhost:${near.PGPORT} DELETE FROM items`,
  ]);
});

test("a program that something was released for is known by it there", async () => {
  const near = { ...far, PGHOST: "localhost", PGPORT: String(cluster.port) };
  expect(
    await inside(["psql", "-XAtc", "SELECT 1"], { ...near, ...network.environment("of-the-line") }),
  ).toBe("1\n");
  expect(asked.map(({ who }) => who.token)).toEqual(["of-the-line"]);
});

test("any resolver's question is answered so that a connection leads to the name", async () => {
  const script = `
import socket
for family in (0, socket.AF_INET):
    for flags in (0, socket.AI_ADDRCONFIG):
        for name in ("db.example.com", "192.0.2.7"):
            print(name, {a[4][0] for a in socket.getaddrinfo(name, 5432, family, socket.SOCK_STREAM, 0, flags)})
for name, flags in (("db.example.com", socket.AI_NUMERICHOST), ("not a name", 0)):
    try: print(socket.getaddrinfo(name, 1, 0, 0, 0, flags))
    except OSError as cause: print("none")
print(socket.getaddrinfo("localhost", 1, socket.AF_INET)[0][4][0])
try: socket.create_connection(("198.18.9.9", 22), 5)
except OSError as cause: print(type(cause).__name__)
`;
  const four = Array.from(
    { length: 4 },
    () => "db.example.com {'198.18.0.0'}\n192.0.2.7 {'192.0.2.7'}\n",
  ).join("");
  expect(await inside(["/usr/bin/python3", "-c", script])).toBe(
    `${four}none\nnone\n127.0.0.1\nConnectionRefusedError\n`,
  );
});

test("ports of this machine: one that is open, one that is not, and one of the sandbox's own", async () => {
  const curl = (url: string, ...more: readonly string[]) =>
    inside(["/usr/bin/curl", "-sS", "-m", "20", ...more, url]);
  expect(await curl(`http://localhost:${portOf(open)}/`)).toBe("open");
  expect(questions()).toEqual([expect.stringMatching(`^GET http://(localhost|127.0.0.1):${portOf(open)}/$`)]);
  // Not there inside, and not by way of the proxy either, whatever it is called.
  expect(await curl(`http://127.0.0.1:${portOf(closed)}/`)).toMatch(/connect/i);
  for (const name of [
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",

    "127.1",
    "0x7f000001",
  ]) {
    const url = `http://${name}:${portOf(closed)}/`;
    for (const way of [[], ["-p"]])
      expect(await curl(url, "--noproxy", "", ...way)).toMatch(/closed to the sandbox|CONNECT tunnel failed/);
  }
  const script = `
import http.server, threading, urllib.request
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
try: urllib.request.urlopen("http://localhost:%d/" % server.server_port)
except urllib.error.HTTPError as cause: print(cause.code)
`;
  expect(await inside(["/usr/bin/python3", "-c", script])).toContain("501");
});

test("Node inside: names that it looks up itself", async () => {
  const script = `
const { lookup } = require("node:dns").promises;
const net = require("node:net");
lookup("db.example.com").then(({ address }) => {
  const socket = net.connect(5432, address, () => socket.end(Buffer.from("0000000804d2162f", "hex")));
  socket.on("data", (data) => { console.log(String(data)); process.exit(0); });
});`;
  expect(await inside([process.execPath, "-e", script])).toMatch(/^[SN]\n$/);
  expect(dialled).toEqual(["db.example.com:5432"]);
});
