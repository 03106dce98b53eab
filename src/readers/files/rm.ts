import { isKnown } from "../../model/arg.js";
import type { World } from "../../model/world.js";
import { deletion, readPaths, readUnknown, toolName } from "../file-effects.js";
import { declareOptions, hasOption, readOptions } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";
import { findOperands, none } from "./operands.js";

const rmOptions = declareOptions("anywhere", [
  "-r -R --recursive",
  "-f --force",
  "-i",
  "-I",
  "--interactive::",
  "-d --dir",
  "-v --verbose",
  "-x --one-file-system",
  "-P",
  "-W",
  "--no-preserve-root",
  "--preserve-root::",
  "--help",
  "--version",
]);

export const rm: Reader = {
  names: ["rm", "grm", "srm"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), rmOptions);
    if (hasOption(options, "help", "version")) return nothing;
    // An option that is not known may be the recursive one: `rm $FLAGS dir`.
    const recursive = hasOption(options, "recursive") || options.doubts.length > 0;
    const tool = toolName(call);
    const reach = hasOption(options, "one-file-system") ? ({ oneFileSystem: true } as const) : {};
    const operandOf = findOperands(call, options, world);
    return effects(
      ...options.operands.flatMap((word, at) =>
        readPaths(call, world, [word], "delete", (path) => [
          // Without -r a folder stays where it is, whatever -f says.
          !recursive && !hasOption(options, "dir") && isFolder(path, world)
            ? {
                ...deletion(tool, path),
                aspect: "name",
                recovery: "needless",
                because: "a folder stays without -r",
              }
            : { ...deletion(tool, path, recursive), ...reach, ...operandOf(at, word, path) },
        ]),
      ),
      ...options.doubts
        .filter((doubt) => doubt.prefix.startsWith("-"))
        .flatMap((doubt) => readUnknown(call, doubt, "delete")),
    );
  },
};

function isFolder(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind === "directory";
}

/** Take whole trees without being told to. `npx rimraf notes` is an agent's `rm -rf` where rm was refused. */
export const rimraf: Reader = {
  names: ["rimraf", "del-cli", "wipe", "scrub"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), rimrafOptions);
    if (hasOption(given, "help", "version")) return nothing;
    return effects(
      ...readPaths(call, world, given.operands, "delete", (path) => [deletion(toolName(call), path, true)]),
    );
  },
};

const rimrafOptions = declareOptions("anywhere", [
  "-f --force",
  "-g --glob",
  "-G --no-glob",
  "-v --verbose",
  "-i --interactive",
  "--preserve-root",
  "--no-preserve-root",
  "--impl:",
  "--tmp:",
  "--max-retries:",
  "--retry-delay:",
  "--backoff:",
  "-r -R --recursive",
  "--help",
  "--version",
]);

const unlinkOptions = declareOptions("anywhere", ["--help", "--version"]);

export const unlink: Reader = {
  names: ["unlink"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), unlinkOptions);
    // With more than one it only complains.
    const operandOf = options.operands.length === 1 ? findOperands(call, options, world) : () => none;
    return effects(
      ...options.operands.flatMap((word, at) =>
        readPaths(call, world, [word], "delete", (path) => [
          { ...deletion("unlink", path), ...operandOf(at, word, path) },
        ]),
      ),
    );
  },
};

/** Empty directories only: nothing is lost but the name, which `mkdir` brings back. */
export const rmdir: Reader = {
  names: ["rmdir"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), rmdirOptions);
    const known = options.operands.filter(isKnown);
    return effects(
      ...readPaths(call, world, known, "delete", (path) => [
        { ...deletion("rmdir", path), aspect: "name", recovery: "needless" },
      ]),
    );
  },
};

const rmdirOptions = declareOptions("anywhere", [
  "--ignore-fail-on-non-empty",
  "-p --parents",
  "-v --verbose",
  "--help",
  "--version",
]);
