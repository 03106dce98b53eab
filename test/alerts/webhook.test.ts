import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Server } from "node:net";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { readSecret } from "../../src/alerts/signature.js";
import type { Sent } from "../../src/alerts/sink.js";
import { webhookSink } from "../../src/alerts/webhook.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listen(createServer(answer));

function post(
  url: string,
  more: { secret?: string; signal?: AbortSignal; body?: string } = {},
): Promise<Sent> {
  const secret = more.secret === undefined ? undefined : readSecret(more.secret);
  const sink = webhookSink({ url, secret, on: ["denied"], version: "1.2.3" });
  return sink.send(
    { id: "alert_1", body: more.body ?? '{"é":1}' },
    more.signal ?? new AbortController().signal,
  );
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

const key = "0123456789abcdef0123456789abcdef";
test.each([
  ["plain text", key, Buffer.from(key)],
  ["with a newline after it", `${key}\n`, Buffer.from(key)],
  ["whsec_ and Base64", `whsec_${Buffer.from(key).toString("base64")}`, Buffer.from(key)],
])("signed by a secret: %s", async (_name, secret, expected) => {
  const seen: { method?: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];
  const port = await serve(async (request, response) => {
    seen.push({ method: request.method, headers: request.headers, body: await read(request) });
    response.end("thanks");
  });
  const before = Math.floor(Date.now() / 1000);
  expect(await post(`http://127.0.0.1:${port}/hook?k=v`, { secret })).toEqual({ ok: true });
  const [{ method, headers, body } = { method: "", headers: {}, body: "" }] = seen;
  const stamp = String(headers["webhook-timestamp"]);
  expect([method, body, headers["webhook-id"], headers["content-type"], headers["user-agent"]]).toEqual([
    ...["POST", '{"é":1}', "alert_1", "application/json; charset=utf-8", "holdpoint/1.2.3"],
  ]);
  expect(Number(stamp)).toBeGreaterThanOrEqual(before);
  const wanted = createHmac("sha256", expected).update(`alert_1.${stamp}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${wanted}`);
});

test("a short secret is none, and without one nothing is signed", async () => {
  expect([readSecret("too short"), readSecret("whsec_AAAA")]).toEqual([undefined, undefined]);
  let signed: unknown = "not asked";
  const port = await serve((request, response) => {
    signed = request.headers["webhook-signature"];
    response.end();
  });
  expect([await post(`http://localhost:${port}/`), signed]).toEqual([{ ok: true }, undefined]);
});

test.each([
  [204, { ok: true }],
  [500, { ok: false, reason: "answered 500", isFinal: false }],
  [503, { ok: false, reason: "answered 503", isFinal: false }],
  [429, { ok: false, reason: "answered 429", isFinal: false }],
  [404, { ok: false, reason: "answered 404", isFinal: true }],
  [302, { ok: false, reason: "answered 302, which is not followed", isFinal: true }],
  [308, { ok: false, reason: "answered 308, which is not followed", isFinal: true }],
])("status %i", async (status, expected) => {
  const paths: (string | undefined)[] = [];
  const port = await serve((request, response) => {
    paths.push(request.url);
    response.writeHead(status, { location: "/elsewhere" }).end();
  });
  expect(await post(`http://127.0.0.1:${port}/hook`)).toEqual(expected);
  expect(paths).toEqual(["/hook"]);
});

test("gigabytes in answer: the status counts, and the connection is closed", async () => {
  let bytes = 0;
  const closed = new Promise<void>((resolve) => {
    void serve((_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        do bytes += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      response.on("close", resolve);
      more();
    }).then(async (port) => expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ ok: true }));
  });
  await closed;
  // What the kernel takes on the way is some megabytes.
  expect(bytes).toBeLessThan(100_000_000);
});

test("one that never answers is called off, and leaves no connection", async () => {
  const connections: { readonly closed: Promise<void> }[] = [];
  const stop = new AbortController();
  const port = await listen(
    createNetServer((socket) => {
      socket.on("error", () => {}).resume();
      connections.push({ closed: new Promise((done) => socket.on("close", () => done())) });
      stop.abort();
    }),
  );
  const sent = await post(`http://127.0.0.1:${port}/`, { signal: stop.signal });
  expect(sent).toEqual({ ok: false, reason: "called off", isFinal: false });
  await connections[0]?.closed;
});

test.each<[string, (write: (text: string) => void, end: () => void) => void, string]>([
  ["closes at once", (_write, end) => end(), "ECONNRESET"],
  ["speaks no HTTP", (write, end) => [write("SSH-2.0-x\r\n"), end()], "HPE_INVALID_CONSTANT"],
  [
    "has headers without end",
    (write) => write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}`),
    "HPE_HEADER_OVERFLOW",
  ],
  [
    "switches protocols",
    (write) => write("HTTP/1.1 101 Up\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    "answer",
  ],
])("another try may help when the other side %s", async (_name, act, reason) => {
  const port = await listen(
    createNetServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () =>
        act(
          (text) => void socket.write(text),
          () => void socket.end(),
        ),
      );
    }),
  );
  expect(await post(`http://127.0.0.1:${port}/`)).toEqual({
    ...{ ok: false, isFinal: false },
    reason: expect.stringContaining(reason),
  });
});

test("nobody listens", async () => {
  const port = await serve(() => {});
  await new Promise((done) => servers.pop()?.close(done));
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({
    ok: false,
    reason: "ECONNREFUSED",
    isFinal: false,
  });
});

test("a certificate that nobody vouches for is none, whatever the environment says", async () => {
  const { private: privateKey, cert } = await generate([{ name: "commonName", value: "localhost" }], {});
  let reached = false;
  const port = await listen(
    createSecureServer({ key: privateKey, cert }, (_request, response) => {
      reached = true;
      response.end();
    }),
  );
  const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    expect([await post(`https://localhost:${port}/`), reached]).toEqual([
      { ok: false, reason: expect.stringMatching(/CERT/), isFinal: false },
      false,
    ]);
  } finally {
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
  }
});
