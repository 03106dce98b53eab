import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { Effect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { isOn, lastOf, type Transfer, valuesOf } from "./curl-transfer.js";
import { overwriting, readPaths } from "./file-effects.js";
import { joinPath } from "./path.js";

/** The local files that a transfer writes: -o, -O, -D, -c, traces and their like. */
export function readOutputs(
  transfer: Transfer,
  urls: readonly string[],
  call: Call,
  world: World,
): readonly Effect[] {
  if (isOn(transfer, "skip-existing") || isOff(transfer, "clobber")) return [];
  const side = valuesOf(transfer, ...sideFiles).filter((word) => word !== "-" && word !== "%");
  return readPaths(call, world, [...bodies(transfer, urls), ...side], "overwrite", (path) =>
    overwriting("curl", path, world),
  );
}

const sideFiles = [
  "dump-header",
  "cookie-jar",
  "trace",
  "trace-ascii",
  "stderr",
  "libcurl",
  "hsts",
  "alt-svc",
  "etag-save",
] as const;

/** Each URL takes the next -o or -O. */
function bodies(transfer: Transfer, urls: readonly string[]): readonly Arg[] {
  const all = isOn(transfer, "remote-name-all");
  const places = transfer.options.filter(({ name }) => name === "output" || name === "remote-name");
  const folder = lastOf(transfer, "output-dir");
  const names = urls.flatMap((url, at): readonly Arg[] => {
    const place = places[at] ?? (at === 0 ? places.at(-1) : undefined);
    if (place?.name === "output" && place.value !== undefined)
      return place.value === "-" ? [] : [place.value];
    return place?.name === "remote-name" || all ? [remoteName(url)] : [];
  });
  // One -o can stand for a whole glob: `-o "page-#1.html"`.
  const rest = places
    .slice(urls.length)
    .flatMap(({ value }) => (value === undefined || value === "-" ? [] : [value]));
  return [...names, ...rest].map((name) => (folder === undefined ? name : within(folder, name)));
}

function remoteName(url: string): string {
  const path = url.replace(/[?#].*$/s, "").replace(/\/+$/, "");
  return path.slice(path.lastIndexOf("/") + 1) || "curl_response";
}

function within(folder: Arg, name: Arg): Arg {
  if (!isKnown(folder)) return folder;
  return isKnown(name) && !name.startsWith("/") ? joinPath(folder, name) : name;
}

function isOff(transfer: Transfer, name: string): boolean {
  return transfer.options.findLast((option) => option.name === name)?.on === false;
}
