import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, type HttpEffect, opaqueEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths } from "../file-effects.js";
import { effects, inner, nothing, type Reading } from "../reader.js";
import type { Scene } from "./curl-request.js";
import { lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
import { riddle } from "./http-request.js";
import { sentFiles } from "./sent-files.js";
import { showUrl, type Url } from "./url.js";

/** What curl does over anything but HTTP. `upload` is the file of -T, where there is one. */
export function readOtherScheme(
  transfer: Transfer,
  url: Url,
  upload: Arg | undefined,
  { call, world, inputs }: Scene,
): Reading {
  switch (url.scheme) {
    case "file":
      return upload === undefined ? nothing : effects(...readFileUpload(transfer, url, call, world));
    case "telnet":
      // Its stdin goes out as it comes, as through nc.
      return inner({
        kind: "call",
        argv: ["nc", url.host, url.port === "" ? "23" : url.port],
        via: "curl telnet",
        sight: "never",
      });
    case "gopher":
    case "gophers":
    case "dict":
      // Bytes of the caller's choice to any port: `gopher://localhost:6379/_FLUSHALL`.
      return isPlainLookup(url)
        ? nothing
        : effects(riddle("curl", showUrl(url), `what ${url.scheme} sends is not read`));
    case "smtp":
    case "smtps":
      return effects(remote(url, "send", "MAIL", showUrl(url)), ...sendUpload("MAIL"));
    case "mqtt":
    case "mqtts":
      return lastOf(transfer, "data") === undefined
        ? nothing
        : effects(remote(url, "send", "PUBLISH", showUrl(url)));
    default:
      return effects(
        ...(upload === undefined ? [] : [remote(url, "modify", "PUT", showUrl(url)), ...sendUpload("PUT")]),
        ...readOrders(transfer, url),
      );
  }

  function sendUpload(method: string): readonly Effect[] {
    if (upload === undefined) return [];
    inputs.send(upload === "." ? "-" : upload);
    return sentFiles("curl", inputs.sent, world, { host: url.host, path: url.path, method });
  }
}

/** A page of gopher from its own port, a word looked up in a dictionary. */
function isPlainLookup({ scheme, port, path }: Url): boolean {
  if (path.length <= 2) return true;
  if (/%0[ad]|[\r\n]/i.test(path)) return false;
  return scheme === "dict"
    ? /^\/(d|define|m|match|find|lookup)[:/]/i.test(path)
    : port === "" || port === "70";
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
      /^(dele|rmd|xrmd|rm|rmdir|delete|close|((uid )?expunge)|(uid )?store .*\\deleted|site (rm|del|rmdir|exec))\b/i.test(
        words,
      ) ||
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
