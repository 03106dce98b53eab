import { type Arg, isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import type { Inputs } from "../inputs.js";
import type { ApiTable } from "./api-table.js";
import { type CurlBody, readUrlQuery } from "./curl-body.js";
import { type Header, readCredentials } from "./curl-credentials.js";
import { serverOf } from "./curl-server.js";
import { isOn, lastOf, type Transfer } from "./curl-transfer.js";
import type { HttpRequest } from "./http-request.js";
import { showUrl, type Url } from "./url.js";

/** Where a request is foreseen: what it may look at. */
export interface Scene {
  readonly call: Call;
  readonly world: World;
  readonly inputs: Inputs;
  readonly apis: ApiTable;
}

/** What one of curl's requests carries, whichever URL it goes to. */
export interface Message {
  readonly transfer: Transfer;
  readonly body: CurlBody;
  readonly headers: readonly Header[];
  readonly hidden: readonly Unknown[];
  /** The file of -T. */
  readonly upload: Arg | undefined;
}

/** The request for one URL; why not, when its method cannot be foreseen. */
export function curlRequest(text: string, url: Url, message: Message, scene: Scene): HttpRequest | Unknown {
  const { transfer, body, headers, hidden } = message;
  const stated = lastOf(transfer, "request");
  if (stated !== undefined && !isKnown(stated)) return stated;
  const isGet = isOn(transfer, "get");
  const query = joinQuery([
    ...(isGet && body.data !== undefined ? [body.data] : []),
    ...readUrlQuery(transfer, scene.inputs),
  ]);
  const content = carried(message, url, scene);
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  const address = withQuery(withTarget(text, url, transfer), isKnown(query) ? query : "");
  const sent = isKnown(query) ? content : query;
  return {
    tool: "curl",
    method: stated ?? impliedMethod(message, isGet),
    url: address,
    headers: [
      ...headers.map(({ name, value }) => [name, value] as const),
      ...(names.has("content-type") || body.data === undefined
        ? []
        : [["content-type", body.contentType] as const]),
    ],
    body: sent,
    form: body.form?.fields ?? new Map<string, string>(),
    credentials: readCredentials(
      { transfer, headers, hidden, url, text: address, body: sent },
      scene.call,
      scene.world,
    ),
    server: serverOf(transfer, url, scene.call),
    span: undefined,
  };
}

/** -T to a folder: the file's own name is added, in whatever protocol. */
export function uploadTarget(text: string, url: Url, upload: Arg | undefined): string {
  if (upload === undefined || !isKnown(upload) || isPipe(upload)) return text;
  const name = upload.replace(/^.*\//s, "");
  if (!url.path.endsWith("/") || url.query !== "") return text;
  return `${text.replace(/#.*$/s, "").replace(/\/$/, "")}/${encodeURIComponent(name)}`;
}

/** `-T -`, and `-T .`, which does not wait for it. */
function isPipe(upload: string): boolean {
  return upload === "-" || upload === ".";
}

/** What stands in the body as far as it could be GraphQL; a big file for a plain server is no riddle. */
function carried(
  { transfer, body, upload }: Message,
  url: Url,
  { inputs, apis }: Scene,
): string | Unknown | undefined {
  if (body.data !== undefined) return isOn(transfer, "get") ? undefined : body.data;
  if (body.form !== undefined) return body.form.hidden;
  if (upload === undefined) return undefined;
  const isEndpoint = apis.at(url, stated(transfer)) !== undefined || /graphql/i.test(url.path);
  const file = isKnown(upload) && isPipe(upload) ? "-" : upload;
  if (isEndpoint || file !== "-") {
    const text = inputs.send(file);
    return isKnown(text) || isEndpoint ? text : undefined;
  }
  return undefined;
}

function stated(transfer: Transfer): string {
  const method = lastOf(transfer, "request");
  return method !== undefined && isKnown(method) ? method : "PUT";
}

function impliedMethod({ transfer, body, upload }: Message, isGet: boolean): string {
  if (upload !== undefined) return "PUT";
  if (isGet) return isOn(transfer, "head") ? "HEAD" : "GET";
  if (body.data !== undefined || body.form !== undefined) return "POST";
  return isOn(transfer, "head") ? "HEAD" : "GET";
}

function joinQuery(parts: readonly (string | Unknown)[]): string | Unknown {
  const hidden = parts.find((part) => !isKnown(part));
  if (hidden !== undefined && !isKnown(hidden)) return unknown(hidden.source, hidden.reason);
  return parts.filter(isKnown).join("&");
}

/** `--request-target` asks for another path than the URL's. */
function withTarget(text: string, url: Url, transfer: Transfer): string {
  const target = lastOf(transfer, "request-target");
  if (target === undefined || !isKnown(target)) return text;
  if (/^[a-z]+:\/\//i.test(target)) return target;
  const [path = "", query = ""] = target.split("?", 2);
  return showUrl({ ...url, path: path.startsWith("/") ? path : `/${path}`, query });
}

function withQuery(text: string, query: string): string {
  if (query === "") return text;
  const bare = text.replace(/#.*$/s, "");
  return `${bare}${bare.includes("?") ? "&" : "?"}${query}`;
}
