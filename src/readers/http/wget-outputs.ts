import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect, FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, modification, overwriting, readPaths } from "../file-effects.js";
import { hasOption, type Options, optionValue } from "../options.js";
import { joinPath } from "../path.js";
import { parseUrl } from "./url.js";
import { isSwitchedOn, statedValue } from "./wget-options.js";

/** The local files that wget writes over: -O, logs and cookies; its own names where it does not number them. */
export function readWgetOutputs(
  given: Options,
  targets: readonly Arg[],
  call: Call,
  world: World,
): readonly Effect[] {
  const replace = (words: readonly Arg[]) =>
    readPaths(call, world, words, "overwrite", (path) => overwriting("wget", path, world));
  const keep = (words: readonly Arg[]) =>
    readPaths(call, world, words, "overwrite", (path) => appending("wget", path, world));
  const resumes = isSwitchedOn(given, "continue") || hasOption(given, "backups");
  const documents = isSwitchedOn(given, "clobber", true) ? documentsOf(given, targets) : [];
  const jar = statedValue(given, "save-cookies");
  const warc = statedValue(given, "warc-file");
  const loads = jar !== undefined && jar === optionValue(given, "load-cookies");
  return [
    ...(resumes ? keep : replace)(documents),
    ...replace([
      ...named(given, "output-file", "rejected-log"),
      ...(jar === undefined || loads ? [] : [jar]),
      ...(warc === undefined || !isKnown(warc) ? [] : [`${warc}.warc.gz`, `${warc}.warc`]),
    ]).filter((effect) => warc === undefined || effect.action !== "create"),
    ...keep([...named(given, "append-output", "hsts-file"), ...(jar !== undefined && loads ? [jar] : [])]),
    ...readTrees(given, targets, call, world),
  ];
}

function named(given: Options, ...names: readonly string[]): readonly Arg[] {
  return names.flatMap((name) => statedValue(given, name) ?? []).filter((word) => word !== "-");
}

/** -O is a name by itself, whatever -P says. Without it a name that is taken gets a number, save with -N and -x. */
function documentsOf(given: Options, targets: readonly Arg[]): readonly Arg[] {
  if (isSwitchedOn(given, "spider")) return [];
  const document = statedValue(given, "output-document");
  if (document !== undefined) return document === "-" ? [] : [document];
  const isPlaced = isSwitchedOn(given, "force-directories") && !isSwitchedOn(given, "host-directories", true);
  if (isTree(given) && (isDeep(given) || !isPlaced)) return [];
  const isNumbered = !isSwitchedOn(given, "timestamping") && !hasOption(given, "backups");
  if (isNumbered && !isTree(given)) return [];
  const folder = statedValue(given, "directory-prefix");
  return targets.flatMap((word): readonly Arg[] => {
    const url = isKnown(word) ? parseUrl(word) : undefined;
    if (url === undefined) return [];
    const query = url.query === "" ? "" : `?${url.query}`;
    const last = `${url.path.slice(url.path.lastIndexOf("/") + 1) || "index.html"}${query}`;
    const above = isPlaced ? url.path.slice(1, url.path.lastIndexOf("/") + 1) : "";
    if (folder === undefined) return [above + last];
    return isKnown(folder) ? [joinPath(folder, above + last)] : [folder];
  });
}

/** It lays the server's folders out as folders here, and writes over what has their names. */
function isTree(given: Options): boolean {
  return (
    (isDeep(given) || isSwitchedOn(given, "force-directories")) && isSwitchedOn(given, "directories", true)
  );
}

/** Pages that nobody named come along. */
function isDeep(given: Options): boolean {
  return ["recursive", "mirror", "page-requisites"].some((name) => isSwitchedOn(given, name));
}

/**
 * A folder with the host's name came from there, and comes again. Without that folder (-nH) the server's names fall among
 * the user's own.
 */
function readTrees(given: Options, targets: readonly Arg[], call: Call, world: World): readonly FileEffect[] {
  const isOwnFolder = isSwitchedOn(given, "host-directories", true);
  const isHarmless = isOwnFolder || !isSwitchedOn(given, "clobber", true) || isSwitchedOn(given, "spider");
  if (!isTree(given) || !isDeep(given) || isHarmless || targets.length === 0) return [];
  const folder = statedValue(given, "directory-prefix") ?? ".";
  return readPaths(call, world, [folder], "overwrite", (path) =>
    world.lstat(path).exists
      ? [
          {
            ...modification("wget", path),
            recursive: true,
            extent: { kind: "unknown" } as const,
            because: "the server's names decide which files in it are replaced",
          },
        ]
      : [],
  ).filter((effect): effect is FileEffect => effect.resource === "file");
}
