import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { toolName } from "../file-effects.js";
import { inner, nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { readCmakeScript } from "./cmake-script.js";

/** Subcommands that do by themselves what a well-known program does: the words that stand for each. */
const cmakeOrders: ReadonlyMap<string, readonly string[]> = new Map([
  ["rm", ["rm"]],
  ["remove", ["rm", "-f"]],
  ["remove_directory", ["rm", "-rf"]],
  ["copy", ["cp", "-r"]],
  ["copy_if_different", ["cp"]],
  ["copy_directory", ["cp", "-rT"]],
  ["rename", ["mv", "-T"]],
  ["create_symlink", ["ln", "-sfT"]],
  ["tar", ["tar"]],
]);
const desktopOrders: ReadonlyMap<string, readonly string[]> = new Map([
  ["remove", ["rm", "-rf"]],
  ["move", ["mv"]],
  ["rename", ["mv"]],
  ["copy", ["cp", "-r"]],
]);

/** `cmake -E rm -rf notes` (cmake(1), "Run a Command-Line Tool"), `cmake -P script.cmake`. No shim: a build calls it by the thousand. */
export const cmake: Reader = {
  names: ["cmake"],
  read(call, world) {
    const [option, order, ...words] = call.argv.slice(1);
    const script = call.argv.indexOf("-P");
    if (script > 0) return readCmakeScript(call, world, script);
    if (option !== "-E" || order === undefined || !isKnown(order)) return nothing;
    if (order === "time" || order === "env")
      return inner(...wrap(call, world, order === "env" ? ["env", ...words] : words, "cmake"));
    if (order === "chdir") return inner(...wrap(call, world, words.slice(1), "cmake"));
    return standFor(cmakeOrders.get(order), words, call);
  },
};

/** Desktops' own: `gvfs-rm`, `kioclient remove`. */
export const desktopFiles: Reader = {
  names: ["gvfs-rm", "kioclient", "kioclient5"],
  read(call) {
    const [, kind] = /^(?:gvfs|kde)-(\w+)$/.exec(toolName(call)) ?? [];
    const order = kind?.replace(/^rm$/, "remove").replace(/^mv$/, "move").replace(/^cp$/, "copy");
    return readDesktop(order === undefined ? call.argv.slice(1) : [order, ...call.argv.slice(1)], call);
  },
};

/** `gio remove FILE …`, `gio move FROM TO`: files or their `file://` addresses. */
export function readDesktop([order, ...words]: readonly Arg[], call: Call): Reading {
  if (order === undefined || !isKnown(order)) return nothing;
  const plain = words.filter((word) => !isKnown(word) || !word.startsWith("-"));
  const files = plain.map((word) => (isKnown(word) ? word.replace(/^file:\/\//, "") : word));
  return standFor(desktopOrders.get(order), files, call);
}

/** No shim of that name sees it. */
function standFor(program: readonly string[] | undefined, words: readonly Arg[], call: Call): Reading {
  if (program === undefined || words.length === 0) return nothing;
  return inner({ kind: "call", argv: [...program, ...words], via: toolName(call), sight: "never" });
}
