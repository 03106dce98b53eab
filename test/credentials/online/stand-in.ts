import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Server } from "node:net";
import type { LookUpOptions } from "../../../src/credentials/online/look-up.js";
import type { Found } from "../../../src/credentials/scan.js";
import type { CredentialKind } from "../../../src/model/credential-kind.js";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface StandIn {
  readonly port: number;
  readonly url: string;
  readonly seen: Seen[];
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, everything else as JSON. */
  readonly body?: unknown;
}

const servers: Server[] = [];

export function closeAll(): void {
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function")
      server.closeAllConnections();
    server.close();
  }
}

/** A service on loopback that answers each request by one function and remembers what it was asked. */
export async function standIn(
  answer: (seen: Seen) => Reply | undefined,
  tls?: ServerOptions,
): Promise<StandIn> {
  const seen: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    seen.push(one);
    const { status = 200, headers = {}, body = "" } = answer(one) ?? { status: 404 };
    response.writeHead(status, headers);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  const port = await listen(server);
  return { port, url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, seen };
}

/** A server that takes connections and says nothing, or only what it is told to. */
export async function rawServer(onConnection: (write: (text: string) => void) => void): Promise<string> {
  const server = createNetServer((socket) => {
    socket.on("error", () => {});
    onConnection((text) => socket.write(text));
    servers.push(Object.assign(createNetServer(), { close: () => socket.destroy() }));
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

export function found(kind: CredentialKind, value: string, more: Partial<Found> = {}): Found {
  return { kind, value, key: undefined, file: "", line: 0, modified: 0, ...more };
}

export function options(env: LookUpOptions["env"], more: Partial<LookUpOptions> = {}): LookUpOptions {
  return { env, timeout: 20_000, beside: [], ...more };
}
