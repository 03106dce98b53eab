import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { type Inputs, openInputs } from "../inputs.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { readStranger } from "../shell/stranger.js";
import { type ApiTable, apiTable } from "./api-table.js";
import { type CurlArgs, readCurlArgs, readCurlConfig } from "./curl-args.js";
import { readBody } from "./curl-body.js";
import { readHeaders } from "./curl-credentials.js";
import { expandGlob, type Glob, type GlobbedUrl } from "./curl-glob.js";
import { readOutputs } from "./curl-outputs.js";
import { curlRequest, type Message, type Scene, uploadTarget } from "./curl-request.js";
import { readOtherScheme } from "./curl-schemes.js";
import { isOn, lastOf, splitTransfers, type Transfer, valuesOf } from "./curl-transfer.js";
import { type HttpRequest, leaveToShim, readRequest, riddle } from "./http-request.js";
import { sentFiles } from "./sent-files.js";
import { parseUrl } from "./url.js";

/** curl: every request that its options, its config files and its stdin add up to. */
export function curlReader(apis: ApiTable): Reader {
  return { names: ["curl"], read: (call, world) => readCurl(call, world, apis, () => undefined) };
}

/** The requests over HTTP alone, as they would go out. */
export function foreseeRequests(call: Call, world: World): readonly HttpRequest[] {
  const requests: HttpRequest[] = [];
  readCurl(
    call,
    world,
    apiTable(() => []),
    (request) => requests.push(request),
  );
  return requests;
}

/** The options of each request, those of its config files among them; none where it is not known what they are. */
export function foreseeTransfers(call: Call, world: World): readonly Transfer[] {
  const inputs = openInputs(call, world);
  const { options, doubts, quits } = readArgs(call, world, inputs);
  return quits || doubts.length > 0 ? [] : splitTransfers(options, inputs);
}

/** More requests than this of one pattern are counted, not looked at one by one. */
const maxUrls = 50;

type Note = (request: HttpRequest) => void;

function readCurl(call: Call, world: World, apis: ApiTable, note: Note): Reading {
  const inputs = openInputs(call, world);
  const args = readArgs(call, world, inputs);
  if (args.quits) return nothing;
  const doubts = args.doubts.map((doubt) =>
    opaqueEffect("curl", doubt.source, `it may hold any request: ${doubt.reason}`),
  );
  // Each request remembers its own files; stdin is one for all.
  const scenes: Scene[] = [];
  const found = splitTransfers(args.options, inputs).map((transfer) => {
    const scene = { call, world, inputs: openInputs(call, world), apis };
    scenes.push(scene);
    return readTransfer(transfer, scene, note);
  });
  const all = join(effects(...doubts), ...found);
  const read = {
    ...all,
    effects: leaveToShim(call, all.effects),
    wantsStdin: inputs.wantsStdin() || scenes.some((scene) => scene.inputs.wantsStdin()),
  };
  // `curl -o x file:///bin/rm` is another name for it, as by cp.
  const local = call.argv.filter((word) => isKnown(word) && /^file:\/\//i.test(word));
  return local.length === 0 ? read : join(read, readStranger({ ...call, argv: ["curl", ...local] }));
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
  return {
    options: [...defaults.options, ...args.options],
    doubts: [...defaults.doubts, ...args.doubts],
    quits: args.quits,
  };
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

function readTransfer(transfer: Transfer, scene: Scene, note: Note): Reading {
  const { call, world, inputs } = scene;
  const body = readBody(transfer, inputs);
  const { headers, hidden } = readHeaders(transfer, inputs);
  const uploads = valuesOf(transfer, "upload-file");
  const readings: Reading[] = [
    effects(
      ...hidden.map((header) =>
        opaqueEffect("curl", header.source, `a header cannot be foreseen: ${header.reason}`),
      ),
    ),
  ];
  const fetched: (readonly GlobbedUrl[])[] = [];
  valuesOf(transfer, "url").forEach((word, at) => {
    if (!isKnown(word)) {
      fetched.push([]);
      readings.push(
        effects(opaqueEffect("curl", word.source, `cannot tell where it sends to: ${word.reason}`)),
      );
      return;
    }
    const glob = globOf(word, transfer);
    fetched.push(glob.urls);
    const found = uploadsOf(uploads[at], transfer).flatMap((upload) =>
      glob.urls.map(({ url }) => readUrl(url, { transfer, body, headers, hidden, upload }, scene, note)),
    );
    readings.push(...(glob.total > maxUrls ? found.map((each) => counted(each, glob.total)) : found));
    if (glob.total > maxUrls && /[{[]/.test(word.replace(/^[a-z]+:\/\//i, "").split("/")[0] ?? ""))
      readings.push(effects(riddle("curl", word, "it sends to more hosts than can be looked at")));
  });
  return join(...readings, effects(...readOutputs(transfer, fetched, inputs, call, world)));
}

function globOf(word: string, transfer: Transfer): Glob {
  return isOn(transfer, "globoff")
    ? { urls: [{ url: word, picks: [] }], total: 1 }
    : expandGlob(word, maxUrls);
}

/** `-T '{a,b}'` sends several files to the same URL. */
function uploadsOf(upload: Arg | undefined, transfer: Transfer): readonly (Arg | undefined)[] {
  if (upload === undefined || !isKnown(upload) || isOn(transfer, "globoff")) return [upload];
  return expandGlob(upload, maxUrls).urls.map(({ url }) => url);
}

function counted(reading: Reading, total: number): Reading {
  const extent = { kind: "exact", count: total, unit: "requests" } as const;
  return { ...reading, effects: reading.effects.map((effect) => ({ ...effect, extent })) };
}

function readUrl(text: string, message: Message, scene: Scene, note: Note): Reading {
  const { transfer, upload } = message;
  const proto = lastOf(transfer, "proto-default");
  const scheme = proto !== undefined && isKnown(proto) ? proto : "http";
  const stated = parseUrl(text, scheme);
  const target = stated === undefined ? text : uploadTarget(text, stated, upload);
  const url = parseUrl(target, scheme);
  if (url === undefined) return effects(opaqueEffect("curl", text, "the URL cannot be read"));
  if (!/^(https?|wss?|ipfs|ipns)$/.test(url.scheme)) return readOtherScheme(transfer, url, upload, scene);
  const request = curlRequest(target, url, message, scene);
  if (!("url" in request))
    return effects(opaqueEffect("curl", text, `the method cannot be foreseen: ${request.reason}`));
  note(request);
  const { host, path } = url;
  return effects(
    ...readRequest(request, scene.apis),
    ...sentFiles("curl", scene.inputs.sent, scene.world, { host, path, method: request.method }),
  );
}
