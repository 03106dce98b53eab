import { isKnown } from "../../model/arg.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, readOptions, switches } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

const packOptions = declareOptions("anywhere", [
  ...switches("123456789adhklNnqrtvVz"),
  "-c --stdout --to-stdout",
  "-d --decompress --uncompress",
  "-f --force",
  "-k --keep",
  "-l --list",
  "-t --test",
  "-S --suffix:",
  "-o:",
  "-T --threads:",
  "-b:",
  "-p --processes:",
  "--rm",
]);

const suffixes: Readonly<Record<string, string>> = {
  gzip: ".gz",
  pigz: ".gz",
  gunzip: ".gz",
  bzip2: ".bz2",
  bunzip2: ".bz2",
  xz: ".xz",
  unxz: ".xz",
  lzma: ".lzma",
  zstd: ".zst",
  unzstd: ".zst",
  compress: ".Z",
};

/** gzip and its kin put one file in another's place. The content stays; with `-f` what stood under the new name does not. */
export const packers: Reader = {
  names: Object.keys(suffixes),
  read(call, world) {
    const tool = toolName(call);
    const given = readOptions(call.argv.slice(1), packOptions);
    const suffix = suffixes[tool] ?? "";
    if (hasOption(given, "stdout", "to-stdout", "list", "test", "l", "t") || !hasOption(given, "force"))
      return nothing;
    const unpacks = /^un|^gun|^bun/.test(tool) || hasOption(given, "uncompress", "d");
    const outputs = given.operands.map((word) =>
      isKnown(word) ? (unpacks ? word.replace(/\.[A-Za-z0-9]+$/, "") : word + suffix) : word,
    );
    return effects(...readPaths(call, world, outputs, "overwrite", (path) => overwriting(tool, path, world)));
  },
};
