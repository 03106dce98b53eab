import { type Arg, isKnown, type Unknown, unknown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, type HttpEffect, opaqueEffect, plainEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { Api } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { type ApiTable, apiTable } from "./api-table.js";
import { type CurlArgs, readCurlArgs, readCurlConfig } from "./curl-args.js";
import { type CurlBody, readBody, readUrlQuery } from "./curl-body.js";
import { type Header, readCredentials, readHeaders } from "./curl-credentials.js";
import { expandGlob } from "./curl-glob.js";
import { readOutputs } from "./curl-outputs.js";
import { readOtherScheme } from "./curl-schemes.js";
import { isOn, lastOf, splitTransfers, type Transfer, valuesOf } from "./curl-transfer.js";
import { leaveToShim, readRequest, riddle } from "./http-request.js";
import { type Inputs, openInputs } from "./inputs.js";
import type { Reader, Reading } from "./reader.js";
import { isLoopback, parseUrl, showUrl, type Url } from "./url.js";

/** curl: every request that its options, its config files and its stdin add up to. */
export function curlReader(apis: readonly Api[]): Reader {
  const table = apiTable(apis);
  return { names: ["curl"], read: (call, world) => readCurl(call, world, table) };
}

/** More requests than this of one pattern are counted, not looked at one by one. */
const maxUrls = 50;

function readCurl(call: Call, world: World, apis: ApiTable): Reading {
  const inputs = openInputs(call, world);
  const args = readArgs(call, world, inputs);
  const doubts = args.doubts.map((doubt) =>
    opaqueEffect("curl", doubt.source, `it may hold any request: ${doubt.reason}`),
  );
  // Each request remembers its own files; stdin is one for all.
  const scenes: Scene[] = [];
  const found = splitTransfers(args.options, inputs).flatMap((transfer) => {
    const scene = { call, world, inputs: openInputs(call, world), apis };
    scenes.push(scene);
    return readTransfer(transfer, scene);
  });
  const effects = [...doubts, ...found];
  return {
    effects: leaveToShim(call, effects),
    inner: [],
    wantsStdin: inputs.wantsStdin() || scenes.some((scene) => scene.inputs.wantsStdin()),
  };
}

interface Scene {
  readonly call: Call;
  readonly world: World;
  readonly inputs: Inputs;
  readonly apis: ApiTable;
}

function readArgs(call: Call, world: World, inputs: Inputs): CurlArgs {
  const words = call.argv.slice(1);
  const args = readCurlArgs(words, inputs.readText);
  const first = words[0];
  // Only as the very first argument does -q keep curl from its config file.
  if (first !== undefined && isKnown(first) && /^(-q|--disable$)/.test(first)) return args;
  const text = findConfig(call, world, inputs);
  if (text === undefined) return args;
  const defaults = readCurlConfig(text, inputs.readText);
  return { options: [...defaults.options, ...args.options], doubts: [...defaults.doubts, ...args.doubts] };
}

/** The first config file there is; versions differ in the names they look for. */
function findConfig(call: Call, world: World, inputs: Inputs): string | undefined {
  const folders = ["CURL_HOME", "XDG_CONFIG_HOME", "HOME"].flatMap((name) => {
    const value = envGet(call.env, name);
    return value !== undefined && isKnown(value) && value !== "" ? [value] : [];
  });
  const places = [...folders, world.user.home].flatMap((folder) => [
    `${folder}/.curlrc`,
    `${folder}/curlrc`,
    `${folder}/.config/curlrc`,
  ]);
  for (const path of places) {
    const stat = world.lstat(path);
    if (!stat.exists) continue;
    const text = inputs.readText(path);
    if (isKnown(text)) return text;
  }
  return undefined;
}

function readTransfer(transfer: Transfer, scene: Scene): readonly Effect[] {
  const { call, world, inputs } = scene;
  const body = readBody(transfer, inputs);
  const { headers, hidden } = readHeaders(transfer, inputs);
  const uploads = valuesOf(transfer, "upload-file");
  const effects: Effect[] = hidden.map((header) =>
    opaqueEffect("curl", header.source, `a header cannot be foreseen: ${header.reason}`),
  );
  const seen: string[] = [];
  valuesOf(transfer, "url").forEach((word, at) => {
    if (!isKnown(word)) {
      effects.push(opaqueEffect("curl", word.source, `cannot tell where it sends to: ${word.reason}`));
      return;
    }
    const glob = isOn(transfer, "globoff") ? { urls: [word], total: 1 } : expandGlob(word, maxUrls);
    seen.push(...glob.urls);
    const message = { transfer, body, headers, upload: uploads[at] };
    const found = glob.urls.flatMap((url) => readUrl(url, message, scene));
    effects.push(
      ...(glob.total > maxUrls ? found.map((effect) => ({ ...effect, extent: count(glob.total) })) : found),
    );
    if (glob.total > maxUrls && /[{[]/.test(word.replace(/^[a-z]+:\/\//i, "").split("/")[0] ?? ""))
      effects.push(riddle("curl", word, "it sends to more hosts than can be looked at"));
  });
  return [...effects, ...readOutputs(transfer, seen, call, world)];
}

function count(total: number): Effect["extent"] {
  return { kind: "exact", count: total, unit: "requests" };
}

interface Message {
  readonly transfer: Transfer;
  readonly body: CurlBody;
  readonly headers: readonly Header[];
  readonly upload: Arg | undefined;
}

function readUrl(text: string, message: Message, scene: Scene): readonly Effect[] {
  const { transfer, upload } = message;
  const proto = lastOf(transfer, "proto-default");
  const url = parseUrl(text, proto !== undefined && isKnown(proto) ? proto : "http");
  if (url === undefined) return [opaqueEffect("curl", text, "the URL cannot be read")];
  return /^(https?|wss?|ipfs|ipns)$/.test(url.scheme)
    ? readHttp(text, url, message, scene)
    : readOtherScheme(transfer, url, upload, scene.call, scene.world);
}

function readHttp(text: string, url: Url, message: Message, scene: Scene): readonly Effect[] {
  const { transfer, body, headers } = message;
  const { call, world, inputs, apis } = scene;
  const stated = lastOf(transfer, "request");
  if (stated !== undefined && !isKnown(stated))
    return [opaqueEffect("curl", text, `the method cannot be foreseen: ${stated.reason}`)];
  const isGet = isOn(transfer, "get");
  const query = joinQuery([
    ...(isGet && body.data !== undefined ? [body.data] : []),
    ...readUrlQuery(transfer, inputs),
  ]);
  const content = carried(message, url, scene);
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  const request = {
    tool: "curl",
    method: stated ?? impliedMethod(transfer, message, isGet),
    url: withQuery(withTarget(text, url, transfer), isKnown(query) ? query : ""),
    headers: [
      ...headers.map(({ name, value }) => [name, value] as const),
      ...(names.has("content-type") || body.data === undefined
        ? []
        : [["content-type", body.contentType] as const]),
    ],
    body: isKnown(query) ? content : query,
    form: body.form?.fields ?? new Map<string, string>(),
    credentials: readCredentials(transfer, headers, url, call, world),
    server: serverOf(transfer, url),
    span: undefined,
  };
  const effects = readRequest(request, apis);
  return [...effects, ...(isLoopback(url.host) ? [] : readSent(url, inputs, request.method))];
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
  const isEndpoint = apis.find(url.host) !== undefined || /graphql/i.test(url.path);
  if (isEndpoint || upload !== "-") {
    const text = inputs.send(upload);
    return isKnown(text) || isEndpoint ? text : undefined;
  }
  return undefined;
}

function impliedMethod(transfer: Transfer, { body, upload }: Message, isGet: boolean): string {
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

/** Who answers instead of the URL's host. */
function serverOf(transfer: Transfer, url: Url): string | undefined {
  const socket = lastOf(transfer, "unix-socket") ?? lastOf(transfer, "abstract-unix-socket");
  if (socket !== undefined && isKnown(socket)) return `unix:${socket}`;
  for (const bend of valuesOf(transfer, "connect-to")) {
    if (!isKnown(bend)) continue;
    const [, from = "", to = ""] = /^(\[[^\]]*\]|[^:]*):[^:]*:(\[[^\]]*\]|[^:]*):/.exec(bend) ?? [];
    if (to !== "" && (from === "" || from.toLowerCase() === url.host)) return parseUrl(to)?.host ?? to;
  }
  for (const bend of valuesOf(transfer, "resolve")) {
    if (!isKnown(bend)) continue;
    const [, from = "", to = ""] = /^[+-]?([^:]*):\d*:(.*)$/.exec(bend) ?? [];
    if (to !== "" && (from === "*" || from.toLowerCase() === url.host)) return to.replace(/^\[|\]$/g, "");
  }
  return undefined;
}

/** Each local file whose content leaves the machine: rules know a secret by its name. */
function readSent(url: Url, inputs: Inputs, method: string): readonly HttpEffect[] {
  return [...inputs.sent].map((path) => ({
    ...plainEffect("curl", "send", path),
    resource: "http",
    method,
    host: url.host,
    path: url.path,
    extent: { kind: "exact", count: 1, unit: "files" },
    because: `sends the file's content to ${url.host}`,
  }));
}
