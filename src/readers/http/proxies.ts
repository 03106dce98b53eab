import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import { isLoopback, parseUrl, type Url } from "./url.js";

/**
 * The proxy that would answer in place of a loopback host: to a proxy elsewhere `localhost` is itself. For any other host
 * the URL says who is meant, whatever lies between. `stated`: the tool's own option; "" for none.
 */
export function proxyFor(call: Call, url: Url, stated: Arg | undefined): string | undefined {
  if (!isLoopback(url.host)) return undefined;
  const proxy = stated ?? environmentProxy(call, url);
  if (proxy === undefined || !isKnown(proxy) || proxy === "") return undefined;
  const host = parseUrl(proxy)?.host;
  return host === undefined || isLoopback(host) ? undefined : host;
}

/** Only the lower case name counts for plain HTTP: a CGI program gets `HTTP_PROXY` from a header. */
function environmentProxy(call: Call, url: Url): string | undefined {
  const excepted = firstOf(call, ["no_proxy", "NO_PROXY"]) ?? "";
  const isExcepted = excepted
    .split(/[\s,]+/)
    .some((name) => name === "*" || name.replace(/^\*?\./, "").toLowerCase() === url.host);
  if (isExcepted) return undefined;
  const own = url.scheme === "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"];
  return firstOf(call, [...own, "all_proxy", "ALL_PROXY"]);
}

function firstOf(call: Call, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = envGet(call.env, name);
    if (value !== undefined && isKnown(value) && value !== "") return value;
  }
  return undefined;
}
