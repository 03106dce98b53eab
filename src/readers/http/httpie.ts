import { type Arg, isKnown, showArg, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths } from "../file-effects.js";
import { type Inputs, openInputs } from "../inputs.js";
import { hasOption, type Options, optionValue, optionValues, readOptions } from "../options.js";
import { nothing, type Reader, type Reading } from "../reader.js";
import type { ApiTable } from "./api-table.js";
import { type HttpRequest, leaveToShim, readRequest } from "./http-request.js";
import { httpieCredentials } from "./httpie-credentials.js";
import { type BodyKind, readItems } from "./httpie-items.js";
import { httpieOptions } from "./httpie-options.js";
import { proxyFor } from "./proxies.js";
import { sentFiles } from "./sent-files.js";
import { parseUrl, type Url } from "./url.js";

/** HTTPie (`http`, `https`) and xh (`xh`, `xhs`), which takes the same words. */
export function httpieReader(apis: ApiTable): Reader {
  return {
    names: ["http", "https", "xh", "xhs", "xhttp", "xhttps"],
    read: (call, world) => readHttpie(call, world, apis),
  };
}

function readHttpie(call: Call, world: World, apis: ApiTable): Reading {
  const words = call.argv.slice(1);
  const given = readOptions([...defaultOptions(call, world), ...words], httpieOptions);
  if (hasOption(given, "help", "manual", "version", "generate")) return nothing;
  const inputs = openInputs(call, world);
  const doubts = given.doubts
    .filter((doubt) => !/^no option/.test(doubt.reason))
    .map((doubt) =>
      opaqueEffect(showArg(call.tool), doubt.source, `it may hold any option: ${doubt.reason}`),
    );
  // It shows the request, and sends none.
  const isDry = isOn(given, "offline") || isOn(given, "curl") || isOn(given, "curl-long");
  const effects = [
    ...(isDry ? [] : [...doubts, ...readSending(given, call, world, inputs, apis)]),
    ...readOutput(given, call, world),
  ];
  return { effects: leaveToShim(call, effects), inner: [], wantsStdin: inputs.wantsStdin() };
}

/** Words that a config file puts in front of every call's own. */
function defaultOptions(call: Call, world: World): readonly string[] {
  const isXh = /^xh/.test(showArg(call.tool));
  const stated = envGet(call.env, isXh ? "XH_CONFIG_DIR" : "HTTPIE_CONFIG_DIR");
  const home = envGet(call.env, "HOME");
  const own = home !== undefined && isKnown(home) ? home : world.user.home;
  const folders =
    stated !== undefined && isKnown(stated)
      ? [stated]
      : isXh
        ? [`${own}/.config/xh`]
        : [`${own}/.httpie`, `${own}/.config/httpie`];
  for (const folder of folders) {
    const content = world.readFile(`${folder}/config.json`, 1 << 16);
    if (!content.ok) continue;
    return readDefaults(Buffer.from(content.bytes).toString());
  }
  return [];
}

function readDefaults(text: string): readonly string[] {
  try {
    const json: unknown = JSON.parse(text);
    const list: unknown =
      typeof json === "object" && json !== null && "default_options" in json ? json.default_options : [];
    return Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
  } catch {
    return [];
  }
}

/** Whether an option stands, and no `--no-…` behind it. */
function isOn(given: Options, name: string): boolean {
  const last = given.given.findLast((option) => option.name === name || option.name === `no-${name}`);
  return last?.name === name;
}

function readSending(
  given: Options,
  call: Call,
  world: World,
  inputs: Inputs,
  apis: ApiTable,
): readonly Effect[] {
  const tool = showArg(call.tool);
  const { stated, target, rest } = splitOperands(given.operands);
  if (target === undefined) return [];
  if (!isKnown(target)) {
    return [opaqueEffect(tool, target.source, `cannot tell where it sends to: ${target.reason}`)];
  }
  if (stated !== undefined && !isKnown(stated))
    return [opaqueEffect(tool, target, `the method cannot be foreseen: ${stated.reason}`)];
  const { address, socket } = addressOf(target, given, tool);
  const url = parseUrl(address);
  if (url === undefined) return [opaqueEffect(tool, target, "the URL cannot be read")];
  const items = readItems(rest, bodyKind(given), inputs);
  const isEndpoint = apis.at(url, stated?.toUpperCase() ?? "POST") !== undefined || /graphql/i.test(url.path);
  const body = items.body ?? bodyOf(given, stated, isEndpoint, call, inputs);
  const method = stated?.toUpperCase() ?? (items.hasData || isSent(body) ? "POST" : "GET");
  const hasType = items.headers.some(([name]) => name.toLowerCase() === "content-type");
  const type = bodyKind(given) === "json" ? "application/json" : "application/x-www-form-urlencoded";
  const request: HttpRequest = {
    tool,
    method,
    url: withQuery(address, items.query),
    headers:
      hasType || body === undefined ? items.headers : [...items.headers, ["content-type", type] as const],
    body,
    form: items.form,
    credentials: httpieCredentials(
      { address: withQuery(address, items.query), items, body, given, url },
      call,
      world,
    ),
    server: socket ?? resolved(given, url) ?? proxyFor(call, url, statedProxy(given, url)),
    span: undefined,
  };
  const { host, path } = url;
  return [
    ...items.doubts.map((doubt) =>
      opaqueEffect(tool, doubt.source, `a part of the request cannot be foreseen: ${doubt.reason}`),
    ),
    ...readRequest(request, apis),
    ...sentFiles(tool, inputs.sent, world, { host, path, method }),
  ];
}

interface Operands {
  readonly stated: Arg | undefined;
  readonly target: Arg | undefined;
  readonly rest: readonly Arg[];
}

/** A first word of nothing but letters is the method, in any case, if another word follows. */
function splitOperands([first, second, ...rest]: readonly Arg[]): Operands {
  if (first === undefined || second === undefined) return { stated: undefined, target: first, rest: [] };
  const isMethod = isKnown(first)
    ? /^[A-Za-z]+$/.test(first)
    : first.prefix === "" || /^[A-Za-z]+$/.test(first.prefix);
  return isMethod
    ? { stated: first, target: second, rest }
    : { stated: undefined, target: first, rest: [second, ...rest] };
}

/** `:3000/x` and `:/x` are this machine; `://host` is a URL whose scheme is the program's name. */
function addressOf(
  target: string,
  given: Options,
  tool: string,
): { readonly address: string; readonly socket: string | undefined } {
  const scheme = schemeOf(given, tool);
  const path = optionValue(given, "unix-socket");
  const socket = path !== undefined && isKnown(path) ? `unix:${path}` : undefined;
  const [, file, rest = ""] = /^https?\+unix:\/\/([^/]+)(.*)$/is.exec(target) ?? [];
  if (file !== undefined)
    return { address: `http://localhost${rest}`, socket: `unix:${decodeURIComponent(file)}` };
  if (target.startsWith("://")) return { address: `${scheme}${target}`, socket };
  const [, port = "", place] = /^:(?!:)(\d*)(\/?.*)$/s.exec(target) ?? [];
  if (place !== undefined)
    return { address: `${scheme}://localhost${port === "" ? "" : `:${port}`}${place}`, socket };
  return { address: /^[a-z][a-z0-9.+-]*:\/\//i.test(target) ? target : `${scheme}://${target}`, socket };
}

function schemeOf(given: Options, tool: string): string {
  if (/^(https|xhs|xhttps)$/.test(tool) || isOn(given, "https")) return "https";
  const stated = optionValue(given, "default-scheme");
  return stated !== undefined && isKnown(stated) ? stated.replace(/:\/\/$/, "") : "http";
}

function bodyKind(given: Options): BodyKind {
  const last = given.given.findLast(({ name }) => name === "json" || name === "form" || name === "multipart");
  return last?.name === "form" || last?.name === "multipart" ? last.name : "json";
}

/**
 * `--raw`, else what stands on stdin, unless that is a terminal. What a reading request would carry along matters only
 * where a query could be in it, so that `http GET …` in a pipeline waits for nobody.
 */
function bodyOf(
  given: Options,
  stated: string | undefined,
  isEndpoint: boolean,
  call: Call,
  inputs: Inputs,
): string | Unknown | undefined {
  const raw = optionValue(given, "raw");
  if (raw !== undefined) return raw;
  if (isOn(given, "ignore-stdin") || call.stdin.kind === "terminal" || call.stdin.kind === "none")
    return undefined;
  const isReading = stated === undefined || /^(get|head|options|delete)$/i.test(stated);
  if (call.stdin.kind === "unknown" && isReading && !isEndpoint) return undefined;
  return inputs.send("-");
}

function isSent(body: string | Unknown | undefined): boolean {
  return body !== undefined && body !== "";
}

function withQuery(address: string, query: string): string {
  if (query === "") return address;
  const bare = address.replace(/#.*$/s, "");
  return `${bare}${bare.includes("?") ? "&" : "?"}${query}`;
}

/** xh's `--resolve HOST:ADDRESS`. */
function resolved(given: Options, url: Url): string | undefined {
  for (const bend of optionValues(given, "resolve")) {
    const [, host = "", address] = (isKnown(bend) && /^([^:]+):(.+)$/.exec(bend)) || [];
    if (address !== undefined && host.toLowerCase() === url.host) return address.replace(/^\[|\]$/g, "");
  }
  return undefined;
}

/** `--proxy http:http://10.0.0.1:3128` */
function statedProxy(given: Options, url: Url): Arg | undefined {
  for (const proxy of optionValues(given, "proxy")) {
    const [, scheme = "", address] = (isKnown(proxy) && /^(https?|all):(.+)$/i.exec(proxy)) || [];
    if (address !== undefined && (scheme === "all" || scheme === url.scheme)) return address;
  }
  return undefined;
}

/** -o cuts the file off; without it `--download` finds a name that is free. */
function readOutput(given: Options, call: Call, world: World): readonly Effect[] {
  const file = optionValue(given, "output");
  if (file === undefined || file === "-") return [];
  const write = isOn(given, "continue") ? appending : overwriting;
  return readPaths(call, world, [file], "overwrite", (path) => write(showArg(call.tool), path, world));
}
