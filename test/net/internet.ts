import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A request that reached a server behind the network layer. */
export interface Reached {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/**
 * An internet of one server on loopback, which answers for every name: a proxy of the user's own leads there, as in a company.
 * Port 443 speaks TLS with a certificate for `hosts`, by HTTP/2 or HTTP/1.1; any other port plain HTTP.
 */
export interface Internet {
  /** What a session is started with, to be in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly reached: readonly Reached[];
  /** PEM files of the server's certificate. */
  readonly certificate: string;
  /** Of 127.0.0.1, where the server for TLS and the one for plain HTTP listen. */
  readonly ports: { readonly secure: number; readonly plain: number };
  close(): Promise<void>;
}

export const hosts = ["backboard.railway.com", "api.example.com", "s3.amazonaws.com"];

type Answer = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse, body: string) => void;

export async function openInternet(answer: Answer = plainAnswer): Promise<Internet> {
  const folder = mkdtempSync("/var/tmp/holdpoint-net-");
  const { private: key, cert } = await generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2, value })) },
    ],
  });
  const certificate = join(folder, "ca.pem");
  writeFileSync(certificate, cert);
  const reached: Reached[] = [];
  const serve = (request: IncomingMessage | Http2ServerRequest, response: unknown) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => {});
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("latin1");
      const { method = "", url = "" } = request;
      reached.push({ method, url: url.replace(/^http:\/\/[^/]+/, ""), body });
      answer(request, response as ServerResponse, body);
    });
  };
  const secure = createSecureServer({ key, cert, allowHTTP1: true }, serve);
  const plain = createServer(serve);
  const echo = (_: unknown, socket: Socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n");
    socket.pipe(socket);
    socket.on("error", () => {});
  };
  plain.on("upgrade", echo);
  secure.on("upgrade", echo);
  // Of the user's own proxy: plain requests come to it with their whole URL.
  const proxy = createServer(serve);
  const open = new Set<Socket>();
  for (const each of [secure, plain, proxy])
    each.on("connection", (socket: Socket) => {
      open.add(socket);
      socket.on("error", () => {}).once("close", () => open.delete(socket));
    });
  proxy.on("connect", ({ url = "" }, socket: Socket) => {
    const to = connect(portOf(url.endsWith(":443") ? secure : plain), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(to).pipe(socket);
    });
    to.on("error", () => socket.destroy());
    socket.once("close", () => to.destroy());
  });
  await Promise.all([secure, plain, proxy].map(listen));
  const url = `http://127.0.0.1:${portOf(proxy)}`;
  return {
    env: { HTTPS_PROXY: url, HTTP_PROXY: url, http_proxy: url, https_proxy: url, SSL_CERT_FILE: certificate },
    reached,
    certificate,
    ports: { secure: portOf(secure), plain: portOf(plain) },
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([secure, plain, proxy].map((each) => new Promise((done) => each.close(done))));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function plainAnswer(_: unknown, response: ServerResponse): void {
  response.setHeader("content-type", "application/json");
  response.end('{"data":{"ok":true}}\n');
}

function listen(server: Server | Http2SecureServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
}

function portOf(server: Server | Http2SecureServer): number {
  return (server.address() as AddressInfo).port;
}
