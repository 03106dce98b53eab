import { overwriting, readPaths } from "../file-effects.js";
import { declareOptions, optionValues, readOptions, switches } from "../options.js";
import { effects, inner, join, type Reader } from "../reader.js";
import { ownWords, wrap } from "../sight.js";

const options = declareOptions("anywhere", [
  ...switches("bdfgiMhnRrVcCmsuz"),
  "-k --key:",
  "-o --output:",
  "-S --buffer-size:",
  "-t --field-separator:",
  "-T --temporary-directory:",
  "--batch-size:",
  "--check::",
  "--compress-program:",
  "--files0-from:",
  "--parallel:",
  "--random-source:",
  "--sort:",
]);

/** `sort -o notes.txt /dev/null` empties a file as well as `>` does. Sorting a file in place loses no line. */
export const sort: Reader = {
  names: ["sort", "gsort"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const outputs = optionValues(given, "output").filter((file) => !given.operands.includes(file));
    const programs = optionValues(given, "compress-program");
    return join(
      effects(...readPaths(call, world, outputs, "overwrite", (path) => overwriting("sort", path, world))),
      ...programs.map((program) => inner(...wrap(call, world, [program, ownWords("sort")], "sort"))),
    );
  },
};
