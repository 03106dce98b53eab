import { deletion, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, readOptions } from "../options.js";
import { effects, type Reader } from "../reader.js";

const options = declareOptions("anywhere", [
  "-f --force",
  "-n --iterations:",
  "--random-source:",
  "-s --size:",
  "-u",
  "--remove::",
  "-v --verbose",
  "-x --exact",
  "-z --zero",
  "--help",
  "--version",
]);

export const shred: Reader = {
  names: ["shred", "gshred"],
  read(call, world) {
    const tool = toolName(call);
    const given = readOptions(call.argv.slice(1), options);
    const removes = hasOption(given, "u", "remove");
    return effects(
      ...readPaths(call, world, given.operands, "destroy", (path) =>
        removes ? [deletion(tool, path)] : overwriting(tool, path, world),
      ),
    );
  },
};
