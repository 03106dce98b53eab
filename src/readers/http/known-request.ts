import { isKnown } from "../../model/arg.js";
import { type CloudEffect, type Effect, plainEffect } from "../../model/effect.js";
import { readAwsRequest } from "../aws/request.js";
import { splitPath } from "../path-pattern.js";
import { isQueryTrap, worstDeed } from "../shell/trap.js";
import { readDialect } from "../sql/dialect.js";
import { postgresQuoting } from "../sql/lexicon.js";
import { textOf, type Value, valueAt } from "../value.js";
import type { KnownApi } from "./api-table.js";
import type { HttpRequest } from "./http-request.js";
import { readRestDeed } from "./rest-deed.js";
import { showUrl, type Url } from "./url.js";

/** A request to an API that is known, with what was already found out about it. */
export interface KnownMessage {
  readonly request: HttpRequest;
  readonly method: string;
  readonly url: Url;
  /** The body's fields, and the query string's as `?name`. */
  readonly fields: Value;
  readonly known: KnownApi;
}

export interface KnownReading {
  readonly effects: readonly Effect[];
  /** What it does hangs on the body. */
  readonly needsBody: boolean;
}

/** By the table of the API, else by the convention of REST; undefined when the host is not the API's after all. */
export function readKnownRequest(message: KnownMessage): KnownReading | undefined {
  const { request, method, url, fields, known } = message;
  const { api } = known;
  const common = { ...plainEffect(request.tool, "read", showUrl(url)), environment: environmentOf(message) };
  const cloud = { resource: "cloud", provider: providerOf(message), service: "http" } as const;
  if (api.protocol === "aws") {
    const target = request.headers.find(([name]) => name.toLowerCase() === "x-amz-target")?.[1] ?? "";
    const deed = readAwsRequest({ method, url, fields, target });
    if (deed === undefined) return undefined;
    return { effects: [{ ...common, ...cloud, ...deed }], needsBody: target === "" && method === "POST" };
  }
  const parts = splitPath(url.path);
  const { entry, start } = known.route(method, parts);
  if (entry === undefined) {
    const path = `/${url.path.split("/").filter(isFull).slice(start).join("/")}`;
    const deed = readRestDeed({ method, path, query: url.query, fields, soapAction: "" });
    const operation = `${method} ${path}`;
    return { effects: [{ ...common, ...cloud, ...deed, operation }], needsBody: false };
  }
  const named = readRestDeed({ method, path: url.path, query: "", fields, soapAction: "" });
  // `/credentials/**` stands for a whole branch: a plain word at its end knows better.
  const isOverruled =
    named.action === "delete" &&
    method !== "DELETE" &&
    entry.deed.action !== "delete" &&
    entry.request.endsWith("/**");
  const { traps = [], sql = [] } = entry;
  const isUnseen = request.body !== undefined && !isKnown(request.body);
  const { deed, type } = isOverruled
    ? { deed: named, type: "" }
    : worstDeed(entry.deed, entry.type, isUnseen ? traps.filter(isQueryTrap) : traps, fields);
  const effect: CloudEffect = {
    ...common,
    ...cloud,
    ...deed,
    type: type || named.type,
    operation: entry.request.replace(/^[A-Z|]+(?= )/, method),
  };
  return {
    effects: [effect, ...sql.flatMap((name) => readSqlField(name, message))],
    needsBody: !traps.every(isQueryTrap) || sql.some((name) => !name.startsWith("?")),
  };
}

/** Of a file for many: the name that the host bears, `sanity` of `x.api.sanity.io`. */
function providerOf({ known: { api }, url: { host } }: KnownMessage): string {
  return api.provider === "*" ? (host.split(".").at(-2) ?? host) : api.provider;
}

function isFull(part: string): boolean {
  return part !== "";
}

/** SQL that travels over HTTP: judged as SQL. */
function readSqlField(name: string, { request, fields, known, url }: KnownMessage): readonly Effect[] {
  const text = textOf(valueAt(fields, name));
  if (text === undefined) return [];
  return readDialect(text, postgresQuoting, {
    tool: request.tool,
    engine: known.api.provider,
    host: url.host,
    database: "",
    credentials: request.credentials,
  });
}

/** Sandboxes, and keys that open nothing real. */
function environmentOf({ request, url, known: { api } }: KnownMessage): string {
  if (api.sandboxes.includes(url.host)) return "test";
  if (api.testKeys.length === 0) return "unknown";
  const secrets = [
    url.user,
    ...request.credentials.map(({ name }) => name.replace(/^user /, "")),
    ...request.headers
      .filter(([name]) => name.toLowerCase() === "authorization")
      .map(([, value]) => secretOf(value)),
  ];
  return api.testKeys.some((start) => secrets.some((secret) => secret.startsWith(start)))
    ? "test"
    : "unknown";
}

/** `Bearer KEY`, or `Basic` and USER:PASSWORD in base64. */
function secretOf(value: string): string {
  const [, scheme = "", rest = ""] = /^(\w+)\s+(\S+)$/.exec(value.trim()) ?? [];
  return /^basic$/i.test(scheme) ? Buffer.from(rest, "base64").toString("latin1") : rest || value.trim();
}
