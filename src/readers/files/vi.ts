import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { appending, editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, type Options, optionValues, readOptions, switches } from "../options.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { readText } from "./text-file.js";
import { openedBy, ordersOf, readOrder } from "./vi-orders.js";

const options = declareOptions("anywhere", [
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
export const vi: Reader = {
  names: ["vi", "vim", "nvim", "ex", "view", "gvim", "vimdiff"],
  read(call, world) {
    const words = call.argv.slice(1);
    const plus = words.filter((word) => isKnown(word) && word.startsWith("+") && word.length > 1);
    const given = readOptions(
      words.filter((word) => !plus.includes(word)),
      options,
    );
    if (hasOption(given, "help", "version")) return nothing;
    const orders = [
      ...plus.map((word) => (isKnown(word) ? word.slice(1) : word)),
      ...optionValues(given, "c"),
      ...optionValues(given, "cmd"),
      ...["VIMINIT", "EXINIT"].flatMap((name) => envGet(call.env, name) ?? []),
      ...optionValues(given, "S").flatMap((file) => readText(call, world, file) ?? []),
    ];
    const { stdin } = call;
    const isTold = toolName(call) === "ex" || hasOption(given, "s", "e", "E");
    const texts = [...orders.filter(isKnown), ...(isTold && stdin.kind === "text" ? [stdin.text] : [])];
    const hidden = orders.find((word) => !isKnown(word));
    // Such a line is not for somebody who then looks on: `vim -c %d -c wq`.
    const isEmptied = writes(texts, false) && texts.some((text) => emptying.test(text));
    const read = texts.flatMap(ordersOf);
    const files = [...given.operands, ...openedBy(read)];
    const subject = { call, world, files };
    return join(
      ...read.map((order) => readOrder(order, subject)),
      isEmptied || writes(texts, stdin.kind === "terminal" && !isTold)
        ? readFiles(call, world, files, isEmptied)
        : nothing,
      readLogs(call, world, given),
      hidden !== undefined && call.sight !== "later"
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

/** At a terminal a person types `:w`, but in `ex` and `vim -es`, where nobody is shown anything. */
function writes(texts: readonly string[], isTyped: boolean): boolean {
  return (
    !isTyped &&
    texts.some((text) =>
      /(^|[|\n:])\s*(\S*[gsv%]\S*\s+)?(w|wq|wqa|wa|x|xa|update|up|exit)!?\s*($|[|\n])/m.test(text),
    )
  );
}

/** No line is left: `%d`, `1,$d`, `g/^/d`, `normal ggdG`. */
const emptying =
  /(^|[|\n:]|\b(sil\w*!?|(arg|buf|win|tab|c)do!?)\s+)\s*:?((%|1,\$|0,\$)\s*d(e\w*)?(\s+_)?|g(lobal)?\/(\^|\.|\.\*|)\/\s*d(e\w*)?|norm\w*!?\s+(ggdG|ggVGd|ggVGx|dgg|:?%d.*))\s*($|[|\n])/m;

function readFiles(call: Call, world: World, files: readonly Arg[], isEmptied: boolean): Reading {
  const write = isEmptied ? overwriting : editing;
  return effects(...readPaths(call, world, files, "overwrite", (path) => write(toolName(call), path, world)));
}

/** The keys that were typed: `-W` writes them to a file anew, `-w` adds them. */
function readLogs(call: Call, world: World, given: Options): Reading {
  const tool = toolName(call);
  const added = [...optionValues(given, "w"), ...optionValues(given, "startuptime")];
  return effects(
    ...readPaths(call, world, optionValues(given, "W"), "overwrite", (path) =>
      overwriting(tool, path, world),
    ),
    ...readPaths(call, world, added, "overwrite", (path) => appending(tool, path, world)),
  );
}
