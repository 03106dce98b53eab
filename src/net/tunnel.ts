import { isIP, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { WireClient, WireGate } from "../model/wire.js";
import type { Authority } from "./authority.js";
import type { ClientHello } from "./client-hello.js";
import { type Dial, isLoopback, isThisMachine, type Origin, secure } from "./dial.js";
import type { Route } from "./exchange.js";
import { readBeginning } from "./first-bytes.js";
import { serveHttp2 } from "./http2.js";
import type { openPostgres } from "./postgres/session.js";
import type { Target } from "./request-target.js";
import { splice } from "./splice.js";
import { tlsUpstream, tunnelUpstream } from "./upstream.js";

/** What a client opened by CONNECT: nothing has gone through it yet. */
export interface Tunnel {
  readonly socket: Socket;
  /** Connected to the target, in the clear. */
  readonly upstream: Socket;
  readonly target: Target;
  readonly client: WireClient;
}

/** What serves the protocols that a tunnel may turn out to carry. */
export interface TunnelOptions {
  readonly gate: WireGate;
  readonly authority: Authority;
  /** With the certificates of those who are trusted to vouch for servers. */
  readonly trust: SecureContext;
  /** Hosts that are passed on without a look. */
  readonly isUntouched: (host: string) => boolean;
  readonly dial: Dial;
  readonly servePostgres: ReturnType<typeof openPostgres>;
  /** Reads HTTP/1.1 from a socket. */
  readonly serve: (socket: Socket, route: Route) => void;
}

/** Finds out by its first bytes what a tunnel carries, and has it read as that; what cannot be read is asked about. */
export async function serveTunnel(tunnel: Tunnel, options: TunnelOptions): Promise<void> {
  const { socket, upstream, target, client } = tunnel;
  const beginning = await readBeginning(socket, speaksWithin);
  switch (beginning.kind) {
    case "tls":
      await serveTls(tunnel, beginning.hello, options);
      return;
    case "http": {
      const origin = { scheme: "http", ...target } as const;
      options.serve(socket, { origin, client, upstream: tunnelUpstream(options.dial, origin, upstream) });
      return;
    }
    case "postgres":
      if (options.isUntouched(target.host)) return splice(socket, upstream);
      await options.servePostgres({
        client: socket,
        server: upstream,
        target,
        who: client,
        hello: undefined,
      });
      return;
    case "other":
      await passUnread(tunnel, "what it says is no HTTP", options.gate);
  }
}

/** Milliseconds; in protocols where the server speaks first the client says nothing. */
const speaksWithin = 1000;

async function serveTls(tunnel: Tunnel, hello: ClientHello, options: TunnelOptions): Promise<void> {
  const { socket, upstream, target, client } = tunnel;
  const { dial, trust } = options;
  const { serverName } = hello;
  const named = serverName ?? target.host;
  // A name of its own in the greeting would take what is allowed for one host to another one behind the same address.
  if (named !== target.host && isIP(target.host) === 0 && !isLoopback(target.host)) {
    socket.destroy();
    return;
  }
  if (options.isUntouched(target.host) && named === target.host) return splice(socket, upstream);
  if (hello.protocols.includes("postgresql"))
    return options.servePostgres({ client: socket, server: upstream, target, who: client, hello });
  const protocols = hello.protocols.filter((name) => name === "http/1.1" || name === "h2");
  const secured = await secure(upstream, { serverName, protocols, trust });
  if (!secured.authorized) {
    // Its client trusts somebody whom this machine does not, or nobody: it would not take a certificate of ours.
    const fresh = await dial({ scheme: "https", ...target });
    secured.destroy();
    fresh.on("error", () => socket.destroy());
    socket.once("close", () => fresh.destroy());
    const reason = `its certificate is not vouched for by anyone this machine trusts (${secured.authorizationError})`;
    return passUnread({ ...tunnel, upstream: fresh }, reason, options.gate);
  }
  const identity = await options.authority.identityFor(named);
  socket.once("close", () => secured.destroy());
  const origin: Origin = { scheme: "https", host: named, port: target.port };
  if (secured.alpnProtocol === "h2") {
    serveHttp2(socket, identity, { origin, client, upstream: secured }, options.gate);
    return;
  }
  const opened = new TLSSocket(socket, {
    ...{ isServer: true, secureContext: createSecureContext(identity) },
    ...(secured.alpnProtocol ? { ALPNProtocols: [secured.alpnProtocol] } : {}),
  });
  opened.on("error", () => opened.destroy());
  const upstreamTls = tlsUpstream(dial, { ...origin, host: target.host }, secured, serverName, trust);
  options.serve(opened, { origin, client, upstream: upstreamTls });
}

async function passUnread(tunnel: Tunnel, reason: string, gate: WireGate): Promise<void> {
  const { socket, upstream, target, client } = tunnel;
  if (isLoopback(target.host) && isThisMachine(upstream)) return splice(socket, upstream);
  const answered = await gate.tunnel({ ...target, reason }, client);
  if (answered.allowed) splice(socket, upstream);
  else socket.destroy();
}
