import { type Arg, isKnown } from "../../model/arg.js";
import { editing, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValues, readOptions } from "../options.js";
import { effects, inner, nothing, type Reader } from "../reader.js";
import { lineSight, wrap } from "../sight.js";

const editOptions = declareOptions("anywhere", [
  ..."nNrRCMPvjSyYXT0".split("").map((letter) => `-${letter}`),
  "-i --in-place --inplace",
  "-s --split-exp:",
  "-o --output-format:",
  "-p --input-format:",
  "-I --indent:",
  "--from-file:",
  "--arg:",
  "--expression:",
]);

/** Data editors: with `-i` the files behind the expression are made anew. */
const yq: Reader = {
  names: ["yq", "tomlq", "xq", "gojq"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), editOptions);
    if (!hasOption(given, "inplace")) return nothing;
    const known = given.operands.filter(isKnown);
    const isVerb = /^(e|ea|eval|eval-all|w|d|m)$/.test(known[0] ?? "");
    const files = known.slice(isVerb ? 2 : 1);
    const tool = toolName(call);
    return effects(...readPaths(call, world, files, "edit", (path) => editing(tool, path, world)));
  },
};

const nixOptions = declareOptions("anywhere", [
  "--run:",
  "--command:",
  "-p --packages",
  "--pure",
  "-A --attr:",
  "-I:",
  "-E --expr:",
  "--keep:",
  "--arg:",
  "--argstr:",
]);

/** `nix-shell --run 'TEXT'`, `nix develop -c CMD …`: what is started there finds its programs in the store. */
const nix: Reader = {
  names: ["nix-shell", "nix"],
  read(call, world) {
    const via = toolName(call);
    if (via === "nix-shell") {
      const given = readOptions(call.argv.slice(1), nixOptions);
      const texts = [...optionValues(given, "run"), ...optionValues(given, "command")].filter(isKnown);
      return inner(
        ...texts.map((text) => ({
          kind: "line" as const,
          text,
          shell: "bash" as const,
          via,
          ...lineSight(call, world),
        })),
      );
    }
    const at = call.argv.findIndex((word) => word === "-c" || word === "--command");
    const words: readonly Arg[] = at < 0 ? [] : call.argv.slice(at + 1);
    return inner(...wrap(call, world, words, via));
  },
};

export const smallInterpreters: readonly Reader[] = [yq, nix];
