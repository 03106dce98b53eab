import { type Arg, isKnown, showArg, type Unknown, unforeseenName } from "../../model/arg.js";
import type { Call, Stdin } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envFrom, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { appending, editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { readForeign } from "../http/fetched.js";
import { declareOptions, type Options, optionValue, optionValues, readOptions } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { namesDeleter } from "../shell/stranger.js";
import { lineSight } from "../sight.js";
import {
  type AwkCommand,
  type AwkValues,
  awkInput,
  longestProgram,
  readAwkCommands,
  unquote,
} from "./awk-program.js";

const options = declareOptions("first", [
  "-F:",
  "-v --assign:",
  "-f --file:",
  "-e --source:",
  "-i --include:",
  "-d --dump-variables::",
  "-o --pretty-print::",
  "-p --profile::",
]);

/** What a program gives to a shell, and the files it writes, as far as they are plain strings. */
export const awk: Reader = {
  names: ["awk", "gawk", "mawk", "nawk", "original-awk"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const files = optionValues(given, "file").flatMap((file) => readText(call, world, file) ?? []);
    const sources = optionValues(given, "source");
    const isOperand = files.length === 0 && sources.length === 0;
    const texts: readonly Arg[] = isOperand ? given.operands.slice(0, 1) : [...files, ...sources];
    // `gawk -i inplace` writes the files that it is given anew.
    const edits = optionValues(given, "include").some((file) => isKnown(file) && /^inplace\b/.test(file));
    const edited = edits ? given.operands.slice(isOperand ? 1 : 0).filter(isKnown) : [];
    const dumped = ["dump-variables", "pretty-print", "profile"].flatMap((name) => optionValues(given, name));
    const records = recordsOf(call, world, given, isOperand);
    return join(
      ...texts.map((text) =>
        isKnown(text)
          ? readProgram(call, world, text, given, records)
          : readForeign(call, text, text.prefix === "" ? text.reason : ""),
      ),
      effects(...readPaths(call, world, edited, "edit", (path) => editing(toolName(call), path, world))),
      effects(...readPaths(call, world, dumped, "overwrite", (path) => overwriting("gawk", path, world))),
    );
  },
};

/** `print > FILENAME`, `print > ARGV[1]` */
const writtenName = /[^>](>>?)\s*(?:(FILENAME)\b|ARGV\s*\[\s*(\d+)\s*\])(?=\s*(?:$|[;}\n]))/g;
const written = /[^>](>>?)\s*"((?:[^"\\\n]|\\.)*)"/g;

function readProgram(call: Call, world: World, text: string, given: Options, records: Records): Reading {
  // Behind so much of anything else a `system(…)` could stand unseen.
  if (text.length > longestProgram) {
    const because = `cannot tell what a program of ${text.length} characters does`;
    return effects(opaqueEffect("awk", `${text.slice(0, 40)}…`, because));
  }
  const lookUp = namesOf(call, given);
  const commands = readAwkCommands(text, { lookUp, fields: undefined }).flatMap((command, at) =>
    // What is its input's from the first letter is looked up there, where that can be read.
    isInputs(command.text) && records !== undefined
      ? records.map((fields) => readAwkCommands(text, { lookUp, fields })[at] ?? command)
      : [command],
  );
  const named = [...text.matchAll(writtenName)].map(([, operator, all, at]) => ({
    operator,
    paths: all === undefined ? [lookUp(`ARGV.${at}`) ?? ""] : given.operands.slice(1),
  }));
  const plain = [...text.matchAll(written)].map(([, operator, path = ""]) => ({
    operator,
    paths: [unquote(path)],
  }));
  const outputs = [...plain, ...named].flatMap(({ operator, paths }) =>
    readPaths(call, world, paths, "overwrite", (target) =>
      (operator === ">>" ? appending : overwriting)("awk", target, world),
    ),
  );
  const readings = commands.map((command) => readCommand(call, world, command));
  const isUnread = readings.length === 0 || readings.includes(nothing);
  const hidden =
    isUnread && namesDeleter(text)
      ? [opaqueEffect("awk", text, "it names a program that deletes, in words that are not plain")]
      : [];
  return join(...readings, effects(...outputs, ...hidden));
}

function isInputs(text: Arg): boolean {
  return !isKnown(text) && text.prefix === "" && text.reason === awkInput;
}

function readCommand(call: Call, world: World, { text, input }: AwkCommand): Reading {
  const stdin: { readonly stdin?: Stdin } = input === undefined ? {} : { stdin: stdinOf(input) };
  const common = { kind: "line", shell: "sh", via: "awk", ...stdin, ...lineSight(call, world) } as const;
  if (isKnown(text)) return inner({ ...common, text });
  // `system("rm -rf " $1)`: the program is plain, and its shim will see the rest.
  if (/\S\s/.test(text.prefix)) {
    const rest: Unknown = { ...text, prefix: "", splits: true };
    const env = envFrom([[unforeseenName, rest]], call.env);
    return inner({ ...common, text: `${text.prefix}$${unforeseenName}`, env });
  }
  return text.reason === awkInput
    ? effects(opaqueEffect("awk", text.source, `cannot tell what its shell would run: ${awkInput}`))
    : nothing;
}

function stdinOf(input: Arg): Stdin {
  return isKnown(input)
    ? { kind: "text", text: `${input}\n`, from: "pipe" }
    : { kind: "unknown", reason: input.reason };
}

/** `-v name=value`, `name=value` among the files, `ENVIRON["HOME"]`, `ARGV[1]`. */
function namesOf(call: Call, given: Options): AwkValues["lookUp"] {
  const names = new Map<string, Arg>();
  const words = given.operands;
  words.forEach((word, at) => {
    names.set(`ARGV.${at}`, word);
  });
  for (const word of [...words.slice(1), ...optionValues(given, "assign")]) {
    const text = isKnown(word) ? word : word.prefix;
    const [whole, name = ""] = /^([A-Za-z_]\w*)=/.exec(text) ?? [];
    if (whole === undefined) continue;
    const rest = text.slice(whole.length);
    names.set(name, isKnown(word) ? unquote(rest) : { ...word, prefix: rest });
  }
  return (name) =>
    name.startsWith("ENVIRON.") ? envGet(call.env, name.slice("ENVIRON.".length)) : names.get(name);
}

/** The fields of each line that it is given, `$0` first; undefined where that cannot be read, or is long. */
type Records = readonly (readonly string[])[] | undefined;

const maxRecords = 100;

function recordsOf(call: Call, world: World, given: Options, isOperand: boolean): Records {
  const files = given.operands
    .slice(isOperand ? 1 : 0)
    .filter((word) => !isKnown(word) || !/^[A-Za-z_]\w*=/.test(word));
  const { stdin } = call;
  const texts =
    files.length > 0
      ? files.map((file) => readText(call, world, file))
      : [
          stdin.kind === "text"
            ? stdin.text
            : stdin.kind === "file"
              ? readText(call, world, stdin.path)
              : undefined,
        ];
  const separator = optionValue(given, "F");
  if (texts.includes(undefined) || (separator !== undefined && !/^.$/.test(showArg(separator))))
    return undefined;
  const lines = texts.flatMap((text = "") => text.split("\n").filter((line) => line !== ""));
  if (lines.length > maxRecords) return undefined;
  return lines.map((line) => [
    line,
    ...(separator === undefined ? line.trim().split(/\s+/) : line.split(showArg(separator))),
  ]);
}
