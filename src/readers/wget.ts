import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { Api } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { type ApiTable, apiTable } from "./api-table.js";
import { credential, isCredentialHeader } from "./credentials.js";
import { overwriting, readPaths } from "./file-effects.js";
import { leaveToShim, plainRequest, readRequest, riddle } from "./http-request.js";
import { type Inputs, openInputs } from "./inputs.js";
import { declareOptions, type Options, optionValue, optionValues, readOptions } from "./options.js";
import { joinPath } from "./path.js";
import type { Reader, Reading } from "./reader.js";
import { parseUrl } from "./url.js";

/** wget, as far as it sends anything but a GET, or writes over a file. */
export function wgetReader(apis: readonly Api[]): Reader {
  const table = apiTable(apis);
  return { names: ["wget"], read: (call, world) => readWget(call, world, table) };
}

/** Options with a value, and those that a value could be mistaken for. */
const options = declareOptions("anywhere", [
  "--method:",
  "--post-data:",
  "--post-file:",
  "--body-data:",
  "--body-file:",
  "--header:",
  "-O --output-document:",
  "-o --output-file:",
  "-a --append-output:",
  "-P --directory-prefix:",
  "-i --input-file:",
  "-e --execute:",
  "-B --base:",
  "-t --tries:",
  "-T --timeout:",
  "-w --wait:",
  "-Q --quota:",
  "-U --user-agent:",
  "-l --level:",
  "-A --accept:",
  "-R --reject:",
  "-D --domains:",
  "-I --include-directories:",
  "-X --exclude-directories:",
  "--user:",
  "--password:",
  "--http-user:",
  "--http-password:",
  "--load-cookies:",
  "--save-cookies:",
  "--referer:",
  "--limit-rate:",
  "--ca-certificate:",
  "--certificate:",
  "--private-key:",
  "--config:",
  "--use-askpass:",
  "--cut-dirs:",
  "--dns-timeout:",
  "--connect-timeout:",
  "--read-timeout:",
  "--waitretry:",
  "--bind-address:",
  "--secure-protocol:",
  "--start-pos:",
  "--rejected-log:",
  "--warc-file:",
  "-n",
  "-q --quiet",
  "-v --verbose",
  "-d --debug",
  "-b --background",
  "-c --continue",
  "-N --timestamping",
  "-S --server-response",
  "-r --recursive",
  "-k --convert-links",
  "-K --backup-converted",
  "-m --mirror",
  "-p --page-requisites",
  "-E --adjust-extension",
  "-x --force-directories",
  "-H --span-hosts",
  "-L --relative",
  "-F --force-html",
  "-4 --inet4-only",
  "-6 --inet6-only",
  "-h --help",
  "-V --version",
]);

function readWget(call: Call, world: World, apis: ApiTable): Reading {
  const inputs = openInputs(call, world);
  const given = readOptions(call.argv.slice(1), options);
  const effects = [
    ...given.doubts
      .filter((doubt) => !/^no option/.test(doubt.reason))
      .map((doubt) => opaqueEffect("wget", doubt.source, `it may hold any option: ${doubt.reason}`)),
    ...optionValues(given, "execute").flatMap(readOrder),
    ...[...given.operands, ...listedUrls(given, inputs)].flatMap((word) =>
      readTarget(word, given, inputs, call, world, apis),
    ),
    ...readOutputs(given, call, world),
  ];
  return {
    effects: leaveToShim(call, effects),
    inner: [],
    wantsStdin: inputs.wantsStdin(),
  };
}

/** `-e 'post_data=…'` is a line of wgetrc: it can set what no option shows. */
function readOrder(order: Arg): readonly Effect[] {
  if (isKnown(order) && !/^\s*(post|body|method|header|input|use_?askpass|output)/i.test(order)) return [];
  const because = "it changes the request by a wgetrc order";
  return [isKnown(order) ? riddle("wget", order, because) : opaqueEffect("wget", order.source, because)];
}

/** URLs from `-i FILE`; a list that cannot be read matters only where more than a GET is sent. */
function listedUrls(given: Options, inputs: Inputs): readonly Arg[] {
  return optionValues(given, "input-file").flatMap((file): readonly Arg[] => {
    if (isKnown(file) && /^[a-z]+:\/\//i.test(file)) return [file];
    const text = inputs.readText(file);
    return isKnown(text)
      ? text.split(/\s+/).filter((word) => word !== "")
      : methodOf(given) === "GET"
        ? []
        : [text];
  });
}

function readTarget(
  word: Arg,
  given: Options,
  inputs: Inputs,
  call: Call,
  world: World,
  apis: ApiTable,
): readonly Effect[] {
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
  const user = optionValue(given, "http-password") ?? optionValue(given, "password");
  const request = {
    ...plainRequest,
    tool: "wget",
    method,
    url: word,
    headers,
    body: bodyOf(given, inputs),
    credentials: [
      ...headers
        .filter(([name]) => isCredentialHeader(name))
        .map(([name, value]) => credential(call, world, name.toLowerCase(), value)),
      ...(user !== undefined && isKnown(user) ? [credential(call, world, "password", user)] : []),
    ],
  };
  return readRequest(request, apis);
}

function methodOf(given: Options): Arg {
  const stated = optionValue(given, "method");
  if (stated !== undefined) return stated;
  const isPost = given.given.some(({ name }) => name === "post-data" || name === "post-file");
  return isPost ? "POST" : "GET";
}

function bodyOf(given: Options, inputs: Inputs): Arg | undefined {
  const file = optionValue(given, "post-file") ?? optionValue(given, "body-file");
  if (file !== undefined) return inputs.send(file);
  return optionValue(given, "post-data") ?? optionValue(given, "body-data");
}

/** Without -O wget never writes over a file: it numbers its names. */
function readOutputs(given: Options, call: Call, world: World): readonly Effect[] {
  const folder = optionValue(given, "directory-prefix");
  const document = optionValue(given, "output-document");
  const isRelative =
    document !== undefined && isKnown(document) && !document.startsWith("/") && document !== "-";
  const inside =
    isRelative && folder !== undefined && isKnown(folder) ? joinPath(folder, document) : document;
  const words = [inside, optionValue(given, "output-file"), optionValue(given, "save-cookies")].flatMap(
    (word) => (word === undefined || word === "-" ? [] : [word]),
  );
  return readPaths(call, world, words, "overwrite", (path) => overwriting("wget", path, world));
}
