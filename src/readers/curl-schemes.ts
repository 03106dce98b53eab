import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, type HttpEffect, opaqueEffect, plainEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
import { appending, overwriting, readPaths } from "./file-effects.js";
import { riddle } from "./http-request.js";
import { showUrl, type Url } from "./url.js";

/** What curl does over anything but HTTP. `upload` is the file of -T, where there is one. */
export function readOtherScheme(
  transfer: Transfer,
  url: Url,
  upload: Arg | undefined,
  call: Call,
  world: World,
): readonly Effect[] {
  switch (url.scheme) {
    case "file":
      return upload === undefined ? [] : readFileUpload(transfer, url, call, world);
    case "telnet":
    case "gopher":
    case "gophers":
    case "dict":
    case "rtmp":
      // Bytes of the caller's choice to any port: `gopher://localhost:6379/_FLUSHALL`.
      return url.scheme !== "telnet" && url.path.length <= 2
        ? []
        : [riddle("curl", showUrl(url), `what ${url.scheme} sends is not read`)];
    case "smtp":
    case "smtps":
      return [remote(url, "send", "MAIL", showUrl(url))];
    case "mqtt":
      return lastOf(transfer, "data") === undefined ? [] : [remote(url, "send", "PUBLISH", showUrl(url))];
    default:
      return [
        ...(upload === undefined ? [] : [remote(url, "modify", "PUT", showUrl(url))]),
        ...readOrders(transfer, url),
      ];
  }
}

/** `curl -T f file:///path` writes a local file. */
function readFileUpload(transfer: Transfer, url: Url, call: Call, world: World): readonly Effect[] {
  const write = transfer.options.some(({ name }) => name === "append") ? appending : overwriting;
  return readPaths(call, world, [url.path], "overwrite", (path) => write("curl", path, world));
}

/** -Q and, where the protocol has commands of its own, -X. */
function readOrders(transfer: Transfer, url: Url): readonly Effect[] {
  return valuesOf(transfer, "quote", "request").flatMap((order): readonly Effect[] => {
    if (!isKnown(order))
      return [opaqueEffect("curl", showUrl(url), `an order cannot be foreseen: ${order.reason}`)];
    const words = order.replace(/^[-+*]+/, "").trim();
    if (
      /^(dele|rmd|rm|rmdir|delete|expunge|(uid )?store .*\\deleted)\b/i.test(words) ||
      /\\deleted/i.test(words)
    )
      return [remote(url, "delete", words.split(/\s/)[0]?.toUpperCase() ?? "", `${showUrl(url)} ${words}`)];
    if (/^(rnfr|rnto|rename|site|chmod|chown|chgrp|ln|symlink|mkdir|mkd)\b/i.test(words))
      return [remote(url, "modify", words.split(/\s/)[0]?.toUpperCase() ?? "", `${showUrl(url)} ${words}`)];
    return [];
  });
}

function remote(url: Url, action: HttpEffect["action"], method: string, target: string): HttpEffect {
  return {
    ...plainEffect("curl", action, target),
    resource: "http",
    method,
    host: url.host,
    path: url.path,
    extent: { kind: "exact", count: 1, unit: "requests" },
    because: `sends ${method} to ${url.host} over ${url.scheme}`,
  };
}
