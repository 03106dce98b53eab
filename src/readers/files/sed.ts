import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { editing, overwriting, readPaths } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  optionValue,
  optionValues,
  readOptions,
} from "../options.js";
import { effects, inner, join, type Reader } from "../reader.js";
import { lineSight } from "../sight.js";
import { readSedCommands, type SedCommand } from "./sed-commands.js";
import { isStandardInput, readText } from "./text-file.js";

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
    const files = optionValues(given, "file").flatMap((file) => orders(call, world, file) ?? []);
    const scripts = [...optionValues(given, "expression").filter(isKnown), ...files];
    const isOperand = !hasOption(given, "expression", "file");
    const [first] = given.operands;
    const texts = isOperand && first !== undefined && isKnown(first) ? [first] : scripts;
    const edited = given.operands.slice(isOperand ? 1 : 0).filter(isKnown);
    const isEdit = hasOption(given, "i", "in-place");
    const commands = texts.flatMap(readSedCommands);
    return join(
      effects(
        ...(isEdit
          ? readPaths(call, world, edited, "edit", (path) =>
              // With a suffix the file as it was stays beside it.
              empties(commands) && !keepsCopy(given)
                ? overwriting("sed", path, world)
                : editing("sed", path, world),
            )
          : []),
        ...readPaths(call, world, writtenBy(commands), "overwrite", (path) =>
          overwriting("sed", path, world),
        ),
        ...texts
          .filter(runsLines)
          .map((text) => opaqueEffect("sed", text, "it runs the lines that it reads")),
      ),
      inner(...startedBy(commands).map((text) => lineOf(text, call, world))),
    );
  },
};

/** `sed -f -` takes them from standard input. */
function orders(call: Call, world: World, file: Arg): string | undefined {
  if (file !== "-" && !isStandardInput(file)) return readText(call, world, file);
  const { stdin } = call;
  if (stdin.kind === "file") return readText(call, world, stdin.path);
  return stdin.kind === "text" ? stdin.text : undefined;
}

/** `sed -i d file` is no edit: no line is left. */
function empties(commands: readonly SedCommand[]): boolean {
  return commands.some(
    ({ letter, address }) =>
      letter === "d" && /^([;{\s]*|[01],\$|\/(\^|\.|\.\*|\^\.\*|\$)?\/)$/.test(address),
  );
}

function keepsCopy(given: Options): boolean {
  return ["i", "in-place"].some(
    (name) => optionValue(given, name) !== undefined && optionValue(given, name) !== "",
  );
}

/** `w file`, and the flag of `s///w file` */
function writtenBy(commands: readonly SedCommand[]): readonly string[] {
  return commands.flatMap(({ letter, argument, flags }) => {
    if (/^[wW]$/.test(letter)) return argument === "" ? [] : [argument];
    const [, file] = /w\s*(.+)$/.exec(flags) ?? [];
    return file === undefined ? [] : [file.trim()];
  });
}

/** `e command`; alone it runs the line that it has. */
function startedBy(commands: readonly SedCommand[]): readonly string[] {
  return commands.flatMap(({ letter, argument }) => (letter === "e" && argument !== "" ? [argument] : []));
}

/** `s/x/y/e` runs what the line became. */
function runsLines(text: string): boolean {
  return readSedCommands(text).some(
    ({ letter, argument, flags }) =>
      (letter === "s" && /^[^w]*e/.test(flags)) || (letter === "e" && argument === ""),
  );
}

function lineOf(text: string, call: Call, world: World): Inner {
  return { kind: "line", text, shell: "sh", via: "sed", ...lineSight(call, world) };
}
