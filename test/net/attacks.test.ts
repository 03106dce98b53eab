import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { deflateRawSync, gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Network, WireGate, WireRequest } from "../../src/model/wire.js";
import { networkOpener } from "../../src/net/net.js";
import { type Internet, openInternet } from "./internet.js";

// Ways to have something other sent than what was judged.

const asked: WireRequest[] = [];
const unread: string[] = [];
const gate: WireGate = {
  request: async (request) => {
    asked.push(request);
    return { allowed: true };
  },
  sql: async () => ({ allowed: true }),
  tunnel: async ({ reason }) => {
    unread.push(reason);
    return { allowed: false, message: "unread" };
  },
};

let internet: Internet;
let network: Network;
let folder: string;
/** What takes each line for a command, as Redis does, and complains of those that it does not know. */
const lines = createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
    if (chunk.includes("\n")) socket.write("-ERR unknown command\r\n");
  });
});
let heard = "";
const opened: Socket[] = [];

beforeAll(async () => {
  internet = await openInternet((_request, response) => response.end("ok"));
  for (const [name, value] of Object.entries(internet.env)) vi.stubEnv(name, value);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  await once(lines.listen(0, "127.0.0.1"), "listening");
  folder = mkdtempSync("/var/tmp/holdpoint-net-");
  const opener = await networkOpener({
    ...{ folder, rc: join(folder, "rc"), env: internet.env, untouched: [], build: folder, databases: [] },
  });
  network = await opener(gate);
});
beforeEach(() => {
  asked.length = 0;
  unread.length = 0;
  heard = "";
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await network.close();
  await internet.close();
  lines.close();
  rmSync(folder, { recursive: true, force: true });
});

async function tunnel(target: string): Promise<Socket> {
  const { port, username, password } = new URL(network.environment()["HTTPS_PROXY"] ?? "");
  const socket = connect(Number(port), "127.0.0.1");
  opened.push(socket);
  socket.on("error", () => {});
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  socket.write(`CONNECT ${target} HTTP/1.1\r\nProxy-Authorization: Basic ${login}\r\n\r\n`);
  expect(String((await once(socket, "data"))[0])).toContain("200");
  return socket;
}

/** All that comes back on it, to its end. */
async function say(target: string, ...words: readonly (string | Buffer)[]): Promise<string> {
  const socket = await tunnel(target);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  for (const word of words) socket.write(word);
  await Promise.race([
    once(socket, "close"),
    vi.waitFor(() => expect(heard).not.toBe(""), { timeout: 30_000 }),
  ]);
  if (target.startsWith("127.")) socket.end();
  if (!socket.closed) await once(socket, "close");
  return text;
}

const startup = (...words: readonly string[]) => {
  const body = Buffer.from(`\0\u0003\0\0${words.map((word) => `${word}\0`).join("")}\0`, "latin1");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(4 + body.length);
  return Buffer.concat([head, body]);
};
const query = (text: string) => {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.from("Q\0\0\0\0");
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};
const cancel = Buffer.from("0000001004d2162e0000000100000002", "hex");
const harm = "\r\nFLUSHALL\r\n";

test.each([
  ["a request to cancel, with more behind it", [cancel, harm]],
  ["a longer one", [Buffer.concat([Buffer.from("0000001a04d2162e", "hex"), Buffer.from(harm.padEnd(18))])]],
  ["a user's name", [startup("user", harm)]],
  ["a text that PostgreSQL would only print", [startup("user", "me"), query(`SELECT '${harm}'`)]],
  ["a password", [startup("user", "me"), Buffer.concat([Buffer.from("p\0\0\0\x10"), Buffer.from(harm)])]],
])("what another kind of server would obey does not reach it as PostgreSQL's: %s", async (_, words) => {
  await say(`127.0.0.1:${(lines.address() as AddressInfo).port}`, ...words);
  expect(heard).not.toContain("FLUSHALL");
});

test("a server that knows nothing of PostgreSQL is not told statements under TLS", async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "test" }]);
  let decrypted = "";
  const server = createTlsServer({ key, cert }, (socket: TLSSocket) =>
    socket
      .on("error", () => {})
      .on("data", (chunk) => {
        decrypted += chunk;
      }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = await tunnel(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const secured = connectTls({ socket, ALPNProtocols: ["postgresql"], rejectUnauthorized: false });
  secured.on("error", () => {});
  secured.write(startup("user", "me"));
  secured.write(query(`SELECT '${harm}'`));
  await once(socket, "close");
  expect(decrypted).toBe("");
  server.close();
});

const at = (path: string, ...headers: readonly string[]) =>
  [`POST ${path} HTTP/1.1`, "Host: api.example.com", ...headers, "", ""].join("\r\n");
const withBody = (body: Buffer | string, ...headers: readonly string[]) =>
  Buffer.concat([
    Buffer.from(at("/x", "Connection: close", `Content-Length: ${Buffer.byteLength(body)}`, ...headers)),
    Buffer.from(body),
  ]);
const json = '{"action":"delete"}';

test("a whole URL is no path, also where another protocol is asked for", async () => {
  const line = "GET http://elsewhere.example.org/x HTTP/1.1\r\nHost: api.example.com\r\n";
  expect(
    await say("api.example.com:80", `${line}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`),
  ).toContain("400");
  expect(asked).toEqual([]);
});

test("what a header takes away from what is sent on is not judged as if it were sent", async () => {
  const body = gzipSync(json);
  const named = "Connection: close, content-encoding, x-http-method-override";
  await say(
    "api.example.com:80",
    Buffer.concat([
      Buffer.from(
        at(
          "/x",
          named,
          "Content-Encoding: gzip",
          "X-HTTP-Method-Override: GET",
          `Content-Length: ${body.length}`,
        ),
      ),
      body,
    ]),
  );
  expect(Buffer.from(asked[0]?.body ?? [])).toEqual(body);
  expect(asked[0]?.headers.map(([name]) => name)).toEqual(["Host", "Content-Length"]);
});

test.each([
  ["a text that a server reads which knows no codings", json, "deflate"],
  [
    "one with more behind its end",
    Buffer.concat([deflateRawSync("{}"), Buffer.from([0xff]), Buffer.from(json)]),
    "deflate",
  ],
  ["one with more behind its end", Buffer.concat([gzipSync("{}"), Buffer.from(json)]), "gzip"],
  ["more codings than anybody means", gzipSync(json), `gzip${", identity, gzip".repeat(20)}`],
])("a coded body: %s", async (_, body, coding) => {
  await say("api.example.com:80", withBody(body, `Content-Encoding: ${coding}`));
  expect(asked.map((request) => request.unread)).toEqual([expect.stringContaining("its body")]);
});

const wide = (text: string, order: "le" | "be", size: 2 | 4) => {
  const bytes = Buffer.alloc(text.length * size);
  for (let i = 0; i < text.length; i++)
    bytes[i * size + (order === "le" ? 0 : size - 1)] = text.charCodeAt(i);
  return bytes;
};

test.each([
  ["UTF-16, by its first bytes", wide(json, "le", 2), "application/json"],
  ["UTF-16, the other way round", wide(json, "be", 2), "application/json"],
  ["UTF-16, with a mark", Buffer.concat([Buffer.from([0xfe, 0xff]), wide(json, "be", 2)]), "text/plain"],
  ["UTF-16, by its type", wide(json, "le", 2), 'application/json; charset="utf-16le"'],
  ["UTF-32", wide(json, "le", 4), "application/json"],
  ["UTF-32, the other way round", wide(json, "be", 4), "application/json"],
  ["a mark of UTF-8", Buffer.from(`\ufeff${json}`), "application/json"],
  ["Latin-1", Buffer.from(json, "latin1"), "application/json; charset=iso-8859-1"],
])("a body in %s is judged as its text", async (_, body, type) => {
  await say("api.example.com:80", withBody(body, `Content-Type: ${type}`));
  const [request] = asked;
  expect(
    Buffer.from(request?.body ?? [])
      .toString("utf8")
      .replace(/^\ufeff/, ""),
  ).toBe(json);
  expect(request?.unread).toBeUndefined();
});

test("a body in a script that nobody here reads", async () => {
  await say("api.example.com:80", withBody(json, "Content-Type: application/json; charset=cp037"));
  expect(asked[0]?.unread).toContain("cp037");
});

test("a file that looks a little like wide text stays as it is", async () => {
  const file = Buffer.from("00000018667479706d703432000000006d703432", "hex");
  await say("api.example.com:80", withBody(file, "Content-Type: video/mp4"));
  expect(Buffer.from(asked[0]?.body ?? [])).toEqual(file);
  expect(asked[0]?.unread).toBeUndefined();
});

test.each([
  ["another host beside the authority", { ":path": "/x", host: "backboard.railway.com" }, 421],
  ["a whole URL for a path", { ":path": "http://elsewhere.example.org/x", ":scheme": "x" }, 400],
  ["no path", { ":path": "x", ":scheme": "x" }, 400],
])("HTTP/2: %s", async (_, headers, status) => {
  const socket = await tunnel("api.example.com:443");
  const session = connectHttp2("https://api.example.com", {
    createConnection: () =>
      connectTls({ socket, servername: "api.example.com", ALPNProtocols: ["h2"], rejectUnauthorized: false }),
  });
  session.on("error", () => {});
  const stream = session.request({ ":authority": "api.example.com", ...headers });
  const [answered] = await once(stream, "response");
  expect(answered[":status"]).toBe(status);
  expect(asked).toEqual([]);
  session.destroy();
});

test("HTTP/2: of a header that counts once, what is sent on is what was judged", async () => {
  const socket = await tunnel("api.example.com:443");
  const session = connectHttp2("https://api.example.com", {
    createConnection: () =>
      connectTls({ socket, servername: "api.example.com", ALPNProtocols: ["h2"], rejectUnauthorized: false }),
  });
  session.on("error", () => {});
  const stream = session.request({
    ":path": "/x",
    ":method": "POST",
    "x-http-method-override": ["GET", "DELETE"],
  });
  stream.end("{}");
  await once(stream, "response");
  expect(asked[0]?.headers).toContainEqual(["x-http-method-override", "GET, DELETE"]);
  session.destroy();
});

test("GraphQL over a WebSocket is not read, and says so", async () => {
  for (const more of ["Sec-WebSocket-Protocol: graphql-transport-ws", "X-A: b"]) {
    const path = more.startsWith("X") ? "/graphql" : "/live";
    const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n\r\n`;
    const socket = await tunnel("api.example.com:80");
    socket.write(`GET ${path} HTTP/1.1\r\nHost: api.example.com\r\n${upgrade}`);
    await once(socket, "data");
    expect(asked.at(-1)?.unread).toContain("WebSocket");
  }
});

test("many requests over one connection leave nothing behind", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const { port, username, password } = new URL(network.environment()["HTTPS_PROXY"] ?? "");
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  const socket = connect(Number(port), "127.0.0.1");
  opened.push(socket);
  for (let i = 0; i < 12; i++) {
    socket.write(
      `GET http://api.example.com/x HTTP/1.1\r\nHost: api.example.com\r\nProxy-Authorization: Basic ${login}\r\n\r\n`,
    );
    await once(socket, "data");
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warned);
  expect(warned.mock.calls.map(([warning]) => warning.message)).toEqual([]);
});

const post = "POST /x HTTP/1.1\r\nHost: api.example.com\r\n";
const hidden = "DELETE /hidden HTTP/1.1\r\nHost: api.example.com\r\n\r\n";

test.each([
  ["both lengths", `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ["two lengths", `${post}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
  ["a length with a sign", `${post}Content-Length: +${hidden.length}\r\n\r\n${hidden}`],
  [
    "a coding that is not quite chunked",
    `${post}Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
  ],
  ["a coding with a control character", `${post}Transfer-Encoding:\vchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ["a folded header", `${post}X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ["bare line ends", `POST /x HTTP/1.1\nHost: api.example.com\nContent-Length: 0\n\n${hidden}`],
  ["a blank before the colon", `${post}Content-Length : ${hidden.length}\r\n\r\n${hidden}`],
  ["two hosts", `${post}Host: backboard.railway.com\r\nContent-Length: 0\r\n\r\n`],
  ["an extension of a chunk", `${post}Transfer-Encoding: chunked\r\n\r\n2;a="\r\n{}\r\n0\r\n\r\n${hidden}`],
  [
    "trailers",
    `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-HTTP-Method-Override: DELETE\r\n\r\n`,
  ],
  [
    "a body of a GET",
    `GET /x HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  ],
  ["an expectation of its own", `${post}Expect: nothing\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ["another protocol", `${post}Connection: upgrade\r\nUpgrade: foo\r\nContent-Length: 2\r\n\r\n{}${hidden}`],
  [
    "a length that is taken away",
    `${post}Connection: upgrade, content-length\r\nUpgrade: h2c\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  ],
  ["HTTP/2 begun in the middle", `${post}Content-Length: 0\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`],
  ["a tunnel within", `CONNECT backboard.railway.com:443 HTTP/1.1\r\nHost: api.example.com\r\n\r\n`],
  ["an old version", "POST /x HTTP/1.0\r\nContent-Length: 0\r\n\r\n"],
])("what arrives is what was judged, request by request: %s", async (_, text) => {
  count += 1;
  const socket = await tunnel("api.example.com:80");
  socket.resume();
  socket.end(text.replaceAll("/x ", `/x${count} `).replaceAll("/hidden ", `/hidden${count} `));
  await once(socket, "close");
  const own = new RegExp(`/(x|hidden)${count}$`);
  const judged = asked.map(
    ({ method, url, body }) => `${method} ${new URL(url).pathname} ${Buffer.from(body)}`,
  );
  // A client that has gone is not answered, and what it asked for may not be sent.
  const arrived = internet.reached.filter(({ url }) => own.test(url));
  expect(
    arrived.map(({ method, url, body }) => `${method} ${url} ${body}`).filter((one) => !judged.includes(one)),
  ).toEqual([]);
  expect(asked.filter(({ url }) => !url.startsWith("http://api.example.com/"))).toEqual([]);
});
let count = 0;
