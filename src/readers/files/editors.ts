import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { findCalls, isText } from "../code/calls.js";
import { deletion, editing, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, type Options, optionValues, readOptions, switches } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { patchedManifests, patchOnStdin } from "./patch-names.js";
import { readText } from "./text-file.js";

const vimOptions = declareOptions("anywhere", [
  ...switches("AbCDdEeFgHhLlMmNnRXyZOop"),
  "-c:",
  "--cmd:",
  "-S:",
  "-s",
  "-u:",
  "-U:",
  "-i:",
  "-t:",
  "-T:",
  "-w:",
  "-W:",
  "-r",
  "-v",
  "--clean",
  "--headless",
  "--not-a-term",
  "--noplugin",
  "--remote",
  "--remote-send:",
  "--remote-expr:",
  "--servername:",
  "--startuptime:",
  "--help",
  "--version",
]);

/** vi and ex, as far as commands are given to them: `-c '!cmd'`, `+'call delete("f")'`, a script for `ex` on stdin. */
const vi: Reader = {
  names: ["vi", "vim", "nvim", "ex", "view", "gvim", "vimdiff"],
  read(call, world) {
    const words = call.argv.slice(1);
    const plus = words.filter((word) => isKnown(word) && word.startsWith("+") && word.length > 1);
    const given = readOptions(
      words.filter((word) => !plus.includes(word)),
      vimOptions,
    );
    if (hasOption(given, "help", "version")) return nothing;
    const orders = [
      ...plus.map((word) => (isKnown(word) ? word.slice(1) : word)),
      ...optionValues(given, "c"),
      ...optionValues(given, "cmd"),
      ...optionValues(given, "S").flatMap((file) => readText(call, world, file) ?? []),
    ];
    const { stdin } = call;
    const script = toolName(call) === "ex" || hasOption(given, "s", "e", "E") ? stdinOf(call) : [];
    const texts = [...orders.filter(isKnown), ...script];
    const hidden = orders.find((word) => !isKnown(word));
    const isUnread = hidden !== undefined && call.sight !== "later";
    return join(
      ...texts.flatMap((text) => text.split(/\n|\|(?!\|)/)).map((order) => readOrder(order, call, world)),
      writes(texts, stdin.kind === "terminal") ? readFiles(call, world, given) : nothing,
      isUnread
        ? effects(
            opaqueEffect(toolName(call), showHidden(hidden), "an order for the editor cannot be foreseen"),
          )
        : nothing,
    );
  },
};

function showHidden(word: Arg): string {
  return isKnown(word) ? word : word.source;
}

/** At a terminal a person types `:w`. */
function writes(texts: readonly string[], isTyped: boolean): boolean {
  return (
    !isTyped &&
    texts.some((text) =>
      /(^|[|\n:])\s*(\S*[gsv%]\S*\s+)?(w|wq|wqa|wa|x|xa|update|up|exit)!?\s*($|[|\n])/m.test(text),
    )
  );
}

function readFiles(call: Call, world: World, given: Options): Reading {
  return effects(
    ...readPaths(call, world, given.operands, "overwrite", (path) => editing(toolName(call), path, world)),
  );
}

/** One order of ex: `!cmd`, `%!cmd`, `r !cmd`, `w !cmd`, `silent !cmd`; of Vim's script `system()` and `delete()`. */
function readOrder(order: string, call: Call, world: World): Reading {
  const [, command = ""] =
    /^[\s:]*(?:sil(?:ent)?!?\s+)?(?:[\d.,$%'<>]*\s*|r(?:ead)?\s+|\d*w(?:rite)?\s+)?!(.+)$/s.exec(order) ?? [];
  const lines: Inner[] = command === "" ? [] : [line(call, world, command)];
  for (const { values } of findCalls(
    order,
    /^(system|systemlist|os\.execute|term_start|jobstart|vim\.fn\.system)$/,
  ))
    for (const value of values.slice(0, 1)) if (isText(value)) lines.push(line(call, world, value));
  const gone = findCalls(order, /^(delete|vim\.fn\.delete|os\.remove)$/).flatMap(({ values }) =>
    values.slice(0, 1).filter(isText),
  );
  return join(
    inner(...lines),
    effects(...readPaths(call, world, gone, "delete", (path) => [deletion(toolName(call), path, true)])),
  );
}

/** ed: a file, and orders on stdin. */
const ed: Reader = {
  names: ["ed", "red"],
  read(call, world) {
    const files = call.argv.slice(1).filter((word) => !isKnown(word) || !word.startsWith("-"));
    const texts = stdinOf(call);
    const lines = texts
      .flatMap((text) => text.split("\n"))
      .flatMap((order) => /^[\d.,$;%]*\s*(?:[rw]\s*)?!(.+)$/.exec(order)?.[1] ?? []);
    const isWritten = texts.some((text) => /^[\d.,$;%]*(w|wq|W)\b/m.test(text));
    return join(
      inner(...lines.map((text) => line(call, world, text))),
      isWritten
        ? effects(...readPaths(call, world, files, "overwrite", (path) => editing("ed", path, world)))
        : nothing,
    );
  },
};

const patchOptions = declareOptions("anywhere", [
  ...switches("bcefElnNRstTuvZ"),
  "-d --directory:",
  "-D --ifdef:",
  "-F --fuzz:",
  "-g --get:",
  "-i --input:",
  "-o --output:",
  "-p --strip:",
  "-r --reject-file:",
  "-B --prefix:",
  "-V --version-control:",
  "-Y --basename-prefix:",
  "-z --suffix:",
  "--dry-run",
  "--merge::",
  "--backup",
  "--reverse",
]);

/** patch edits the files that its input names; a file named on the line is edited whatever the input says. */
const patch: Reader = {
  names: ["patch", "gpatch"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), patchOptions);
    if (hasOption(given, "dry-run")) return nothing;
    const files = [...given.operands.slice(0, 1), ...optionValues(given, "output")];
    const input = given.operands[1] ?? optionValues(given, "input")[0];
    const patches = [input === undefined ? patchOnStdin(call, world) : readText(call, world, input)];
    return effects(
      ...readPaths(call, world, files, "overwrite", (path) => editing("patch", path, world)),
      ...patchedManifests("patch", call, patches),
    );
  },
};

function stdinOf({ stdin }: Call): readonly string[] {
  return stdin.kind === "text" ? [stdin.text] : [];
}

function line(call: Call, world: World, text: string): Inner {
  return { kind: "line", text, shell: "sh", via: toolName(call), ...lineSight(call, world) };
}

export const editors: readonly Reader[] = [vi, ed, patch];
