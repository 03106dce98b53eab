import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WireClient } from "../model/wire.js";
import { ownerOf } from "./owner.js";

/** The user's name in the proxy's URL; with the token of a released program as its password. */
export function proxyUrl(port: number, secret: string, token: string = noToken): string {
  return `http://${secret}:${token}@127.0.0.1:${port}`;
}

/** The same as `Proxy-Authorization: Basic` has it. */
export function loginOf(secret: string, token: string = noToken): string {
  return Buffer.from(`${secret}:${token}`).toString("base64");
}

/** Some clients leave out a login whose password is empty. */
export const noToken = "session";

/** Who asks; undefined where it does not say the session's secret, as no process of the session would. */
export function identify(request: IncomingMessage, secret: string): WireClient | undefined {
  const [, coded = ""] = /^basic\s+(\S+)$/i.exec(request.headers["proxy-authorization"] ?? "") ?? [];
  const login = Buffer.from(coded, "base64").toString("utf8");
  const colon = login.indexOf(":");
  if (colon < 0 || !isSame(login.slice(0, colon), secret)) return undefined;
  const token = login.slice(colon + 1);
  const { remotePort, localPort = 0 } = request.socket;
  return {
    token: token === noToken ? undefined : token,
    // Out of a sandbox it comes by a unix socket, from one process in there on behalf of all: whose it is, nobody says who could
    // not as well be lying.
    owner: () => (remotePort === undefined ? undefined : ownerOf(remotePort, localPort)),
    gone: goneSignal(request.socket),
  };
}

/** One for each connection, however many requests come by it. */
function goneSignal(socket: Socket): AbortSignal {
  const known = signals.get(socket);
  if (known !== undefined) return known;
  const gone = new AbortController();
  signals.set(socket, gone.signal);
  if (socket.destroyed) gone.abort();
  else socket.once("close", () => gone.abort());
  return gone.signal;
}

const signals = new WeakMap<Socket, AbortSignal>();

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
