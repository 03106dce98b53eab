import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { WireClient, WireGate } from "../model/wire.js";
import { type Head, readHead } from "./body.js";
import { authorityOf, type Origin, proxyLogin } from "./dial.js";
import {
  endToEnd,
  type Headers,
  headerOf,
  isMisdirected,
  pairsOf,
  readAtMost,
  readFor,
  wireRequest,
} from "./message.js";
import type { Upstream } from "./upstream.js";

/** One client's requests to one origin. */
export interface Route {
  readonly origin: Origin;
  readonly client: WireClient;
  readonly upstream: Upstream;
}

/** One request: read, judged, and only then sent on; the answer flows back as it comes. */
export async function exchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  path: string,
  { origin, client, upstream }: Route,
  gate: WireGate,
): Promise<void> {
  const headers = pairsOf(incoming.rawHeaders);
  const method = incoming.method ?? "GET";
  if (isMisdirected(headerOf(headers, "host"), origin.host)) {
    refuse(response, 421, misdirected(origin));
    return;
  }
  const head = await readHead(incoming, readAtMost, readFor);
  const url = urlOf(origin, path);
  const answer = await gate.request(await wireRequest(method, url, endToEnd(headers), head), client);
  if (!answer.allowed) {
    refuse(response, 403, answer.message);
    // The rest of what it wanted to send is not waited for.
    if (!head.isWhole) response.once("finish", () => incoming.destroy());
    return;
  }
  const outgoing = request({
    agent: upstream.agent,
    method,
    path: targetOf(origin, path, upstream),
    headers: flat([...sentHeaders(headers, origin, upstream), ...framing(headers, method, head)]),
    setHost: false,
  });
  response.once("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  outgoing.once("error", (cause) => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, `holdpoint: ${authorityOf(origin)} cannot be reached: ${cause.message}`);
  });
  outgoing.once("response", (answered) => {
    const given = endToEnd(pairsOf(answered.rawHeaders));
    response.sendDate = false;
    response.writeHead(answered.statusCode ?? 502, answered.statusMessage, flat(given));
    // Whoever waits for a stream of events is told at once that it begins.
    response.flushHeaders();
    pipeline(answered, response, () => {});
  });
  outgoing.write(head.bytes);
  if (head.isWhole) outgoing.end();
  else pipeline(incoming, outgoing, () => {});
}

/** A request that wants another protocol on its connection: judged like any other, then both flow. */
export async function upgrade(
  incoming: IncomingMessage,
  socket: Duplex,
  rest: Buffer,
  { origin, client, upstream }: Route,
  gate: WireGate,
): Promise<void> {
  const headers = pairsOf(incoming.rawHeaders);
  const path = incoming.url ?? "/";
  if (isMisdirected(headerOf(headers, "host"), origin.host)) {
    socket.end(plainAnswer("421 Misdirected Request", misdirected(origin)));
    return;
  }
  // A whole URL would name a host that is not the connection's.
  if (!path.startsWith("/")) {
    socket.end(plainAnswer("400 Bad Request", namesNoPath));
    return;
  }
  const none = { bytes: Buffer.alloc(0), isWhole: true };
  const method = incoming.method ?? "GET";
  const asking = await wireRequest(method, urlOf(origin, path), endToEnd(headers), none);
  const isGraphql = /graphql/i.test(`${path} ${headerOf(headers, "sec-websocket-protocol") ?? ""}`);
  const answer = await gate.request(
    isGraphql ? { ...asking, unread: "what it says over its WebSocket is not read" } : asking,
    client,
  );
  if (!answer.allowed) {
    socket.end(plainAnswer("403 Forbidden", answer.message));
    return;
  }
  const connection: Headers = [
    ["Connection", "Upgrade"],
    ["Upgrade", headerOf(headers, "upgrade") ?? ""],
  ];
  const outgoing = request({
    agent: upstream.agent,
    method,
    path: targetOf(origin, path, upstream),
    headers: flat([...sentHeaders(headers, origin, upstream), ...connection]),
    setHost: false,
  });
  socket.once("close", () => outgoing.destroy());
  outgoing.once("error", (cause) =>
    socket.end(
      plainAnswer("502 Bad Gateway", `holdpoint: ${authorityOf(origin)} cannot be reached: ${cause.message}`),
    ),
  );
  outgoing.once("response", (answered) => {
    // What it says of its length is about bytes that come in another form here.
    socket.write(headText(answered, [...endToEnd(pairsOf(answered.rawHeaders)), ["Connection", "close"]]));
    pipeline(answered, socket, () => {});
  });
  outgoing.once("upgrade", (answered, other, begun) => {
    socket.write(headText(answered, pairsOf(answered.rawHeaders)));
    if (begun.length > 0) socket.write(begun);
    if (rest.length > 0) other.write(rest);
    pipeline(socket, other, () => other.destroy());
    pipeline(other, socket, () => socket.destroy());
  });
  outgoing.end();
}

/** What a request to another host than its connection's is told; a client makes a connection for it: RFC 9110, section 15.5.20. */
export function misdirected(origin: Origin): string {
  return `holdpoint: a request to another host than ${authorityOf(origin)}, to which this connection leads`;
}

/** A whole URL within a tunnel could lead to another host than the one that the connection was judged for. */
export const namesNoPath = "holdpoint: a request in a tunnel names a path";

/** What a client gets that is not sent on. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  const text = `${message}\n`;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "x-holdpoint": status === 403 ? "denied" : "failed",
    connection: "close",
  });
  response.end(text);
}

function plainAnswer(status: string, message: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n${message}\n`;
}

function headText(answered: IncomingMessage, headers: Headers): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answered.statusCode} ${answered.statusMessage}\r\n${lines.join("")}\r\n`;
}

/** As people write it: without a port that is the scheme's own. */
export function urlOf(origin: Origin, path: string): string {
  const isUsual = origin.port === (origin.scheme === "https" ? 443 : 80);
  const authority = isUsual ? authorityOf(origin).replace(/:\d+$/, "") : authorityOf(origin);
  return `${origin.scheme}://${authority}${path.startsWith("/") ? path : `/${path}`}`;
}

function targetOf(origin: Origin, path: string, { proxy }: Upstream): string {
  return proxy === undefined ? path : urlOf(origin, path);
}

function sentHeaders(headers: Headers, origin: Origin, { proxy }: Upstream): Headers {
  const login = proxy === undefined ? undefined : proxyLogin(proxy);
  return [
    ...(headerOf(headers, "host") === undefined ? [["Host", authorityOf(origin)] as const] : []),
    ...endToEnd(headers).filter(([name]) => !/^(content-length|expect)$/i.test(name)),
    ...(login === undefined ? [] : [["Proxy-Authorization", login] as const]),
  ];
}

/** How the body is told from what follows it; never as the client said so where two ways of reading it are possible. */
function framing(headers: Headers, method: string, head: Head): Headers {
  const length = headerOf(headers, "content-length");
  const isChunked = headerOf(headers, "transfer-encoding") !== undefined;
  if (!head.isWhole)
    return isChunked || length === undefined
      ? [["Transfer-Encoding", "chunked"]]
      : [["Content-Length", length]];
  const hasBody = isChunked || length !== undefined || /^(POST|PUT|PATCH)$/.test(method);
  return hasBody ? [["Content-Length", String(head.bytes.length)]] : [];
}

function flat(headers: Headers): string[] {
  return headers.flat();
}
