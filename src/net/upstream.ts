import { Agent, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { SecureContext } from "node:tls";
import { type Dial, dialProxy, type Origin, outerProxy, secure } from "./dial.js";

/** What is sent on over HTTP/1.1 for one client's connection: kept open as long as that one is, one at a time. */
export interface Upstream {
  readonly agent: Agent;
  /** Where plain HTTP goes through a proxy of the user's: its URL. */
  readonly proxy: URL | undefined;
}

/** To a host by TLS: the connection that was made to look at its certificate comes first. */
export function tlsUpstream(
  dial: Dial,
  origin: Origin,
  first: Duplex,
  serverName: string | undefined,
  trust: SecureContext,
): Upstream {
  const connect = async (): Promise<Duplex> => {
    const socket = await dial(origin);
    const secured = await secure(socket, { serverName, protocols: [], trust });
    if (secured.authorized) return secured;
    socket.destroy();
    throw new Error(`its certificate is no longer trusted: ${secured.authorizationError}`);
  };
  return { agent: agentOf(beginningWith(first, connect)), proxy: undefined };
}

/** Plain HTTP in a tunnel that the client asked for. */
export function tunnelUpstream(dial: Dial, origin: Origin, first: Duplex): Upstream {
  return { agent: agentOf(beginningWith(first, () => dial(origin))), proxy: undefined };
}

/** Plain HTTP, as it is asked of a proxy: the user's own gets it the same way. */
export function plainUpstream(dial: Dial, origin: Origin): Upstream {
  const proxy = outerProxy(origin);
  return { agent: agentOf(() => (proxy === undefined ? dial(origin) : dialProxy(proxy))), proxy };
}

function beginningWith(first: Duplex, next: () => Promise<Duplex>): () => Promise<Duplex> {
  let ready: Duplex | undefined = first;
  return async () => {
    const given = ready;
    ready = undefined;
    return given === undefined || given.destroyed ? next() : given;
  };
}

function agentOf(connect: () => Promise<Duplex>): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: 0 });
  const createConnection = (
    _: ClientRequestArgs,
    done?: (cause: Error | null, socket?: Duplex) => void,
  ): undefined => {
    connect().then(
      (socket) => done?.(null, socket),
      (cause: unknown) => done?.(cause instanceof Error ? cause : new Error(String(cause))),
    );
  };
  return Object.assign(agent, { createConnection });
}
