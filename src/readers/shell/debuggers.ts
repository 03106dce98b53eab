import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { readShellWords } from "./launchers.js";

/** Programs that take the command behind a marker: `gdb --args rm x`. Debuggers do what their own orders say besides. */
export const debuggers: Reader = {
  names: ["gdb", "lldb", "valgrind", "firejail"],
  read(call, world) {
    const orders = ordersOf(call, world);
    const isAnew = orders.some((order) => /^\s*set logging overwrite(\s+on)?\s*$/.test(order));
    return join(readStarted(call, world), ...orders.map((order) => readOrder(order, isAnew, call, world)));
  },
};

function readStarted(call: Call, world: World): Reading {
  const marker = call.argv.findIndex((word, at) => at > 0 && (word === "--args" || word === "--"));
  const first = call.argv.findIndex((word, at) => at > 0 && isKnown(word) && !word.startsWith("-"));
  const start = marker > 0 ? marker + 1 : first;
  if (start <= 0) return nothing;
  const started = wrap(call, world, call.argv.slice(start), showArg(call.tool));
  return inner(...started.map((one) => ({ ...one, certain: false })));
}

const orderOptions =
  /^--?(ex|iex|eval-command|init-eval-command|o|O|one-line|one-line-before-file)(?:=(.*))?$/s;
const fileOptions = /^--?(x|ix|command|init-command|s|S|source|source-before-file)(?:=(.*))?$/s;

/** In options, and line by line in files of them. */
function ordersOf(call: Call, world: World): readonly string[] {
  if (!/^(gdb|lldb)$/.test(toolName(call))) return [];
  const valuesOf = (names: RegExp): readonly Arg[] =>
    call.argv.flatMap((word, at) => {
      const [whole, , value] = (isKnown(word) && names.exec(word)) || [];
      return whole === undefined ? [] : [value ?? call.argv[at + 1] ?? ""];
    });
  const texts = valuesOf(fileOptions).flatMap((file) => readText(call, world, file) ?? []);
  return [...valuesOf(orderOptions).filter(isKnown), ...texts.flatMap((text) => text.split("\n"))];
}

/** https://sourceware.org/gdb/current/onlinedocs/gdb.html/Command-and-Variable-Index.html */
function readOrder(order: string, isAnew: boolean, call: Call, world: World): Reading {
  const tool = toolName(call);
  const [, verb = "", rest = ""] = /^\s*(!|[\w-]+)\s*(.*)$/s.exec(order) ?? [];
  const write = (file: string | undefined, does: typeof overwriting = overwriting): Reading =>
    effects(...readPaths(call, world, file ? [file] : [], "overwrite", (path) => does(tool, path, world)));
  if (/^(shell|!|make|platform)$/.test(verb))
    return readShellWords(
      call,
      world,
      [verb === "platform" ? rest.replace(/^shell\s+(-\S+\s+)*/, "") : rest],
      tool,
    );
  if (/^(pipe|\|)$/.test(verb)) return readShellWords(call, world, [rest.slice(rest.indexOf("|") + 1)], tool);
  if (/^(python|py|pi|python-interactive|script)$/.test(verb))
    return inner({ kind: "call", argv: ["python3", "-c", rest], via: tool, sight: "never" });
  const [, log] = /^logging (?:file|redirect)\s+(\S+)$/.exec(verb === "set" ? rest : "") ?? [];
  if (log !== undefined) return write(log, isAnew ? overwriting : appending);
  // `dump memory FILE START END`, `dump binary value FILE x`
  if (verb === "dump") return write(rest.split(/\s+/).find((word) => !dumped.test(word)));
  if (/^(generate-core-file|gcore)$/.test(verb)) return write(rest);
  return verb === "save" ? write(rest.split(/\s+/)[1]) : nothing;
}

const dumped = /^(binary|ihex|srec|tekhex|verilog|memory|value)$/;
