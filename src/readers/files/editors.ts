import { isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValues, readOptions, switches } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader } from "../reader.js";
import { lineSight } from "../sight.js";
import { patchedManifests, patchOnStdin } from "./patch-names.js";
import { readText } from "./text-file.js";
import { vi } from "./vi.js";

/** ed: a file, and orders on stdin. It writes over any file that it is told to. */
const ed: Reader = {
  names: ["ed", "red"],
  read(call, world) {
    const files = call.argv.slice(1).filter((word) => !isKnown(word) || !word.startsWith("-"));
    const orders = stdinOf(call).flatMap((text) => withoutText(text.split("\n")));
    const lines = orders.flatMap((order) => /^[\d.,$;%]*\s*(?:[erw]\s*)?!(.+)$/.exec(order)?.[1] ?? []);
    const written = orders.flatMap((order) => {
      const [, letter, file] = /^[\d.,$;%]*(w|wq|W)(?:\s+([^\s!].*?))?\s*$/.exec(order) ?? [];
      return letter === undefined ? [] : file === undefined ? files : [file];
    });
    // `,d` and `%d` leave no line, `g/^/d` neither.
    const isEmptied = orders.some((order) => /^([,%]|1,\$|0,\$|g\/(\^|\.|\.\*)\/)\s*d$/.test(order.trim()));
    const write = (path: string) => {
      const isOwn = files.some((file) => resolvePath(call, world, file) === path);
      return (isOwn && !isEmptied ? editing : overwriting)("ed", path, world);
    };
    return join(
      inner(...lines.map((text) => line(call, world, text))),
      effects(...readPaths(call, world, written, "overwrite", write)),
    );
  },
};

/** Behind `a`, `i` and `c` comes text, to a line with nothing but a dot. */
function withoutText(lines: readonly string[]): readonly string[] {
  let isText = false;
  return lines.filter((order) => {
    if (isText) {
      isText = order !== ".";
      return false;
    }
    isText = /^[\d.,$;/?\w]*[aic]$/.test(order);
    return true;
  });
}

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
    // `git diff | patch -Rp1` is `git diff | git apply -R`.
    const argv = ["git", "apply", "--reverse"];
    const back: Inner = { kind: "call", argv, via: "patch", sight: call.sight };
    return join(
      effects(
        ...readPaths(call, world, files, "overwrite", (path) => editing("patch", path, world)),
        ...patchedManifests("patch", call, patches),
      ),
      input === undefined && hasOption(given, "R", "reverse") ? inner(back) : nothing,
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
