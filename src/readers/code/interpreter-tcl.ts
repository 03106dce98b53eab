import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { deletion, overwriting, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { effects, inner, join, type Reader, type Reading } from "../reader.js";
import { lineSight, wrap } from "../sight.js";
import { versions } from "./interpreter-names.js";
import { originOf } from "./script-file.js";

/** Tcl and expect: what they start, what they type into that, and the files that they delete or move. */
export const tcl: Reader = {
  names: [...versions.tclsh, "wish", "expect"],
  read(call, world) {
    const texts = call.argv.flatMap((word, at) =>
      call.argv[at - 1] === "-c" && isKnown(word) ? [word] : [],
    );
    const file = call.argv.slice(1).find((word) => isKnown(word) && !word.startsWith("-"));
    const isTyped = texts.length === 0 && file === undefined && call.stdin.kind === "text";
    const typed = isTyped ? [call.stdin.text] : texts;
    return join(
      ...[...typed, ...(texts.length === 0 ? ownScript(call, world, file) : [])]
        .flatMap((text) => splitCommands(text))
        .map((words) => readCommand(words, call, world)),
    );
  },
};

/** What others wrote starts what it is there for: `spawn ssh …`. */
function ownScript(call: Call, world: World, file: Arg | undefined): readonly string[] {
  if (file === undefined || originOf(call, world, file) !== "made") return [];
  return [readText(call, world, file) ?? ""];
}

const hidden = unknown("$value", "a value that the program makes");

function readCommand(words: readonly string[], call: Call, world: World): Reading {
  const [name = "", ...rest] = words;
  const plain: readonly Arg[] = rest.map((word) => (/^[[$]/.test(word) ? hidden : word));
  const via = toolName(call);
  switch (name) {
    case "exec":
    case "spawn": {
      const program = plain.filter((word, at) => at > 0 || !isKnown(word) || !word.startsWith("-"));
      return inner(...wrap(call, world, program, via));
    }
    case "system":
      return inner(line(rest.join(" "), call, world));
    // What a spawned shell, or one on another machine, is given to run.
    case "send":
    case "exp_send": {
      const text = (rest.at(-1) ?? "").replace(/\\[rn]|[\r\n]/g, "\n");
      return inner({ ...line(text, call, world), sight: "never" });
    }
    case "open": {
      const [, command] = /^\|\s*(.+)$/s.exec(rest[0] ?? "") ?? [];
      if (command !== undefined) return inner(line(command, call, world));
      // `open notes.txt w`; with `r+` and `a` what is there stays.
      if (!/^w|\bTRUNC\b/.test(rest.slice(1).join(" "))) return join();
      return effects(
        ...readPaths(call, world, plain.slice(0, 1), "overwrite", (path) =>
          overwriting(toolName(call), path, world),
        ),
      );
    }
    case "file":
      return readFile(rest, plain, call, world);
    default:
      return join();
  }
}

function readFile([verb]: readonly string[], plain: readonly Arg[], call: Call, world: World): Reading {
  const operands = plain.slice(1).filter((word) => !isKnown(word) || !/^-(force|-)$/.test(word));
  if (verb === "delete")
    return effects(
      ...readPaths(call, world, operands, "delete", (path) => [deletion(toolName(call), path, true)]),
    );
  if (verb !== "rename" && verb !== "copy") return join();
  const argv = [verb === "rename" ? "mv" : "cp", ...operands];
  return inner({ kind: "call", argv, via: toolName(call), sight: "never" });
}

function line(text: string, call: Call, world: World): Inner & { readonly kind: "line" } {
  return { kind: "line", text, shell: "sh", via: toolName(call), ...lineSight(call, world) };
}

const word = /"((?:\\[\s\S]|[^"\\])*)"|\{([^{}]*)\}|(\[[^\]\n]*\])|((?:\\[\s\S]|[^\s;"{}])+)|(;|\n)|[\s\S]/y;

/** Words of each command; braces are looked into, for they hold the bodies of `if`, `foreach` and `expect`. */
function splitCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  word.lastIndex = 0;
  for (let found = word.exec(text); found !== null && found[0] !== ""; found = word.exec(text)) {
    const [whole, quoted, braced, computed, bare, end] = found;
    if (end !== undefined || whole === "{" || whole === "}") commands.push([]);
    else if (braced !== undefined && /[\s;]/.test(braced.trim()) && commands.at(-1)?.[0] !== "send")
      commands.push(...nested(braced), []);
    else {
      const value = quoted ?? braced ?? computed ?? bare;
      if (value !== undefined) commands.at(-1)?.push(value);
    }
  }
  return commands.filter((command) => command.length > 0 && !command[0]?.startsWith("#"));
}

function nested(text: string): string[][] {
  return text
    .split(/[;\n]/)
    .map((one) => one.trim().split(/\s+/))
    .filter(([first]) => first !== "");
}
