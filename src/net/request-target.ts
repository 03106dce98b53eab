import { isIP } from "node:net";
import type { Origin } from "./dial.js";

/** What a client asks a proxy for: RFC 9112, section 3.2. */
export interface Target {
  /** Lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Of `CONNECT host:port`. */
export function connectTarget(text: string): Target | undefined {
  const [, bracketed, name, digits] = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:/@\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = addressOf((bracketed ?? name)?.toLowerCase().replace(/\.$/, "") ?? "");
  const port = Number(digits);
  return host === "" || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Resolvers take `127.1`, `0x7f000001` and `::ffff:127.0.0.1` for 127.0.0.1, so that it is judged and dialled as just that. */
function addressOf(host: string): string {
  const url = `http://${host.includes(":") ? `[${host}]` : host}`;
  const address = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : host;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address)?.slice(1);
  if (mapped !== undefined)
    return mapped
      .map((digits) => Number.parseInt(digits, 16))
      .flatMap((pair) => [pair >> 8, pair & 255])
      .join(".");
  return isIP(address) === 0 ? host : address;
}

/** Of `GET http://host/path`. */
export function absoluteTarget(text: string): { readonly origin: Origin; readonly path: string } | undefined {
  const [, authority = "", path = ""] = /^http:\/\/([^/?#\\\s]+)([^#\s]*)$/i.exec(text) ?? [];
  const server = authority.slice(authority.lastIndexOf("@") + 1);
  const target = connectTarget(/:\d+$/.test(server) ? server : `${server}:80`);
  if (target === undefined) return undefined;
  return { origin: { scheme: "http", ...target }, path: path.startsWith("/") ? path : `/${path}` };
}
