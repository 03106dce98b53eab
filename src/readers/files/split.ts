import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths, readUnknown, toolName } from "../file-effects.js";
import { declareOptions, hasOption, type Options, optionValue, readOptions, switches } from "../options.js";
import { isDirectory, joinPath, parentOf, resolvePath } from "../path.js";
import { effects, join, type Reader } from "../reader.js";
import { readShellWords } from "../shell/launchers.js";

const splitOptions = declareOptions("anywhere", [
  "-a --suffix-length:",
  "--additional-suffix:",
  "-b --bytes:",
  "-C --line-bytes:",
  "-d",
  "--numeric-suffixes::",
  "-x",
  "--hex-suffixes::",
  "-e --elide-empty-files",
  "--filter:",
  "-l --lines:",
  "-n --number:",
  "-t --separator:",
  "-u --unbuffered",
  "--verbose",
  ...switches("0123456789"),
]);

/** Files from PREFIXaa on, written over without a word; or a line for a shell, once for each, with its name in FILE. */
export const split: Reader = {
  names: ["split", "gsplit"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), splitOptions);
    const prefix = given.operands[1] ?? "x";
    const ending = optionValue(given, "additional-suffix") ?? "";
    const filter = optionValue(given, "filter");
    if (filter === undefined)
      return effects(...overwritten(call, world, prefix, { shape: shapeOf(given), ending }));
    const first: Arg = isKnown(prefix) && isKnown(ending) ? `${prefix}aa${ending}` : prefix;
    const env = envFrom([["FILE", first]], call.env);
    const started = readShellWords({ ...call, env }, world, [filter], "split --filter");
    return join({ ...started, inner: started.inner.map((one) => ({ ...one, env })) });
  },
};

/** Two letters, and more when they run out (split(1)). */
function shapeOf(given: Options): RegExp {
  const length = optionValue(given, "suffix-length");
  const digit = hasOption(given, "d", "numeric-suffixes")
    ? "\\d"
    : hasOption(given, "x", "hex-suffixes")
      ? "[\\da-f]"
      : "[a-z]";
  const count = length !== undefined && isKnown(length) && /^[1-9]\d?$/.test(length) ? `{${length}}` : "{2,}";
  return new RegExp(`^${digit}${count}$`);
}

const csplitOptions = declareOptions("anywhere", [
  "-b --suffix-format:",
  "-f --prefix:",
  "-k --keep-files",
  "-n --digits:",
  "-s -q --quiet --silent",
  "-z --elide-empty-files",
  "--suppress-matched",
]);

export const csplit: Reader = {
  names: ["csplit", "gcsplit"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), csplitOptions);
    const format = optionValue(given, "suffix-format");
    const [, ending = ""] =
      (format !== undefined && isKnown(format) && /%[^a-zA-Z]*[a-zA-Z](.*)$/.exec(format)) || [];
    const prefix = optionValue(given, "prefix") ?? "xx";
    return effects(...overwritten(call, world, prefix, { shape: /^\d+$/, ending }));
  },
};

interface Suffix {
  readonly shape: RegExp;
  readonly ending: Arg;
}

const most = 10_000;

/** Those that are there now, of all the names that it may come to. */
function overwritten(call: Call, world: World, prefix: Arg, suffix: Suffix): readonly Effect[] {
  const { shape, ending } = suffix;
  const path = resolvePath(call, world, prefix);
  if (path === undefined || !isKnown(path) || !isKnown(ending))
    return readUnknown({ ...call, sight: "later" }, path ?? "", "overwrite");
  const isFolder = isKnown(prefix) && prefix.endsWith("/");
  const folder = isFolder ? path : parentOf(path);
  const start = isFolder ? "" : path.slice(path.lastIndexOf("/") + 1);
  const listing = world.readdir(folder, most);
  const names = (listing.ok ? listing.names : []).filter(
    (name) =>
      name.startsWith(start) &&
      name.endsWith(ending) &&
      name.length > start.length + ending.length &&
      shape.test(name.slice(start.length, name.length - ending.length)),
  );
  return readPaths(
    call,
    world,
    names.map((name) => joinPath(folder, name)),
    "overwrite",
    (file) =>
      (isDirectory(file, world) ? [] : overwriting(toolName(call), file, world)).map((effect) => ({
        ...effect,
        certainty: "possible",
      })),
  );
}
