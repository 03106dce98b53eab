import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Network, WireGate, WireRequest } from "../../src/model/wire.js";
import { networkOpener } from "../../src/net/net.js";
import { type Internet, openInternet } from "./internet.js";

// What flows through the network layer, to and from a real curl, over HTTP/1.1 and HTTP/2.

const run = promisify(execFile);
const megabyte = randomBytes(1 << 20);
const megabytes = 200;
const waiting: ServerResponse[] = [];
const asked: WireRequest[] = [];
let refused: string | undefined;
let internet: Internet;
let network: Network;
let folder: string;

const gate: WireGate = {
  request: async (request) => {
    asked.push(request);
    return refused === undefined ? { allowed: true } : { allowed: false, message: refused };
  },
  sql: async () => ({ allowed: false, message: "no database is used" }),
  tunnel: async () => ({ allowed: false, message: "unread" }),
};

beforeAll(async () => {
  internet = await openInternet((request, response, body) => {
    switch (request.url?.replace(/^http:\/\/[^/]+/, "")) {
      case "/large":
        void download(response);
        break;
      case "/events":
        response.setHeader("content-type", "text/event-stream");
        response.write("data: first\n\n");
        waiting.push(response);
        break;
      case "/next":
        for (const one of waiting.splice(0)) one.end("data: second\n\n");
        response.end();
        break;
      case "/hash":
        response.end(createHash("sha256").update(body, "latin1").digest("hex"));
        break;
      default:
        response.end("ok");
    }
  });
  for (const [name, value] of Object.entries(internet.env)) vi.stubEnv(name, value);
  folder = mkdtempSync("/var/tmp/holdpoint-net-");
  const open = await networkOpener({
    ...{ folder, rc: join(folder, "rc"), env: internet.env, untouched: [] },
    ...{ build: folder, databases: [] },
  });
  network = await open(gate);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await network.close();
  await internet.close();
  rmSync(folder, { recursive: true, force: true });
});

async function download(response: ServerResponse): Promise<void> {
  for (let at = 0; at < megabytes; at++) if (!response.write(megabyte)) await once(response, "drain");
  response.end();
}

async function curl(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], ...network.environment() };
  const { stdout } = await run("/usr/bin/curl", ["-sS", ...args], { env, maxBuffer: 1 << 30 });
  return stdout;
}

test.each(["--http1.1", "--http2"])(
  "%s: a long download comes whole, and is not gathered on the way",
  async (version) => {
    const env = { PATH: process.env["PATH"], ...network.environment() };
    const before = process.memoryUsage().rss;
    const command = `set -o pipefail; curl -sS ${version} https://api.example.com/large | sha256sum`;
    const { stdout } = await run("/bin/bash", ["-c", command], { env });
    const hash = createHash("sha256");
    for (let at = 0; at < megabytes; at++) hash.update(megabyte);
    expect(stdout.slice(0, 64)).toBe(hash.digest("hex"));
    expect(process.memoryUsage().rss - before).toBeLessThan((megabytes << 20) / 2);
  },
  120_000,
);

test.each([
  ["--http1.1", "https"],
  ["--http2", "https"],
  ["--http1.1", "http"],
])(
  "%s, %s: an event comes before the next one is sent",
  async (version, scheme) => {
    const env = { PATH: process.env["PATH"], ...network.environment() };
    const child = execFile("/usr/bin/curl", ["-sSN", version, `${scheme}://api.example.com/events`], { env });
    const closed = once(child, "close");
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
    });
    await vi.waitFor(() => expect(text).toBe("data: first\n\n"), { timeout: 30_000 });
    await curl(`${scheme}://api.example.com/next`);
    await closed;
    expect(text).toBe("data: first\n\ndata: second\n\n");
  },
  60_000,
);

test.each(["--http1.1", "--http2"])(
  "%s: an upload longer than what is read comes whole",
  async (version) => {
    const file = join(folder, "upload");
    const { writeFileSync } = await import("node:fs");
    const content = Buffer.concat(Array.from({ length: 12 }, () => megabyte));
    writeFileSync(file, content);
    expect(await curl(version, "--data-binary", `@${file}`, "https://api.example.com/hash")).toBe(
      createHash("sha256").update(content).digest("hex"),
    );
    expect(asked.at(-1)).toMatchObject({ method: "POST", url: "https://api.example.com/hash" });
    expect(asked.at(-1)?.unread).toContain("too long");
  },
  60_000,
);

test("what is refused is told so, and none of it leaves", async () => {
  const before = internet.reached.length;
  refused = "holdpoint: denied: because";
  const said = await Promise.all(
    ["--http1.1", "--http2"].map((version) =>
      curl(version, "-w", "%{http_code}", "-d", "x=1", "https://api.example.com/x"),
    ),
  );
  refused = undefined;
  expect(said).toEqual(Array.from({ length: 2 }, () => "holdpoint: denied: because\n403"));
  expect(internet.reached.length).toBe(before);
});

test("a WebSocket flows both ways once its request was let through", async () => {
  const socket = await tunnel("api.example.com:80");
  socket.write(
    "GET /chat HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(await read(socket, "\r\n\r\n")).toContain("101 Switching Protocols");
  socket.write("to and fro");
  expect(await read(socket, "fro")).toBe("to and fro");
  expect(asked.at(-1)).toMatchObject({ method: "GET", url: "http://api.example.com/chat" });
  socket.destroy();
});

test("one that is refused does not come to be", async () => {
  const socket = await tunnel("api.example.com:80");
  refused = "holdpoint: denied: because";
  socket.write(
    "GET /chat HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  const said = await read(socket, "because");
  refused = undefined;
  expect(said).toContain("403 Forbidden");
});

test.each([
  ["nobody's secret", "Proxy-Authorization: Basic eDp5\r\n"],
  ["no login", ""],
])("who comes with %s is not served", async (_, header) => {
  const socket = connect(Number(new URL(network.environment()["HTTPS_PROXY"] ?? "").port), "127.0.0.1");
  socket.write(`CONNECT api.example.com:443 HTTP/1.1\r\n${header}\r\n`);
  expect(await read(socket, "\r\n\r\n")).toContain("407");
  socket.destroy();
});

test("a tunnel that speaks neither TLS nor HTTP, or lets the server speak first, is asked about", async () => {
  for (const words of ["SSH-2.0-x\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""]) {
    const socket = await tunnel("api.example.com:22");
    if (words !== "") socket.write(words);
    await once(socket.resume(), "close");
  }
});

test.each([
  ["--http1.1", "https"],
  ["--http2", "https"],
  ["--http1.1", "http"],
])(
  "%s, %s: a request that names another host than its connection's is not taken",
  async (version, scheme) => {
    const before = internet.reached.length;
    const said = await curl(
      ...[version, "-w", "%{http_code}", "-H", "Host: backboard.railway.com"],
      `${scheme}://api.example.com/x`,
    );
    expect(said).toMatch(/another host than api\.example\.com:\d+.*\n421$/s);
    expect(internet.reached.length).toBe(before);
    // Its own, however it is written.
    const own = await curl(version, "-H", "Host: API.example.com.", `${scheme}://api.example.com/x`);
    expect(own).toBe("ok");
  },
);

test("a greeting that names another host than the tunnel ends it", async () => {
  const socket = await tunnel("api.example.com:443");
  const secured = connectTls({ socket, servername: "backboard.railway.com", rejectUnauthorized: false });
  await expect(once(secured, "secureConnect")).rejects.toThrow();
});

test("a whole URL in a tunnel names a host that is not the connection's", async () => {
  const socket = await tunnel("api.example.com:80");
  socket.write("DELETE http://elsewhere.example.org/x HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
  expect(await read(socket, "names a path")).toContain("400");
  socket.destroy();
});

/** Through the network layer, as its clients ask for it. */
async function tunnel(target: string): Promise<Socket> {
  const { port, username, password } = new URL(network.environment()["HTTPS_PROXY"] ?? "");
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  socket.write(`CONNECT ${target} HTTP/1.1\r\nProxy-Authorization: Basic ${login}\r\n\r\n`);
  expect(await read(socket, "\r\n\r\n")).toContain("200");
  return socket;
}

async function read(socket: Socket, end: string): Promise<string> {
  let text = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(end)) break;
  }
  return text;
}
