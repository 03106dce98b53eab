import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Transfer, valuesOf } from "./curl-transfer.js";
import { proxyFor } from "./proxies.js";
import { parseUrl, type Url } from "./url.js";

/** Who answers instead of the URL's host: a socket, `--connect-to`, `--resolve`, a proxy. */
export function serverOf(transfer: Transfer, url: Url, call: Call): string | undefined {
  const socket = valuesOf(transfer, "unix-socket", "abstract-unix-socket").at(-1);
  if (socket !== undefined && isKnown(socket) && socket !== "") return `unix:${socket}`;
  return bentTo(transfer, url) ?? proxyFor(call, url, statedProxy(transfer));
}

function bentTo(transfer: Transfer, url: Url): string | undefined {
  for (const bend of valuesOf(transfer, "connect-to")) {
    if (!isKnown(bend)) continue;
    const [, from = "", to = ""] = /^(\[[^\]]*\]|[^:]*):[^:]*:(\[[^\]]*\]|[^:]*):/.exec(bend) ?? [];
    if (to !== "" && (from === "" || bare(from) === url.host)) return parseUrl(to)?.host ?? to;
  }
  for (const bend of valuesOf(transfer, "resolve")) {
    if (!isKnown(bend)) continue;
    const [, from = "", to = ""] = /^[+-]?(\[[^\]]*\]|[^:]*):\d*:(.*)$/.exec(bend) ?? [];
    const [address = ""] = to.split(",");
    if (address !== "" && (from === "*" || bare(from) === url.host)) return bare(address);
  }
  return undefined;
}

function statedProxy(transfer: Transfer): Arg | undefined {
  const exceptions = valuesOf(transfer, "noproxy").at(-1);
  if (
    exceptions !== undefined &&
    isKnown(exceptions) &&
    /(^|,)\s*(\*|localhost|127\.0\.0\.1)/.test(exceptions)
  )
    return "";
  return valuesOf(transfer, ...proxyOptions).at(-1);
}

const proxyOptions = [
  "proxy",
  "proxy1.0",
  "preproxy",
  "socks4",
  "socks4a",
  "socks5",
  "socks5-hostname",
] as const;

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "").toLowerCase();
}
