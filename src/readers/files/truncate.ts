import { isKnown } from "../../model/arg.js";
import type { World } from "../../model/world.js";
import { creation, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { effects, type Reader } from "../reader.js";

const options = declareOptions("anywhere", [
  "-c --no-create",
  "-o --io-blocks",
  "-r --reference:",
  "-s --size:",
  "--help",
  "--version",
]);

export const truncate: Reader = {
  names: ["truncate", "gtruncate"],
  read(call, world) {
    const tool = toolName(call);
    const given = readOptions(call.argv.slice(1), options);
    const size = optionValue(given, "size");
    const grows = size !== undefined && isKnown(size) && !hasOption(given, "reference", "io-blocks");
    return effects(
      ...readPaths(call, world, given.operands, "cut off", (path) => {
        const stat = world.lstat(path);
        if (!stat.exists && stat.reason === "missing")
          return hasOption(given, "no-create") ? [] : [creation(tool, path)];
        return overwriting(tool, path, world).map((effect) =>
          grows && keepsAll(size, path, world) ? { ...effect, recovery: "needless" } : effect,
        );
      }),
    );
  },
};

/** `+N`, `>N` (at least) and `%N` (round up) never cut; a plain size does not when the file is no longer than that. */
function keepsAll(size: string, path: string, world: World): boolean {
  if (/^[+>%]/.test(size)) return true;
  const stat = world.lstat(path);
  return /^\d+$/.test(size) && stat.exists && stat.kind === "file" && stat.size <= Number(size);
}

const spaceOptions = declareOptions("anywhere", [
  "-c --collapse-range",
  "-d --dig-holes",
  "-i --insert-range",
  "-l --length:",
  "-n --keep-size",
  "-o --offset:",
  "-p --punch-hole",
  "-v --verbose",
  "-w --write-zeroes",
  "-x --posix",
  "-z --zero-range",
  "-h --help",
  "-V --version",
]);

/** Gives a file room on the disk, or takes a stretch of it, content and all. */
export const fallocate: Reader = {
  names: ["fallocate"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), spaceOptions);
    const cuts = hasOption(given, "collapse-range", "punch-hole", "zero-range", "write-zeroes");
    return effects(
      ...readPaths(call, world, given.operands, "cut out of", (path) =>
        overwriting("fallocate", path, world).map((effect) =>
          cuts || effect.action === "create" ? effect : { ...effect, recovery: "needless" },
        ),
      ),
    );
  },
};
