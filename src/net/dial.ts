import { request } from "node:http";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import { getProxyForUrl } from "proxy-from-env";

/** Where a connection leads. */
export interface Origin {
  readonly scheme: "http" | "https";
  /** Lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, as in a URL. */
export function authorityOf({ host, port }: Pick<Origin, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The proxy that the user's own environment wants for that origin; to this machine itself nobody goes by another. */
export function outerProxy({ scheme, host, port }: Origin): URL | undefined {
  if (isLoopback(host)) return undefined;
  const proxy = getProxyForUrl(`${scheme}://${authorityOf({ host, port })}`);
  if (!/^https?:\/\//i.test(proxy)) return undefined;
  return new URL(proxy);
}

/** A connection to the origin, through the user's own proxy where there is one. Rejects with the system's error. */
export async function dial(origin: Origin): Promise<Socket> {
  const proxy = outerProxy(origin);
  if (proxy !== undefined) return tunnelBy(proxy, origin);
  // Whatever a resolver makes of `x.localhost`: RFC 6761, section 6.3.
  return connected(connectPlain(origin.port, origin.host.endsWith(".localhost") ? "localhost" : origin.host));
}

/** Makes a connection, or rejects. */
export type Dial = typeof dial;

/**
 * For a sandbox with a loopback of its own: of this machine only the ports that are open to it are reached, whatever name
 * somebody has given to this machine's address.
 */
export function dialFromInside(open: ReadonlySet<number>): Dial {
  return async (origin) => {
    const socket = await dial(origin);
    if (outerProxy(origin) !== undefined || !isThisMachine(socket) || open.has(origin.port)) return socket;
    socket.destroy();
    throw new Error(
      "it is a port of this machine that is closed to the sandbox (sandbox.loopback opens one)",
    );
  };
}

/** By its address: an interface's own is connected to from that same one. */
export function isThisMachine({ remoteAddress = "", localAddress }: Socket): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(remoteAddress) || remoteAddress === localAddress;
}

/** To the proxy itself: a plain request is sent to it with its whole URL. */
export function dialProxy(proxy: URL): Promise<Socket> {
  const host = proxy.hostname.replace(/^\[|\]$/g, "");
  const port = Number(proxy.port) || (proxy.protocol === "https:" ? 443 : 80);
  return proxy.protocol === "https:"
    ? connected(connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }) }), "secureConnect")
    : connected(connectPlain(port, host));
}

/** `Basic …` of the proxy's own user; undefined where it has none. */
export function proxyLogin({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

async function tunnelBy(proxy: URL, origin: Origin): Promise<Socket> {
  const socket = await dialProxy(proxy);
  const path = authorityOf(origin);
  const login = proxyLogin(proxy);
  return new Promise((resolve, reject) => {
    const asking = request({
      method: "CONNECT",
      path,
      headers: { host: path, ...(login === undefined ? {} : { "proxy-authorization": login }) },
      createConnection: () => socket,
    });
    asking.once("error", reject);
    asking.once("response", (response) => {
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${response.statusCode}`));
    });
    asking.once("connect", (response, tunnel: Socket, head) => {
      if (response.statusCode !== 200) {
        tunnel.destroy();
        reject(new Error(`the proxy ${proxy.host} answered ${response.statusCode}`));
        return;
      }
      if (head.length > 0) tunnel.unshift(head);
      resolve(tunnel);
    });
    asking.end();
  });
}

function connected<S extends Socket>(socket: S, event: "connect" | "secureConnect" = "connect"): Promise<S> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error) => reject(cause);
    socket.once("error", onError);
    socket.once(event, () => {
      socket.off("error", onError);
      resolve(socket);
    });
  });
}

/** TLS over a connection; `authorized` says whether anybody who is trusted here has signed the certificate. */
export function secure(
  socket: Socket,
  options: {
    readonly serverName: string | undefined;
    /** Whose certificate it has to be where no name is said. */
    readonly host?: string;
    readonly protocols: readonly string[];
    /** With those who are trusted to vouch for servers. */
    readonly trust: SecureContext;
  },
): Promise<TLSSocket> {
  const { serverName, host, protocols, trust } = options;
  const secured = connectTls({
    socket,
    secureContext: trust,
    ...(host === undefined ? {} : { host }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
    // Looked at by who calls: what nobody vouches for is not sent by us.
    rejectUnauthorized: false,
  });
  return connected(secured, "secureConnect");
}

/** This machine itself: what speaks there is not asked about for being unreadable. */
export function isLoopback(host: string): boolean {
  if (isIP(host) !== 0) return /^127\.|^(::1?|0\.0\.0\.0)$/.test(host);
  return host === "localhost" || host.endsWith(".localhost");
}
