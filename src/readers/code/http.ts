import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";

import { toolName } from "../file-effects.js";
import type { ApiTable } from "../http/api-table.js";
import { plainRequest, readRequest } from "../http/http-request.js";
import { codeCredentials } from "./credentials.js";
import { showJson } from "./json.js";
import { type CodeCall, type CodeValue, oneText, plainText, textsOf } from "./values.js";

/** The request that a call of a client library sends; nothing for other calls. */
export function readHttpCall(
  call: Call,
  world: World,
  one: CodeCall,
  all: readonly CodeCall[],
  apis: ApiTable,
): readonly Effect[] {
  const message = messageOf(one, all);
  if (message === undefined) return [];
  const tool = toolName(call);
  const url = message.url === undefined ? undefined : urlText(message.url, message.base);
  const method = message.method.toUpperCase();
  if (url === undefined) {
    // Only what is sure to take something away is worth a question when nobody can tell from where.
    if (method !== "DELETE") return [];
    return [opaqueEffect(tool, one.source, "it sends DELETE, and nobody can tell where to")];
  }
  const headers = headersOf(message.options);
  const body = bodyOf(message);
  const request = {
    ...plainRequest,
    tool,
    method,
    url,
    headers,
    body,
    credentials: codeCredentials(call, world, { url, options: message.options, body }),
  };
  return readRequest(request, apis);
}

interface Message {
  readonly method: string;
  readonly url: CodeValue | undefined;
  readonly base: CodeValue | undefined;
  readonly body: CodeValue | undefined;
  readonly options: ReadonlyMap<string, CodeValue>;
}

const verbs = /^(get|post|put|patch|delete|del|head|options|destroy_http)[!_]?(async|Async|Json|JSON)?$/i;
/** Clients of HTTP by the names that lead to them: a module, a class, a conventional variable. */
const clients =
  /^(requests|httpx|aiohttp|urllib3|niquests|grequests|axios|got|ky|superagent|request|needle|undici|bent|wretch|phin|ofetch|\$fetch|node-fetch|cross-fetch|RestClient|Faraday|HTTParty|HTTP|Excon|Typhoeus|Net\.HTTP|HTTPX|Curl|LWP\.UserAgent|HTTP\.Tiny|Mojo\.UserAgent|REST\.Client|Http|GuzzleHttp\\Client|\\?GuzzleHttp\\Client|Client|Unirest|Unirest\\Request|Requests|WpOrg\\Requests\\Requests|httr|httr2|HTTPoison|Req|Tesla|Finch|HTTPotion|http|https|http\.client|session|ua|api)\b/;

/** The last parts of the names below: most calls end here. */
const lasts =
  /^(get|post|put|patch|delete|del|head|options|request|fetch|ofetch|axios|got|ky|needle|superagent|urlopen|new|curl_setopt\w*|Http\w+|\w+Method|setRequestMethod|file_get_contents|send|open|Request|node-fetch|cross-fetch|\$fetch)[!_]?(async|json)?$/i;

function messageOf(one: CodeCall, all: readonly CodeCall[]): Message | undefined {
  const { name, values, named } = one;
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (!lasts.test(last) && !last.startsWith("req_")) return undefined;
  const [first, second, third] = values;
  const base = baseOf(one);
  const fieldsOf = (value: CodeValue | undefined): ReadonlyMap<string, CodeValue> =>
    value?.kind === "fields" ? value.fields : new Map();
  const options = new Map([...values.flatMap((value) => [...fieldsOf(value)]), ...named]);
  const plain = (method: string, url: CodeValue | undefined, body?: CodeValue): Message => ({
    method,
    url,
    base,
    body,
    options,
  });
  if (/(^|\.)(fetch|ofetch|\$fetch|node-fetch|cross-fetch|undici\.(request|fetch))$/.test(name))
    return plain(
      plainText(options.get("method")) ?? "GET",
      first?.kind === "fields" ? options.get("url") : first,
    );
  if (/^(axios|got|ky|request|needle|superagent)(\.request)?$/.test(name)) {
    const method = plainText(options.get("method"));
    if (name === "needle") return plain(plainText(first) ?? "GET", second, third);
    if (name === "superagent") return plain(plainText(first) ?? "GET", second);
    return plain(
      method ?? "GET",
      first?.kind === "fields" ? (options.get("url") ?? options.get("uri")) : first,
    );
  }
  if (/^https?\.(request|get)$/.test(name)) return readNodeRequest(one, options);
  if (/(^|\.)urllib\.request\.(Request|urlopen)$|^(Request|urlopen)$/.test(name))
    return plain(
      plainText(named.get("method")) ?? ((second ?? named.get("data")) ? "POST" : "GET"),
      first ?? named.get("url"),
      second,
    );
  if (/(^|\.)HTTPS?Connection\(\)\.request$/.test(name)) return readConnection(one, options);
  const [, klass] = /^Net\.HTTP\.(Delete|Get|Post|Put|Patch|Head)\.new$/.exec(name) ?? [];
  if (klass !== undefined) return plain(klass, first);
  if (/(^|\.)HTTP\.Request\.new$/.test(name)) {
    const [method] = [...named.keys()];
    return method === undefined ? plain(plainText(first) ?? "GET", second) : plain(method, named.get(method));
  }
  if (name === "curl_setopt" || name === "curl_setopt_array") return readPhpCurl(one, all);
  if (/(^|\.)(HttpDelete|DeleteMethod)$/.test(name)) return plain("DELETE", first);
  if (name.endsWith(".setRequestMethod") && plainText(first) === "DELETE")
    return plain("DELETE", urlOfReceiver(one));
  if (/(^|\.)req_method$/.test(name))
    return plain(plainText(second) ?? "GET", first?.kind === "made" ? first.call.values[0] : undefined);
  if (name === "file_get_contents" && third !== undefined) return readPhpContext(one);
  if (!clients.test(name)) return undefined;
  if (/^(request|request!|send|open)$/i.test(last) && (values.length > 1 || options.has("method")))
    return plain(
      plainText(options.get("method")) ?? plainText(first) ?? "GET",
      values.length > 1 && first?.kind === "text" ? second : options.get("url"),
      third,
    );
  if (!verbs.test(last) || (first === undefined && !named.has("url"))) return undefined;
  const method = /^del/i.test(last)
    ? "DELETE"
    : (/^[a-z]+/i.exec(last)?.[0] ?? "GET").replace(/(async|json)$/i, "");
  const takesBody = /^(post|put|patch)/i.test(last);
  return plain(method, first ?? named.get("url"), takesBody ? second : undefined);
}

/** `axios.create({baseURL})`, `httpx.Client(base_url=…)`, `Faraday.new(url)`, `new Client(['base_uri' => …])` */
function baseOf({ receiver }: CodeCall): CodeValue | undefined {
  const made = receiver?.kind === "made" ? receiver.call : undefined;
  if (made === undefined) return undefined;
  const [first] = made.values;
  const fields = new Map([...(first?.kind === "fields" ? first.fields : []), ...made.named]);
  for (const name of ["baseURL", "base_url", "base_uri", "prefixUrl", "url"]) {
    const value = fields.get(name);
    if (value !== undefined) return value;
  }
  return /(^|\.)(Faraday|Net\.HTTP|HTTP|RestClient\.Resource)(\.new)?$/.test(made.name) ? first : undefined;
}

function readNodeRequest({ values, name }: CodeCall, options: ReadonlyMap<string, CodeValue>): Message {
  const [first] = values;
  const method = plainText(options.get("method")) ?? "GET";
  if (first !== undefined && first.kind !== "fields")
    return { method, url: first, base: undefined, body: undefined, options };
  const host = plainText(options.get("hostname") ?? options.get("host"));
  const path = plainText(options.get("path")) ?? "/";
  const port = plainText(options.get("port"));
  const scheme = name.startsWith("https") ? "https" : "http";
  const url =
    host === undefined ? undefined : `${scheme}://${host}${port === undefined ? "" : `:${port}`}${path}`;
  return {
    method,
    url: url === undefined ? undefined : text(url),
    base: undefined,
    body: undefined,
    options,
  };
}

/** `http.client.HTTPSConnection("host").request("DELETE", "/path", body)` */
function readConnection({ values, receiver }: CodeCall, options: ReadonlyMap<string, CodeValue>): Message {
  const [method, path, body] = values;
  const host = receiver?.kind === "made" ? receiver.call.values[0] : undefined;
  return {
    method: plainText(method) ?? "GET",
    url: path,
    base: host,
    body: body ?? options.get("body"),
    options,
  };
}

/** Its options come one by one, on the same handle. */
function readPhpCurl(one: CodeCall, all: readonly CodeCall[]): Message | undefined {
  const settings = all.filter(({ name }) => name === "curl_setopt");
  const option = (name: string): CodeValue | undefined =>
    settings.find(({ values }) => values[1]?.kind === "name" && values[1].name === name)?.values[2] ??
    all.find(({ name: call }) => call === "curl_setopt_array")?.named.get(name);
  const method = option("CURLOPT_CUSTOMREQUEST");
  // Once for all of them: at the option that says the method, or the body.
  const [, key] = one.values;
  if (key?.kind !== "name" || !/CURLOPT_(CUSTOMREQUEST|POSTFIELDS)/.test(key.name)) return undefined;
  if (key.name === "CURLOPT_POSTFIELDS" && method !== undefined) return undefined;
  const url = option("CURLOPT_URL") ?? all.find(({ name }) => name === "curl_init")?.values[0];
  return {
    method: plainText(method) ?? "POST",
    url,
    base: undefined,
    body: option("CURLOPT_POSTFIELDS"),
    options: new Map(),
  };
}

function readPhpContext({ values }: CodeCall): Message | undefined {
  const made = values[2]?.kind === "made" ? values[2].call.values[0] : undefined;
  const http = made?.kind === "fields" ? made.fields.get("http") : undefined;
  if (http?.kind !== "fields") return undefined;
  return {
    method: plainText(http.fields.get("method")) ?? "GET",
    url: values[0],
    base: undefined,
    body: http.fields.get("content"),
    options: http.fields,
  };
}

function urlOfReceiver({ receiver }: CodeCall): CodeValue | undefined {
  let at = receiver;
  for (let depth = 0; at?.kind === "made" && depth < 10; depth += 1) {
    const [first] = at.call.values;
    if (first !== undefined) return first;
    at = at.call.receiver;
  }
  return at?.kind === "text" ? at : undefined;
}

function text(value: Arg): CodeValue {
  return { kind: "text", any: [value], isPath: false };
}

/** An unknown part of an address is a name like any other: `f"https://api.example.com/users/{id}"`. */
function urlText(url: CodeValue, base: CodeValue | undefined): string | undefined {
  const own = oneText(url) ?? (url.kind === "text" ? url.any[0] : undefined);
  const front = base === undefined ? "" : (plainText(base) ?? "");
  if (own === undefined) return undefined;
  const path = isKnown(own) ? own : filled(own);
  const whole =
    /^[a-z][a-z+.-]*:\/\//i.test(path) || front === ""
      ? path
      : `${front.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
  return /^([a-z][a-z+.-]*:\/\/[^/]|[\w-]+(\.[\w-]+)+|localhost)/i.test(whole) ? whole : undefined;
}

/** The host must be known; what stands behind the unknown part is not. */
function filled({ prefix, source }: Unknown): string {
  return /^[a-z][a-z+.-]*:\/\/[^/]+\//i.test(prefix)
    ? `${prefix}${/(\w+)\W*$/.exec(source)?.[1] ?? "x"}`
    : "";
}

function headersOf(options: ReadonlyMap<string, CodeValue>): readonly (readonly [string, string])[] {
  const headers = options.get("headers");
  if (headers?.kind !== "fields") return [];
  return [...headers.fields].map(([name, value]) => [
    name,
    textsOf(value).map((one) => (isKnown(one) ? one : one.prefix))[0] ?? "",
  ]);
}

function bodyOf({ body, options }: Message): Arg | undefined {
  const value =
    body ??
    options.get("json") ??
    options.get("data") ??
    options.get("body") ??
    options.get("content") ??
    options.get("form");
  return value === undefined ? undefined : showJson(value);
}
