import { appending, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, readOptions } from "../options.js";
import { effects, type Reader } from "../reader.js";

const options = declareOptions("anywhere", [
  "-a --append",
  "-i --ignore-interrupts",
  "-p",
  "--output-error::",
  "--help",
  "--version",
]);

/** `sponge` (moreutils) takes the same, after it has read everything. */
export const tee: Reader = {
  names: ["tee", "gtee", "sponge"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const write = hasOption(given, "append") ? appending : overwriting;
    return effects(
      ...readPaths(call, world, given.operands, "overwrite", (path) => write(toolName(call), path, world)),
    );
  },
};
