import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths, readUnknown, toolName } from "../file-effects.js";
import { declareOptions, optionValue, readOptions, switches } from "../options.js";
import { joinPath, parentOf, resolvePath } from "../path.js";
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
      return effects(...overwritten(call, world, prefix, { digit: "[a-z\\d]", least: 1, ending }));
    const first: Arg = isKnown(prefix) && isKnown(ending) ? `${prefix}aa${ending}` : prefix;
    const env = envFrom([["FILE", first]], call.env);
    const started = readShellWords({ ...call, env }, world, [filter], "split --filter");
    return join({ ...started, inner: started.inner.map((one) => ({ ...one, env })) });
  },
};

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
    return effects(...overwritten(call, world, prefix, { digit: "\\d", least: 1, ending }));
  },
};

interface Suffix {
  /** Of a regular expression. */
  readonly digit: string;
  readonly least: number;
  readonly ending: Arg;
}

const most = 10_000;

/** Those that are there now, of all the names that it may come to. */
function overwritten(call: Call, world: World, prefix: Arg, suffix: Suffix): readonly Effect[] {
  const { digit, least, ending } = suffix;
  const path = resolvePath(call, world, prefix);
  if (path === undefined || !isKnown(path) || !isKnown(ending))
    return readUnknown({ ...call, sight: "later" }, path ?? "", "overwrite");
  const isFolder = isKnown(prefix) && prefix.endsWith("/");
  const folder = isFolder ? path : parentOf(path);
  const start = isFolder ? "" : path.slice(path.lastIndexOf("/") + 1);
  const shape = new RegExp(`^${digit}{${least},}$`);
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
      overwriting(toolName(call), file, world).map((effect) => ({ ...effect, certainty: "possible" })),
  );
}
