import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions, switches } from "../options.js";
import { joinPath, resolvePath } from "../path.js";
import { inner, nothing, type Reader } from "../reader.js";
import { lineSight } from "../sight.js";
import { parseMakefile, recipesFor, unforeseenName } from "./makefile.js";

const options = declareOptions("anywhere", [
  ...switches("BbdeikmpqrRsStvwhlnj"),
  "-C --directory:",
  "-f --file --makefile:",
  "-I --include-dir:",
  "-o --assume-old --old-file:",
  "-W --assume-new --new-file --what-if:",
  "-E --eval:",
  "-n --just-print --recon --dry-run",
  "-q --question",
  "-t --touch",
  "-j --jobs::",
  "-l --load-average --max-load::",
  "-O --output-sync::",
  "--debug::",
  "--always-make",
  "--keep-going",
  "--silent --quiet",
  "--no-print-directory",
  "--version",
  "--help",
]);

const usualNames = ["GNUmakefile", "makefile", "Makefile"];

/**
 * What `make clean` will run, as far as the makefile is plain. No shim: it starts a shell for every line, and what that
 * starts meets the shims; this is so that the question comes before the first of them has run.
 */
export const make: Reader = {
  names: ["make", "gmake"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "dry-run", "question", "touch", "version", "help", "n", "q", "t", "v", "h"))
      return nothing;
    const folder = optionValues(given, "directory").reduce<Call["cwd"]>(
      (cwd, word) => resolvePath({ cwd }, world, word) ?? cwd,
      call.cwd,
    );
    const text = readMakefile({ ...call, cwd: folder }, world, optionValue(given, "makefile"));
    if (text === undefined) return nothing;
    const words = given.operands.filter(isKnown);
    const settings = words.filter((word) => word.includes("="));
    const file = parseMakefile(text);
    const variables = new Map([
      ["MAKE", "make"],
      ["RM", "rm -f"],
      ["CURDIR", isKnown(folder) ? folder : "."],
      ...file.variables,
    ]);
    for (const word of settings) {
      const [, name = "", value = ""] = /^([\w.-]+)[:?+]?=(.*)$/s.exec(word) ?? [];
      variables.set(name, value);
    }
    const goals = words.filter((word) => !word.includes("="));
    return inner(
      ...recipesFor({ ...file, variables }, goals).map((recipe) => lineOf(recipe, folder, call, world)),
    );
  },
};

function readMakefile(call: Call, world: World, named: Arg | undefined): string | undefined {
  if (named === "-") {
    const text = openInputs(call, world).readText("-");
    return isKnown(text) ? text : undefined;
  }
  if (named !== undefined) return readText(call, world, named);
  if (!isKnown(call.cwd)) return undefined;
  for (const name of usualNames) {
    const text = readText(call, world, joinPath(call.cwd, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** `@`, `-` and `+` in front are make's own: silent, never mind, always. */
function lineOf(recipe: string, cwd: Call["cwd"], call: Call, world: World): Inner {
  const hidden = unknown(`$${unforeseenName}`, "only make knows it");
  return {
    kind: "line",
    text: recipe.replace(/^[\s@+-]+/, ""),
    shell: "sh",
    via: "make",
    cwd,
    env: envFrom([[unforeseenName, hidden]], call.env),
    isFile: true,
    ...lineSight(call, world),
  };
}
