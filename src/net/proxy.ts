import { chmodSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  createServer as createSocketServer,
  type ListenOptions,
  type Socket,
  type Server as SocketServer,
} from "node:net";
import type { SecureContext } from "node:tls";
import type { WireGate } from "../model/wire.js";
import type { Authority } from "./authority.js";
import { identify } from "./client.js";
import { authorityOf, dial as dialAnywhere, dialFromInside } from "./dial.js";
import { exchange, namesNoPath, type Route, refuse, upgrade } from "./exchange.js";
import { openPostgres } from "./postgres/session.js";
import { again, isReadable } from "./protocol-change.js";
import { absoluteTarget, connectTarget, type Target } from "./request-target.js";
import { serveTunnel, type TunnelOptions } from "./tunnel.js";
import { plainUpstream } from "./upstream.js";

/** Whom the proxy lets in, whom it believes, and who decides about what comes. */
export interface ProxyOptions {
  readonly gate: WireGate;
  readonly authority: Authority;
  /** With the certificates of those who are trusted to vouch for servers. */
  readonly trust: SecureContext;
  /** The same for servers of PostgreSQL. */
  readonly trustPostgres: SecureContext;
  /** What the session's processes say to be let in. */
  readonly secret: string;
  /** Hosts that are passed on without a look. */
  readonly isUntouched: (host: string) => boolean;
  /** Where all clients are in a sandbox without a network of its own. */
  readonly inside: Inside | undefined;
}

/** Where clients come from that have no network but a loopback of their own. */
export interface Inside {
  /** Path of a unix socket by which they come. */
  readonly socket: string;
  /** Ports of this machine that are open to them. */
  readonly loopback: ReadonlySet<number>;
}

/** A proxy that serves. `close` drops every connection. */
export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the session's clients on a free port of 127.0.0.1, and those of a sandbox on a unix socket as well. */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { inside } = options;
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 90_000, maxHeaderSize: 64 * 1024 });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  serveClients(server, options);
  await listen(server, { port: 0, host: "127.0.0.1" });
  const door = createSocketServer({ allowHalfOpen: true }, (socket) => server.emit("connection", socket));
  if (inside !== undefined) {
    await listen(door, { path: inside.socket });
    chmodSync(inside.socket, 0o600);
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      const closed = [server, door].map((each) => new Promise((resolve) => each.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** Whose connections came out of a tunnel are known by their sockets, and say no more who they are. */
function serveClients(server: Server, options: ProxyOptions): void {
  const { gate, authority, secret, inside } = options;
  const dial = inside === undefined ? dialAnywhere : dialFromInside(inside.loopback);
  const servePostgres = openPostgres({ gate, authority, trust: options.trustPostgres });
  const routes = new WeakMap<Socket, Route>();

  server.on("request", (request, response) => answer(request, response));
  server.on("checkContinue", (request, response) => {
    // Nothing is known before the body is, and it is not sent before somebody wants it.
    response.writeContinue();
    answer(request, response);
  });
  server.on("upgrade", (request, socket: Socket, head) => {
    socket.on("error", () => socket.destroy());
    const route = routes.get(request.socket);
    if (!isReadable(request) || route === undefined) again(server, request, socket, head);
    else upgrade(request, socket, head, route, gate).catch(() => socket.destroy());
  });
  server.on("connect", (request, socket: Socket, head) => {
    socket.on("error", () => socket.destroy());
    if (head.length > 0) socket.unshift(head);
    openTunnel(server, request, socket, { ...options, dial, servePostgres, serve }).catch(
      (cause: unknown) => {
        socket.destroy(cause instanceof Error ? cause : undefined);
      },
    );
  });
  server.on("clientError", (_, socket) => socket.destroy());

  function answer(request: IncomingMessage, response: ServerResponse): void {
    respond(request, response).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      if (response.headersSent || response.destroyed) response.destroy();
      else refuse(response, 502, `holdpoint: the request could not be passed on: ${why}`);
    });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routes.get(request.socket);
    if (route !== undefined) {
      const path = request.url ?? "";
      // A whole URL would name a host that is not the connection's.
      if (path.startsWith("/") || path === "*") return exchange(request, response, path, route, gate);
      refuse(response, 400, namesNoPath);
      return;
    }
    const client = identify(request, secret);
    if (client === undefined) return wantLogin(response);
    const target = absoluteTarget(request.url ?? "");
    if (target === undefined) {
      refuse(response, 400, `holdpoint: this proxy passes on http and https, and not ${request.url}`);
      return;
    }
    const { origin, path } = target;
    await exchange(request, response, path, { origin, client, upstream: plainUpstream(dial, origin) }, gate);
  }

  function serve(socket: Socket, route: Route): void {
    routes.set(socket, route);
    socket.once("close", () => route.upstream.agent.destroy());
    server.emit("connection", socket);
    // It was paused while its first bytes were looked at.
    socket.resume();
  }
}

/** `CONNECT host:port`. */
async function openTunnel(
  server: Server,
  request: IncomingMessage,
  socket: Socket,
  options: TunnelOptions & { readonly secret: string },
): Promise<void> {
  const client = identify(request, options.secret);
  if (client === undefined) {
    // curl without a stated method (git) asks on the same connection what login is wanted.
    socket.write(`HTTP/1.1 407 Proxy Authentication Required\r\n${challenge}content-length: 0\r\n\r\n`);
    server.emit("connection", socket);
    socket.resume();
    return;
  }
  const target = connectTarget(request.url ?? "");
  if (target === undefined) {
    socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    return;
  }
  // Who says so goes on at once, and takes whatever comes for the host's own words.
  const isSilent = request.headers["x-holdpoint"] === "silent";
  let upstream: Socket;
  try {
    upstream = await options.dial({ scheme: "https", ...target });
  } catch (cause) {
    if (isSilent) socket.destroy();
    else tellUnreachable(socket, target, cause);
    return;
  }
  upstream.on("error", () => socket.destroy());
  socket.once("close", () => upstream.destroy());
  if (!isSilent) socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  await serveTunnel({ socket, upstream, target, client }, options);
}

function tellUnreachable(socket: Socket, target: Target, cause: unknown): void {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `holdpoint: ${authorityOf(target)} cannot be reached: ${why}\n`;
  socket.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n${text}`);
}

function listen(server: SocketServer, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, resolve);
  });
}

const challenge = 'proxy-authenticate: Basic realm="holdpoint"\r\n';

function wantLogin(response: ServerResponse): void {
  response.writeHead(407, { "proxy-authenticate": 'Basic realm="holdpoint"', "content-length": 0 });
  response.end();
}
