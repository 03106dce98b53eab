import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { effects, join, type Reader, type Reading } from "../reader.js";
import { readShellWords } from "../shell/launchers.js";

/** gnuplot: lines that a shell gets (`system`, `!`, `"< cmd"`), and the file that a plot or a session is written to. */
export const gnuplot: Reader = {
  names: ["gnuplot", "gnuplot-nox", "gnuplot-x11", "gnuplot-qt"],
  read(call, world) {
    const texts: string[] = [];
    const files: Arg[] = [];
    const words = call.argv.slice(1);
    words.forEach((word, at) => {
      const before = words[at - 1];
      if (before === "-e" && isKnown(word)) texts.push(word);
      else if (before !== "-e" && before !== "-d" && (!isKnown(word) || !word.startsWith("-")))
        files.push(word);
    });
    if (files.length === 0 && texts.length === 0 && call.stdin.kind === "text") texts.push(call.stdin.text);
    if (files.length === 0 && call.stdin.kind === "file") files.push(call.stdin.path);
    return join(
      ...[...texts, ...files.flatMap((file) => readText(call, world, file) ?? [])].map((text) =>
        readOrders(text, call, world),
      ),
    );
  },
};

function readOrders(text: string, call: Call, world: World): Reading {
  const plain = text.replace(/^\s*#.*$/gm, "");
  const lines = [shellLine, systemCall, pipeOf].flatMap((form) =>
    [...plain.matchAll(form)].map((found) => found.groups?.["line"] ?? ""),
  );
  const written = [...plain.matchAll(outputOf)].map((found) => found.groups?.["file"] ?? "");
  return join(
    ...lines.filter((line) => line !== "").map((line) => readShellWords(call, world, [line], toolName(call))),
    effects(
      ...readPaths(
        call,
        world,
        written.filter((file) => file !== "" && !file.startsWith("|")),
        "overwrite",
        (path) => overwriting(toolName(call), path, world),
      ),
    ),
  );
}

const shellLine = /^[ \t]*!(?<line>.+)$/gm;
const systemCall = /\bsystem\s*\(?\s*(["'])(?<line>(?:(?!\1).)*)\1/g;
/** `plot "< cmd"`, `set output "| cmd"` */
const pipeOf = /(["'])[<|]\s*(?<line>(?:(?!\1).)+)\1/g;
const outputOf =
  /\b(?:se?t?\s+o(?:u|ut|utp|utpu|utput)?|set\s+print|save(?:\s+\w+)?)\s+(["'])(?<file>(?:(?!\1).)*)\1/g;
