import { isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import type { ApiTable } from "../http/api-table.js";
import { type HttpRequest, readRequest } from "../http/http-request.js";
import { effects, type Reader } from "../reader.js";
import { readMultipart } from "./multipart.js";

/**
 * An HTTP request that the network layer has before it leaves, by whatever client: argv is its method, its URL, why its body
 * is not known whole ("" where it is), and its headers as `name: value`; stdin is the body.
 */
export function netRequestReader(apis: ApiTable): Reader {
  return {
    names: ["net/request"],
    read: (call, world) => effects(...readRequest(requestOf(call, world), apis)),
  };
}

function requestOf(call: Call, world: World): HttpRequest {
  const [, method = "", url = "", unread = "", ...lines] = call.argv.map((word) =>
    isKnown(word) ? word : "",
  );
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const text = call.stdin.kind === "text" ? call.stdin.text : "";
  const body = unread !== "" ? unknown("the body", unread, text) : text === "" ? undefined : text;
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const form = isKnown(body ?? "") ? readMultipart(text, type) : new Map<string, string>();
  return {
    ...{ tool: "net/request", method, url, headers, body, form, server: undefined, span: undefined },
    credentials: requestCredentials(call, world, { url, headers: namedHeaders(headers), body }),
  };
}
