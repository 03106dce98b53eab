import { type Arg, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { wordCredentials } from "../credentials/credential.js";
import { netrcCredentials } from "../credentials/netrc.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import { type Inputs, openInputs } from "../inputs.js";
import { hasOption, type Options, optionValue, optionValues, readOptions } from "../options.js";
import { nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { type ApiTable, apiTable } from "./api-table.js";
import { type HttpRequest, leaveToShim, plainRequest, readRequest, riddle } from "./http-request.js";
import { proxyFor } from "./proxies.js";
import { sentFiles } from "./sent-files.js";
import { parseUrl, type Url } from "./url.js";
import { isSwitchedOn, readWgetrc, statedValue, wgetOptions } from "./wget-options.js";
import { readWgetOutputs } from "./wget-outputs.js";

/** wget and wget2: what they send, by options, wgetrc files and lists of URLs; and what they write over. */
export function wgetReader(apis: ApiTable): Reader {
  return { names: ["wget", "wget2"], read: (call, world) => readWget(call, world, apis, () => undefined) };
}

/** The requests, as they would go out. */
export function foreseeWget(call: Call, world: World): readonly HttpRequest[] {
  const requests: HttpRequest[] = [];
  readWget(
    call,
    world,
    apiTable(() => []),
    (request) => requests.push(request),
  );
  return requests;
}

type Note = (request: HttpRequest) => void;

interface Scene {
  readonly call: Call;
  readonly world: World;
  readonly inputs: Inputs;
  readonly apis: ApiTable;
  readonly given: Options;
  readonly note: Note;
}

function readWget(call: Call, world: World, apis: ApiTable, note: Note): Reading {
  const words = readOptions(call.argv.slice(1), wgetOptions);
  if (hasOption(words, "help", "version")) return nothing;
  const inputs = openInputs(call, world);
  const given = withOrders(words, call, world, inputs);
  const scene = { call, world, inputs, apis, given, note };
  const lists = optionValues(given, "input-file").slice(-1);
  const targets = [...given.operands, ...lists.flatMap((file) => listedUrls(file, scene))];
  const askpass = statedValue(given, "use-askpass");
  const effects = [
    ...given.doubts
      .filter((doubt) => !/^no option/.test(doubt.reason))
      .map((doubt) => opaqueEffect("wget", doubt.source, `it may hold any option: ${doubt.reason}`)),
    ...targets.flatMap((word) => readTarget(word, scene)),
    ...readWgetOutputs(given, targets, call, world),
  ];
  return {
    effects: leaveToShim(call, effects),
    // Asked for a password, it runs what it is told to, even before there is a server.
    inner: askpass === undefined ? [] : wrap(call, world, [askpass], "wget --use-askpass"),
    wantsStdin: inputs.wantsStdin(),
  };
}

/** In the order in which they count: the system's file, the user's, then the words, `-e` among them. */
function withOrders(words: Options, call: Call, world: World, inputs: Inputs): Options {
  const files = hasOption(words, "no-config") ? [] : configFiles(words, call, world);
  const texts = files.map((file) => inputs.readText(file));
  const doubts: Unknown[] = [];
  const fromFiles = texts.flatMap((text) => (isKnown(text) ? readWgetrc(text) : []));
  const fromWords = words.given.flatMap((option) => {
    if (option.name !== "execute" || option.value === undefined) return [option];
    if (isKnown(option.value)) return readWgetrc(option.value);
    doubts.push(option.value);
    return [];
  });
  const stated = optionValue(words, "config");
  if (stated !== undefined && !isKnown(stated)) doubts.push(stated);
  return {
    given: [...fromFiles, ...fromWords],
    operands: words.operands,
    doubts: [...words.doubts, ...doubts],
  };
}

function configFiles(words: Options, call: Call, world: World): readonly Arg[] {
  const stated = optionValue(words, "config");
  if (stated !== undefined) return [stated];
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  return [
    envGet(call.env, "SYSTEM_WGETRC") ?? "/etc/wgetrc",
    envGet(call.env, "WGETRC") ?? `${folder}/.wgetrc`,
  ];
}

/** URLs from `-i FILE`; a list that cannot be read matters only where more than a GET is sent. */
function listedUrls(file: Arg, { given, inputs }: Scene): readonly Arg[] {
  if (isKnown(file) && /^[a-z]+:\/\//i.test(file)) return [file];
  const isGet = methodOf(given) === "GET";
  const text = inputs.readText(file);
  if (!isKnown(text)) return isGet ? [] : [text];
  const base = optionValue(given, "base");
  const words = isSwitchedOn(given, "force-html")
    ? [...text.matchAll(/\b(?:href|src)\s*=\s*["']?([^"'\s>]+)/gi)].map(([, link = ""]) => link)
    : text.split(/\s+/);
  return words.filter((word) => word !== "").map((word) => joined(base, word));
}

/** A line without a scheme is relative to `--base`. */
function joined(base: Arg | undefined, word: string): Arg {
  if (base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(word)) return word;
  if (!isKnown(base)) return base;
  try {
    return new URL(word, base).href;
  } catch {
    return word;
  }
}

function readTarget(word: Arg, scene: Scene): readonly Effect[] {
  const { call, given, inputs, apis, note } = scene;
  const method = methodOf(given);
  if (!isKnown(word))
    return [opaqueEffect("wget", word.source, `cannot tell where it sends to: ${word.reason}`)];
  if (!isKnown(method))
    return [opaqueEffect("wget", word, `the method cannot be foreseen: ${method.reason}`)];
  const url = parseUrl(word);
  if (url === undefined || !/^https?$/.test(url.scheme)) return [];
  const headers = optionValues(given, "header").flatMap((line) => {
    const [, name, value = ""] = (isKnown(line) && /^([^:]+):(.*)$/s.exec(line)) || [];
    return name === undefined ? [] : [[name.trim(), value.trim()] as const];
  });
  const body = bodyOf(given, inputs);
  const isForm = hasOption(given, "post-data", "post-file");
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const request = {
    ...plainRequest,
    tool: "wget",
    method,
    url: word,
    headers:
      isForm && !hasType
        ? [...headers, ["content-type", "application/x-www-form-urlencoded"] as const]
        : headers,
    body,
    credentials: credentialsOf(word, headers, body, url, scene),
    server: proxyFor(call, url, statedProxy(given, url)),
  };
  note(request);
  const hidden = optionValues(given, "header").find((line) => !isKnown(line));
  const { host, path } = url;
  return [
    ...(hidden === undefined || isKnown(hidden)
      ? []
      : [opaqueEffect("wget", hidden.source, `a header cannot be foreseen: ${hidden.reason}`)]),
    // `--header 'A: b\nX-HTTP-Method-Override: …'`: a line end in a header begins another one.
    ...(headers.some(([, value]) => /[\r\n]/.test(value))
      ? [riddle("wget", word, "a header holds several lines")]
      : []),
    ...readRequest(request, apis),
    ...sentFiles("wget", inputs.sent, scene.world, { host, path, method }),
  ];
}

/** `--spider` asks with HEAD, whatever the method. */
function methodOf(given: Options): Arg {
  if (isSwitchedOn(given, "spider")) return "HEAD";
  const stated = statedValue(given, "method");
  if (stated !== undefined) return isKnown(stated) ? stated.toUpperCase() : stated;
  return hasOption(given, "post-data", "post-file") ? "POST" : "GET";
}

function bodyOf(given: Options, inputs: Inputs): Arg | undefined {
  if (isSwitchedOn(given, "spider")) return undefined;
  const file = statedValue(given, "post-file") ?? statedValue(given, "body-file");
  if (file !== undefined) return inputs.send(file);
  return statedValue(given, "post-data") ?? statedValue(given, "body-data");
}

function credentialsOf(
  text: string,
  headers: HttpRequest["headers"],
  body: Arg | undefined,
  url: Url,
  { call, world, given }: Scene,
): HttpRequest["credentials"] {
  const password = optionValue(given, "http-password") ?? optionValue(given, "password");
  const hidden = optionValues(given, "header").filter((line): line is Unknown => !isKnown(line));
  const found = [
    ...requestCredentials(call, world, { url: text, headers: namedHeaders(headers), hidden, body }),
    ...wordCredentials(call, world, "password", password),
  ];
  return found.length > 0 || !isSwitchedOn(given, "netrc", true)
    ? found
    : netrcCredentials(call, world, url.host);
}

/** A proxy is an order of wgetrc; there is no option for it but wget2's. */
function statedProxy(given: Options, url: Url): Arg | undefined {
  if (!isSwitchedOn(given, "proxy", true)) return "";
  const name = `${url.scheme}proxy`;
  return optionValue(given, name) ?? optionValue(given, `${url.scheme}-proxy`);
}
