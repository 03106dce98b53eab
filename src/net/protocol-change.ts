import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { endToEnd, pairsOf } from "./message.js";

/** WebSocket, and what Kubernetes' clients use in its place. Any other protocol would hide what follows. */
export function isReadable(request: IncomingMessage): boolean {
  const { upgrade: wanted = "", "content-length": length, "transfer-encoding": coding } = request.headers;
  return /^(websocket|spdy\/3\.1)$/i.test(wanted.trim()) && (length ?? "0") === "0" && coding === undefined;
}

/** The same request without its wish for another protocol, which a server may always leave unanswered. */
export function again(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const headers = pairsOf(request.rawHeaders);
  const framing = headers.filter(([name]) => /^(transfer-encoding|proxy-authorization)$/i.test(name));
  const lines = [...endToEnd(headers), ...framing].map(([name, value]) => `${name}: ${value}\r\n`);
  const start = `${request.method} ${request.url} HTTP/1.1\r\n${lines.join("")}\r\n`;
  socket.unshift(Buffer.concat([Buffer.from(start, "latin1"), head]));
  server.emit("connection", socket);
  socket.resume();
}
