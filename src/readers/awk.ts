import type { Arg } from "../model/arg.js";
import { isKnown } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { appending, editing, overwriting, readPaths, toolName } from "./file-effects.js";
import { declareOptions, optionValues, readOptions } from "./options.js";
import { effects, inner, join, type Reader, type Reading } from "./reader.js";
import { lineSight } from "./sight.js";
import { namesDeleter } from "./stranger.js";
import { readText } from "./text-file.js";

const options = declareOptions("first", [
  "-F:",
  "-v --assign:",
  "-f --file:",
  "-e --source:",
  "-i --include:",
]);

/** What a program gives to a shell, and the files it writes, as far as they are plain strings. */
export const awk: Reader = {
  names: ["awk", "gawk", "mawk", "nawk"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const files = optionValues(given, "file").flatMap((file) => readText(call, world, file) ?? []);
    const sources = optionValues(given, "source");
    const isOperand = files.length === 0 && sources.length === 0;
    const texts: readonly Arg[] = isOperand ? given.operands.slice(0, 1) : [...files, ...sources];
    // `gawk -i inplace` writes the files that it is given anew.
    const edits = optionValues(given, "include").some((file) => isKnown(file) && /^inplace\b/.test(file));
    const edited = edits ? given.operands.slice(isOperand ? 1 : 0).filter(isKnown) : [];
    return join(
      ...texts.filter(isKnown).map((text) => readProgram(call, world, text)),
      effects(...readPaths(call, world, edited, "edit", (path) => editing(toolName(call), path, world))),
    );
  },
};

const quoted = String.raw`"((?:[^"\\\n]|\\.)*)"`;
const started = new RegExp(
  `\\bsystem\\s*\\(\\s*${quoted}\\s*\\)|${quoted}\\s*\\|&?\\s*getline|\\|&?\\s*${quoted}\\s*(?=[;}\\n)]|$)`,
  "g",
);
const written = new RegExp(`[^>](>>?)\\s*${quoted}`, "g");

function readProgram(call: Call, world: World, text: string): Reading {
  const lines = [...text.matchAll(started)].map(([, a, b, c]) => line(call, world, a ?? b ?? c ?? ""));
  const outputs = [...text.matchAll(written)].flatMap(([, operator, path = ""]) =>
    readPaths(call, world, [unquote(path)], "overwrite", (target) =>
      (operator === ">>" ? appending : overwriting)("awk", target, world),
    ),
  );
  const hidden =
    lines.length === 0 && namesDeleter(text)
      ? [opaqueEffect("awk", text, "it names a program that deletes, in words that are not plain")]
      : [];
  return join(inner(...lines), effects(...outputs, ...hidden));
}

function line(call: Call, world: World, text: string): Inner {
  return { kind: "line", text: unquote(text), shell: "sh", via: "awk", ...lineSight(call, world) };
}

/** `"\x72m"` and `"rm\040"` are texts like any other. */
function unquote(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs,
    (_, hex?: string, octal?: string, letter = "") => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return letter === "n" ? "\n" : letter === "t" ? "\t" : letter;
    },
  );
}
