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
  const host = (bracketed ?? name)?.toLowerCase().replace(/\.$/, "");
  const port = Number(digits);
  return host === undefined || host === "" || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Of `GET http://host/path`. */
export function absoluteTarget(text: string): { readonly origin: Origin; readonly path: string } | undefined {
  const [, authority = "", path = ""] = /^http:\/\/([^/?#\\\s]+)([^#\s]*)$/i.exec(text) ?? [];
  const server = authority.slice(authority.lastIndexOf("@") + 1);
  const target = connectTarget(/:\d+$/.test(server) ? server : `${server}:80`);
  if (target === undefined) return undefined;
  return { origin: { scheme: "http", ...target }, path: path.startsWith("/") ? path : `/${path}` };
}
