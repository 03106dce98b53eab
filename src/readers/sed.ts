import { isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { Effect } from "../model/effect.js";
import { opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { editing, overwriting, readPaths } from "./file-effects.js";
import { declareOptions, hasOption, optionValues, readOptions } from "./options.js";
import { effects, inner, join, type Reader } from "./reader.js";
import { lineSight } from "./sight.js";
import { readText } from "./text-file.js";

const options = declareOptions("anywhere", [
  "-n --quiet --silent",
  "-e --expression:",
  "-f --file:",
  "-i::",
  "--in-place::",
  "-E -r --regexp-extended",
  "-l --line-length:",
  "-s --separate",
  "-u --unbuffered",
  "-z --null-data",
  "--posix",
  "--debug",
  "--sandbox",
  "--follow-symlinks",
]);

/** Edits in place, and the commands of its language that leave the stream: `w file`, `e command`. */
export const sed: Reader = {
  names: ["sed", "gsed"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const files = optionValues(given, "file").flatMap((file) => readText(call, world, file) ?? []);
    const scripts = [...optionValues(given, "expression").filter(isKnown), ...files];
    const isOperand = !hasOption(given, "expression", "file");
    const [first] = given.operands;
    const texts = isOperand && first !== undefined && isKnown(first) ? [first] : scripts;
    const edited = given.operands.slice(isOperand ? 1 : 0).filter(isKnown);
    const isEdit = hasOption(given, "i", "in-place");
    return join(
      effects(
        ...(isEdit ? readPaths(call, world, edited, "edit", (path) => editing("sed", path, world)) : []),
        ...texts.flatMap((text) => readWrites(call, world, text)),
      ),
      ...texts.map((text) =>
        inner(
          ...[...text.matchAll(executed)].map(([, command = ""]) => ({
            kind: "line" as const,
            text: command,
            shell: "sh" as const,
            via: "sed",
            ...lineSight(call, world),
          })),
        ),
      ),
    );
  },
};

const executed = /(?:^|[;{}\n$/\d])\s*e[ \t]+([^\n]+)/g;
const written = /(?:^|[;{}\n$/\d]|\/[gpIiMm\d]*)\s*[wW][ \t]+([^\n;}]+)/g;
/** `s/x/y/e` runs what the line became. */
const runsLines = /(?:^|[;{}\n\d$/])\s*s([^\w\s;{}])(?:(?!\1).)*\1(?:(?!\1).)*\1[gpIiMm\d]*e/;

function readWrites(call: Call, world: World, text: string): readonly Effect[] {
  const paths = [...text.matchAll(written)].map(([, path = ""]) => path.trim());
  return [
    ...readPaths(call, world, paths, "overwrite", (path) => overwriting("sed", path, world)),
    ...(runsLines.test(text) ? [opaqueEffect("sed", text, "it runs the lines that it reads")] : []),
  ];
}
