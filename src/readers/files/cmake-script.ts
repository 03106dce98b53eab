import { isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { inner, nothing, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { readText } from "./text-file.js";

/**
 * `cmake -DX=y -P script.cmake`: what `file()` deletes, moves or writes, and what `execute_process()` starts, as far as the words are
 * plain. https://cmake.org/cmake/help/latest/command/file.html
 */
export function readCmakeScript(call: Call, world: World, at: number): Reading {
  const file = call.argv[at + 1];
  const text = file === undefined ? undefined : readText(call, world, file);
  if (text === undefined) return nothing;
  const values = new Map<string, string>();
  if (isKnown(call.cwd)) for (const name of ["SOURCE", "BINARY"]) values.set(`CMAKE_${name}_DIR`, call.cwd);
  for (const word of call.argv.slice(0, at)) {
    const [, name, value] = (isKnown(word) && /^-D(\w+)(?::\w+)?=(.*)$/s.exec(word)) || [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return inner(...commandsOf(text).flatMap(({ name, words }) => runs(name, words)));

  function runs(name: string, written: readonly string[]): readonly Inner[] {
    const words = written.map((word) =>
      word.replace(/\$\{(\w+)\}/g, (whole, key: string) => values.get(key) ?? whole),
    );
    if (name === "set" && words[0] !== undefined) values.set(words[0], words.slice(1, 2).join(""));
    if (name === "execute_process") return processes(words).flatMap((argv) => plainly(argv, {}));
    const [order = "", ...rest] = words;
    const argv = name === "file" ? fileOrders.get(order)?.(rest) : undefined;
    return argv === undefined ? [] : plainly(argv, { sight: "never" });
  }

  /** A word with a variable that is not known here names nothing. */
  function plainly(argv: readonly string[], more: { readonly sight?: "never" }): readonly Inner[] {
    const known = argv.filter((word) => !word.includes("${"));
    return known.length < Math.min(argv.length, 2) ? [] : wrap(call, world, known, "cmake -P", more);
  }
}

type Words = readonly string[];

const fileOrders: ReadonlyMap<string, (words: Words) => Words> = new Map([
  ["REMOVE", (words: Words) => ["rm", "-f", ...words]],
  ["REMOVE_RECURSE", (words: Words) => ["rm", "-rf", ...words]],
  ["RENAME", (words: Words) => ["mv", "-T", ...words.slice(0, 2)]],
  ["WRITE", (words: Words) => ["truncate", "-s", "0", ...words.slice(0, 1)]],
  ["COPY_FILE", (words: Words) => ["cp", ...words.slice(0, 2)]],
]);

/** `execute_process(COMMAND a b COMMAND c WORKING_DIRECTORY d)` */
function processes(words: Words): readonly Words[] {
  const found: string[][] = [];
  let isCommand = false;
  for (const word of words) {
    if (word === "COMMAND") found.push([]);
    if (/^[A-Z][A-Z_]{3,}$/.test(word)) isCommand = word === "COMMAND";
    else if (isCommand) found.at(-1)?.push(word);
  }
  return found;
}

interface Command {
  readonly name: string;
  readonly words: Words;
}

/** `name(word "word" …)`, comments left out. */
function commandsOf(text: string): readonly Command[] {
  const plain = text.replace(/^\s*#.*$/gm, "");
  return [...plain.matchAll(/\b(file|execute_process|set)\s*\(((?:"(?:\\.|[^"\\])*"|[^()"])*)\)/gi)].map(
    ([, name = "", inside = ""]) => ({
      name: name.toLowerCase(),
      words: [...inside.matchAll(/"((?:\\.|[^"\\])*)"|[^\s"]+/g)].map(([whole, quoted]) => quoted ?? whole),
    }),
  );
}
