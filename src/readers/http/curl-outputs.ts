import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths } from "../file-effects.js";
import type { Inputs } from "../inputs.js";
import { joinPath } from "../path.js";
import type { GlobbedUrl } from "./curl-glob.js";
import { isOn, lastOf, type Transfer, valuesOf } from "./curl-transfer.js";

/**
 * The local files that a transfer writes: -o, -O, -D, -c, traces and their like. `fetched`: what each word that is a URL
 * stands for; nothing where it cannot be foreseen.
 */
export function readOutputs(
  transfer: Transfer,
  fetched: readonly (readonly GlobbedUrl[])[],
  inputs: Inputs,
  call: Call,
  world: World,
): readonly Effect[] {
  const replace = (words: readonly Arg[]) =>
    readPaths(call, world, words, "overwrite", (path) => overwriting("curl", path, world));
  const keep = (words: readonly Arg[]) =>
    readPaths(call, world, words, "overwrite", (path) => appending("curl", path, world));
  const side = sideFiles(transfer);
  const printed = writeOutFiles(transfer, inputs);
  const names =
    isOn(transfer, "skip-existing") || isOff(transfer, "clobber") ? [] : bodies(transfer, fetched);
  return [
    ...(resumes(transfer) ? keep : replace)(names),
    ...replace([...side.replaced, ...printed.replaced]),
    ...keep([...side.kept, ...printed.kept]),
  ];
}

interface Written {
  readonly replaced: readonly Arg[];
  /** Appended to, or read before it is written. */
  readonly kept: readonly Arg[];
}

/** `-C -` goes on where the file ends; `-C 0` does not. */
function resumes(transfer: Transfer): boolean {
  const offset = lastOf(transfer, "continue-at");
  return offset !== undefined && isKnown(offset) && !/^0+$/.test(offset);
}

/** A cookie jar that is read first comes back with all its cookies; so do the caches of HSTS and their like. */
function sideFiles(transfer: Transfer): Written {
  const isFile = (word: Arg) => word !== "-" && word !== "%" && word !== "";
  const read = new Set<Arg>(valuesOf(transfer, "cookie", "etag-compare"));
  const jars = valuesOf(transfer, "cookie-jar", "etag-save").filter(isFile);
  return {
    replaced: [
      ...valuesOf(transfer, "dump-header", "trace", "trace-ascii", "stderr", "libcurl").filter(isFile),
      ...jars.filter((word) => !read.has(word)),
    ],
    kept: [
      ...valuesOf(transfer, "hsts", "alt-svc", "ssl-sessions").filter(isFile),
      ...jars.filter((word) => read.has(word)),
    ],
  };
}

/** `-w '%output{file}'` and `%output{>>file}`, since 8.3. */
function writeOutFiles(transfer: Transfer, inputs: Inputs): Written {
  const stated = lastOf(transfer, "write-out");
  if (stated === undefined || !isKnown(stated)) return { replaced: [], kept: [] };
  const text = stated.startsWith("@") ? inputs.readText(stated.slice(1)) : stated;
  const found = isKnown(text) ? [...text.replace(/%%/g, "").matchAll(/%output\{(>>)?([^}]*)\}/g)] : [];
  const names = (append: boolean) =>
    found.flatMap(([, sign, name = ""]) => ((sign !== undefined) === append && name !== "" ? [name] : []));
  return { replaced: names(false), kept: names(true) };
}

/** Each word that is a URL takes the next -o or -O. */
function bodies(transfer: Transfer, fetched: readonly (readonly GlobbedUrl[])[]): readonly Arg[] {
  const all = isOn(transfer, "remote-name-all");
  const places = transfer.options.filter(({ name }) => placeNames.has(name));
  const names = fetched.flatMap((urls, at): readonly Arg[] => {
    const place = places[at];
    if (place?.name === "output" && place.value !== undefined) return outputNames(place.value, urls);
    const isNamed = place === undefined ? all : place.name === "remote-name" && place.on;
    return isNamed ? urls.map(({ url }) => remoteName(url)) : [];
  });
  // A word that cannot be foreseen may be several URLs.
  const rest = places.slice(fetched.length).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const folder = lastOf(transfer, "output-dir");
  return [...new Set([...names, ...rest])]
    .filter((name) => name !== "-")
    .map((name) => (folder === undefined ? name : within(folder, name)));
}

const placeNames: ReadonlySet<string> = new Set(["output", "remote-name", "out-null"]);

/** `-o 'page-#1.html'` with `/[1-9]`: a file for each. */
function outputNames(name: Arg, urls: readonly GlobbedUrl[]): readonly Arg[] {
  if (!isKnown(name) || !/#\d/.test(name) || urls.length === 0) return [name];
  return urls.map(({ picks }) =>
    name.replace(/#(\d+)/g, (whole, place: string) => picks[Number(place) - 1] ?? whole),
  );
}

function remoteName(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/[?#].*$/s, "");
  return path.replace(/\/+$/, "").split("/").at(-1) || "curl_response";
}

/** In front of every name, also of one that begins with a slash. */
function within(folder: Arg, name: Arg): Arg {
  if (!isKnown(folder)) return folder;
  return isKnown(name) ? joinPath(folder, name) : name;
}

function isOff(transfer: Transfer, name: string): boolean {
  return transfer.options.findLast((option) => option.name === name)?.on === false;
}
