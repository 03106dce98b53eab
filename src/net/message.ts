import { isIP } from "node:net";
import type { WireRequest } from "../model/wire.js";
import { decodeBody, type Head } from "./body.js";
import { toUtf8 } from "./charset.js";
import { isLoopback } from "./dial.js";

/** In the order and the case of letters in which they were sent; a name may come several times. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** `rawHeaders`, two by two. */
export function pairsOf(raw: readonly string[]): Headers {
  return Array.from({ length: raw.length >> 1 }, (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""]);
}

/** All values of a name (lower case), joined as RFC 9110, section 5.3 has it; undefined where it is not there. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const found = headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  return found.length === 0 ? undefined : found.join(", ");
}

/** Without what belongs to one connection alone: RFC 9110, section 7.6.1. */
export function endToEnd(headers: Headers): Headers {
  const named = (headerOf(headers, "connection") ?? "").toLowerCase().split(/\s*,\s*/);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !hopByHop.has(lower) && !named.includes(lower);
  });
}

/**
 * Whether a request names another host than its connection's: a server behind one address for several would take it for that
 * one's, and it would be judged as this one's. Not where the connection is to an address, or to this machine: those have no name.
 */
export function isMisdirected(named: string | undefined, host: string): boolean {
  if (named === undefined || isIP(host) !== 0 || isLoopback(host)) return false;
  const bare = named.trim().toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  return bare !== host;
}

const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What the judge gets to see; `headers`: as they are sent on. */
export async function wireRequest(
  method: string,
  url: string,
  headers: Headers,
  head: Head,
): Promise<WireRequest> {
  const common = { method, url, headers: headers.filter(([name]) => !/^proxy-/i.test(name)) };
  if (!head.isWhole)
    return { ...common, body: head.bytes, unread: "its body is too long, or still coming, to be read whole" };
  const decoded = await decodeBody(head.bytes, headerOf(headers, "content-encoding") ?? "");
  const text =
    "problem" in decoded ? decoded : toUtf8(decoded.bytes, headerOf(headers, "content-type") ?? "");
  return "problem" in text
    ? { ...common, body: Buffer.alloc(0), unread: text.problem }
    : { ...common, body: text.bytes, unread: undefined };
}

/** Bytes: what is longer is read to here, and passed on as it comes. */
export const readAtMost = 4 * 1024 * 1024;
/** Milliseconds; who sends for longer waits for answers meanwhile. */
export const readFor = 2000;
