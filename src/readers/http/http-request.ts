import { isKnown, type Unknown } from "../../model/arg.js";
import type { Call, Span } from "../../model/call.js";
import {
  type Credential,
  type Effect,
  effectKey,
  type HttpEffect,
  type OpaqueEffect,
  opaqueEffect,
  plainEffect,
} from "../../model/effect.js";
import { splitPath } from "../path-pattern.js";
import { parseJson, textOf, type Value, valueAt } from "../value.js";
import type { ApiTable, KnownApi } from "./api-table.js";
import { findGraphql } from "./graphql-body.js";
import { readKnownRequest } from "./known-request.js";
import { readForeignField, readKnownField } from "./mutation.js";
import { readRestDeed } from "./rest-deed.js";
import { readingsOf } from "./twins.js";
import { isLoopback, parseUrl, showUrl, type Url } from "./url.js";

/** One HTTP request about to be sent, by whatever tool. */
export interface HttpRequest {
  readonly tool: string;
  readonly method: string;
  readonly url: string;
  /** Names in any case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Unknown | undefined;
  /** The fields of a multipart form; those that cannot be foreseen are left out and make `body` unknown. */
  readonly form: ReadonlyMap<string, string>;
  readonly credentials: readonly Credential[];
  /** Where the connection really goes, when that is not the URL's host: `--connect-to`, a unix socket. */
  readonly server: string | undefined;
  readonly span: Span | undefined;
}

/** The parts that most requests have nothing to say about. */
export const plainRequest = {
  headers: [],
  body: undefined,
  form: new Map<string, string>(),
  credentials: [],
  server: undefined,
  span: undefined,
} as const;

/** What a request does: GraphQL by its operations, a known API by its table, anything else by its method and path. */
export function readRequest(request: HttpRequest, apis: ApiTable): readonly Effect[] {
  const [first = [], ...others] = readingsOf(request).map((one) => readOne(one, apis));
  const keyOf = (effect: Effect) => `${effectKey(effect)}\u0000${effect.recovery}`;
  const known = new Set(first.map(keyOf));
  return [...first, ...others.flat().filter((effect) => known.size < known.add(keyOf(effect)).size)];
}

function readOne(request: HttpRequest, apis: ApiTable): readonly Effect[] {
  const url = parseUrl(request.url);
  if (url === undefined) return [opaqueEffect(request.tool, request.url, "the URL cannot be read")];
  const host = judgedHost(request, url, apis);
  const judged = { ...url, host };
  const common = {
    credentials: request.credentials,
    span: request.span,
  };
  const bend = request.server === undefined ? "" : `, by way of ${request.server}`;
  return readMessage(request, judged, apis.at(judged, judgedMethod(request, url))).map((effect) => ({
    ...effect,
    ...common,
    ...(effect.resource === "cloud" ? { host } : {}),
    because: effect.because + bend,
  }));
}

/**
 * The URL's host names the service, also where the connection is bent elsewhere (`--resolve`). Not the other way round:
 * with a `Host` header or `--connect-to`, a harmless URL reaches an API that is known, and `localhost` is someone else.
 */
function judgedHost(request: HttpRequest, url: Url, apis: ApiTable): string {
  if (apis.find(url.host) !== undefined) return url.host;
  const header = request.headers.find(([name]) => name.toLowerCase() === "host")?.[1].trim();
  const named = header === undefined ? undefined : parseUrl(header)?.host;
  for (const other of [named, request.server]) if (other !== undefined && apis.find(other)) return other;
  const isBent = request.server !== undefined && (isLoopback(url.host) || request.server.startsWith("unix:"));
  return isBent ? (request.server ?? url.host) : url.host;
}

function readMessage(request: HttpRequest, url: Url, known: KnownApi | undefined): readonly Effect[] {
  const { tool, body } = request;
  const text = body !== undefined && isKnown(body) ? body : "";
  const method = judgedMethod(request, url);
  const fields = readFields(text, request.form, url.query);
  const parts = splitPath(url.path);
  const listed = known?.answersGraphql(parts) === true && known.route(method, parts).entry !== undefined;
  const isKnownEndpoint = known?.answersGraphql(parts) === true && !listed;
  const isEndpoint = isKnownEndpoint || (!listed && /graphql/i.test(url.path));
  const finding = listed
    ? { fields: [], problems: [] }
    : findGraphql({
        query: url.query,
        contentType: header(request, "content-type"),
        body: text,
        form: request.form,
        isEndpoint,
      });
  const operations = finding.fields.map((field) =>
    known === undefined ? readForeignField(tool, field, url.host) : readKnownField(tool, field, known),
  );
  const target = showUrl(url);
  const problems = finding.problems.map((reason) =>
    riddle(tool, target, `it sends GraphQL that cannot be read: ${reason}`),
  );
  const hasGraphql = operations.length > 0 || problems.length > 0;
  const rest =
    hasGraphql || known === undefined || isKnownEndpoint
      ? undefined
      : readKnownRequest({ request, method, url, fields, known });
  const needsBody = rest === undefined ? isEndpoint || body === undefined || !isBulk(body) : rest.needsBody;
  const unseen =
    body === undefined || isKnown(body) || !needsBody
      ? []
      : [opaqueEffect(tool, target, `what it sends cannot be foreseen: ${body.reason}`)];
  const plain = hasGraphql ? [] : (rest?.effects ?? [readRest(request, method, url, fields)]);
  return [...operations, ...problems, ...unseen, ...plain];
}

/** Of a JSON body or a form, whole texts as `*`; the query string's parameters as `?name`. */
function readFields(body: string, form: ReadonlyMap<string, string>, query: string): Value {
  const fields = new Map<string, Value>();
  const add = (name: string, text: string) => fields.set(name, { kind: "scalar", text });
  const json = parseJson(body);
  if (json.ok && json.value.kind === "object")
    for (const [name, value] of json.value.fields) fields.set(name, value);
  else if (json.ok && json.value.kind === "list") fields.set("*", json.value);
  else if (/^[\w.[\]%-]{1,100}=/.test(body))
    for (const [name, value] of new URLSearchParams(body)) add(name, value);
  else if (body !== "") add("*", body);
  for (const [name, value] of form) add(name, value);
  for (const [name, value] of new URLSearchParams(query)) add(`?${name}`, value);
  return { kind: "object", fields };
}

/** Opaque although every word is known: no shim will know more. */
export function riddle(tool: string, target: string, because: string): OpaqueEffect {
  return { ...opaqueEffect(tool, target, because), certainty: "certain" };
}

/** Without what cannot be foreseen here, and will be seen by a shim that gets the true words. */
export function leaveToShim(call: Pick<Call, "sight">, effects: readonly Effect[]): readonly Effect[] {
  if (call.sight !== "later") return effects;
  return effects.filter((effect) => effect.resource !== "opaque" || effect.certainty === "certain");
}

/** A big file for a plain server, whose beginning says nothing of GraphQL, is an upload and no riddle. */
function isBulk(body: string | Unknown): boolean {
  const prefix = isKnown(body) ? "" : body.prefix;
  return prefix.length > 1 << 20 && !/\bmutation\b/.test(prefix);
}

function readRest(request: HttpRequest, method: string, url: Url, fields: Value): HttpEffect {
  const soapAction = header(request, "soapaction");
  const deed = readRestDeed({ method, path: url.path, query: url.query, fields, soapAction });
  // At a host that nothing is known about, a stop or a new member says too little.
  const isPlain = deed.action === "read" || deed.action === "delete";
  return {
    ...plainEffect(request.tool, isPlain ? deed.action : method === "POST" ? "send" : "modify", showUrl(url)),
    resource: "http",
    method,
    host: url.host,
    path: url.path,
    extent: { kind: "exact", count: 1, unit: "requests" },
    because: `sends ${method} to ${url.host}`,
  };
}

/** Frameworks let a POST stand for another method, by a header or by a field `_method`. Of several, each takes its own. */
function judgedMethod(request: HttpRequest, url: Url): string {
  const body = request.body !== undefined && isKnown(request.body) ? request.body.slice(0, 65_536) : "";
  const json = body.includes("_method") ? parseJson(body) : undefined;
  const stated = [
    ...request.headers.filter(([name]) => overriding.has(name.toLowerCase())).map(([, value]) => value),
    ...[url.query, body].flatMap((text) =>
      /method|%/i.test(text)
        ? ["_method", "_HttpMethod"].flatMap((name) => new URLSearchParams(text).getAll(name))
        : [],
    ),
    request.form.get("_method") ?? "",
    (json?.ok ? textOf(valueAt(json.value, "_method")) : undefined) ?? "",
  ];
  const isDelete = stated.some((value) => value.split(",").some((one) => /^\s*delete\s*$/i.test(one)));
  return isDelete ? "DELETE" : request.method.toUpperCase();
}

const overriding: ReadonlySet<string> = new Set([
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
]);

function header(request: HttpRequest, name: string): string {
  return request.headers.find(([given]) => given.toLowerCase() === name)?.[1].trim() ?? "";
}
