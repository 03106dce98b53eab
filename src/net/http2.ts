import type { IncomingHttpHeaders } from "node:http2";
import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { WireClient, WireGate } from "../model/wire.js";
import type { Identity } from "./authority.js";
import { readHead } from "./body.js";
import { authorityOf, type Origin } from "./dial.js";
import { misdirected, namesNoPath, urlOf } from "./exchange.js";
import { type Headers, isMisdirected, readAtMost, readFor, wireRequest } from "./message.js";

/** Where the streams of one connection go, and whose they are. */
export interface Http2Route {
  readonly origin: Origin;
  readonly client: WireClient;
  /** Where the server has chosen HTTP/2, too. */
  readonly upstream: TLSSocket;
}

/** Serves one client's connection by one to the server, stream by stream. */
export function serveHttp2(
  socket: Socket,
  identity: Identity,
  { origin, client, upstream }: Http2Route,
  gate: WireGate,
): void {
  const session = connect(`https://${authorityOf(origin)}`, { createConnection: () => upstream });
  session.on("error", () => socket.destroy());
  session.once("close", () => socket.destroy());
  socket.once("close", () => session.destroy());
  // One for each connection: a server of its own is what knows the connection's route.
  const server = createSecureServer({ ...identity, maxSessionInvalidFrames: 100 });
  server.on("sessionError", () => socket.destroy());
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    answer(stream, headers, { origin, client, session, gate }).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      refuse(stream, headers, 502, `holdpoint: the request could not be passed on: ${why}`);
    });
  });
  server.emit("connection", socket);
}

interface Passage {
  readonly origin: Origin;
  readonly client: WireClient;
  readonly session: ClientHttp2Session;
  readonly gate: WireGate;
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { origin, client, session, gate }: Passage,
): Promise<void> {
  const { ":method": method = "GET", ":path": path = "/", ":authority": authority } = headers;
  if (method === "CONNECT") return refuse(stream, headers, 501, "holdpoint: no tunnels over HTTP/2");
  if ([authority, headers.host].some((named) => isMisdirected(named, origin.host)))
    return refuse(stream, headers, 421, misdirected(origin));
  if (!path.startsWith("/") && path !== "*") return refuse(stream, headers, 400, namesNoPath);
  // As they are sent on: of what may stand there once, Node keeps the first.
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") ? [] : [value ?? []].flat().map((each) => [name, each] as const),
  );
  const named: Headers = authority === undefined ? plain : [["host", authority], ...plain];
  const head = await readHead(stream, readAtMost, isGrpc(headers) ? callFor : readFor);
  const request = await wireRequest(method, urlOf(origin, path), named, head);
  const answered = await gate.request(request, client);
  if (!answered.allowed) return refuse(stream, headers, 403, answered.message);
  if (stream.destroyed) return;
  const outgoing = session.request(
    { ...headers, ":scheme": origin.scheme },
    { endStream: head.isWhole && head.bytes.length === 0 },
  );
  stream.once("close", () => outgoing.close(stream.rstCode));
  outgoing.once("error", (cause) => {
    if (stream.headersSent) stream.close(outgoing.rstCode || undefined);
    else
      refuse(stream, headers, 502, `holdpoint: ${authorityOf(origin)} cannot be reached: ${cause.message}`);
  });
  outgoing.once("response", (given) => {
    const { ":status": status, ...rest } = given;
    stream.respond({ ":status": status, ...rest }, { waitForTrailers: true });
    let trailers: IncomingHttpHeaders = {};
    outgoing.once("trailers", (sent) => {
      trailers = sent;
    });
    stream.once("wantTrailers", () => {
      stream.sendTrailers(trailers);
    });
    pipeline(outgoing, stream, () => {});
  });
  if (head.bytes.length > 0) outgoing.write(head.bytes);
  if (head.isWhole) outgoing.end();
  else pipeline(stream, outgoing, () => {});
}

/** Milliseconds: a stream of calls sends its first message at once, and the rest when it is answered. */
const callFor = 250;

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return /^application\/grpc\b/i.test(headers["content-type"] ?? "");
}

function refuse(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  status: number,
  message: string,
): void {
  if (stream.destroyed || stream.headersSent) {
    stream.close();
    return;
  }
  const said = { "x-holdpoint": status === 403 ? "denied" : "failed" };
  if (isGrpc(headers)) {
    // 7 is PERMISSION_DENIED, 14 UNAVAILABLE; the message is percent-encoded.
    const code = status === 403 ? "7" : "14";
    const grpc = { "grpc-status": code, "grpc-message": encodeURIComponent(message) };
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", ...grpc, ...said },
      { endStream: true },
    );
    return;
  }
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8", ...said });
  // Who still sends is told that nobody wants the rest: RFC 9113, section 8.1.
  stream.end(`${message}\n`, () => stream.close(constants.NGHTTP2_NO_ERROR));
}
