import { type Arg, isKnown, showArg, type Unknown } from "../model/arg.js";
import type { Call, Inner, Shell } from "../model/call.js";
import { opaqueEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { lineSight } from "./sight.js";
import { readText } from "./text-file.js";

const dialects: ReadonlyMap<string, Shell> = new Map([
  ["bash", "bash"],
  ["rbash", "bash"],
  ["ksh", "bash"],
  ["ksh93", "bash"],
  ["mksh", "bash"],
  ["sh", "sh"],
  ["dash", "sh"],
  ["ash", "sh"],
  ["zsh", "zsh"],
]);

export const shells: Reader = {
  names: [...dialects.keys()],
  read(call, world) {
    const invocation = readInvocation(call.argv.slice(1));
    // `bash -n script` only checks the grammar.
    if (invocation.flags.includes("n")) return nothing;
    return join(readStartup(call, world, invocation), readOrders(call, world, invocation));
  },
};

/** Which dialect a shell of this name reads. */
export function dialectOf(name: string): Shell | undefined {
  return dialects.get(name);
}

interface Invocation {
  readonly flags: string;
  readonly startFiles: readonly Arg[];
  readonly operands: readonly Arg[];
}

/** Options of shells are no getopt: `-euo pipefail`, `+x`, `-c` whose text comes after all other options. */
function readInvocation(words: readonly Arg[]): Invocation {
  let flags = "";
  const startFiles: Arg[] = [];
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !isKnown(word)) break;
    if (word === "--" || word === "-") {
      at += 1;
      break;
    }
    const next = words[at + 1];
    if (/^--?(rcfile|init-file)$/.test(word)) {
      if (next !== undefined) startFiles.push(next);
      at += 1;
    } else if (/^--./.test(word)) {
      if (/^--(emulate)$/.test(word)) at += 1;
      if (/^--(version|help)$/.test(word)) flags += "n";
    } else if (/^[-+]./.test(word)) {
      if (word.startsWith("-")) flags += word.slice(1);
      // Each `o` or `O` of a cluster takes a word of its own.
      at += word.slice(1).replace(/[^oO]/g, "").length;
    } else break;
  }
  return { flags, startFiles, operands: words.slice(at) };
}

/** Files that the shell reads before its orders, when the call chose them itself. */
function readStartup(call: Call, world: World, { startFiles }: Invocation): Reading {
  const chosen = envGet(call.env, "BASH_ENV");
  const isOurs =
    chosen === undefined ||
    !isKnown(chosen) ||
    world.session.guardPaths.some((path) => chosen.startsWith(path));
  const files = isOurs || dialectOf(nameOf(call)) !== "bash" ? startFiles : [...startFiles, chosen];
  return inner(...files.flatMap((file) => readScriptFile(call, world, file, [], "start-up file") ?? []));
}

function readOrders(call: Call, world: World, { flags, operands }: Invocation): Reading {
  const [first, ...rest] = operands;
  if (flags.includes("c")) {
    if (first === undefined) return nothing;
    return isKnown(first)
      ? inner(line(call, world, first, `${nameOf(call)} -c`, rest))
      : unreadable(call, first);
  }
  const isPiped =
    flags.includes("s") || first === undefined || first === "/dev/stdin" || first === "/proc/self/fd/0";
  if (isPiped) return readStdin(call, world, operands);
  const script = readScriptFile(call, world, first, operands, nameOf(call));
  if (script !== undefined) return inner(...script);
  return isUnseen(call, world) ? unreadable(call, first) : nothing;
}

/** What a shell reads as it comes is judged as it comes, by its own start-up hook; nothing waits for it here. */
function readStdin(call: Call, world: World, operands: readonly Arg[]): Reading {
  const { stdin } = call;
  const args = [nameOf(call), ...operands];
  switch (stdin.kind) {
    case "text":
      return inner({ ...line(call, world, stdin.text, nameOf(call), args), stdin: { kind: "none" } });
    case "file": {
      const script = readScriptFile(call, world, stdin.path, args, nameOf(call));
      return script === undefined ? nothing : inner(...script);
    }
    case "unknown":
      return isUnseen(call, world)
        ? effects(opaqueEffect(nameOf(call), nameOf(call), `cannot tell what it would run: ${stdin.reason}`))
        : nothing;
    default:
      return nothing;
  }
}

/** Commands of a text that is given to a shell. `args` are `$0`, `$1`, …. */
function line(
  call: Call,
  world: World,
  text: string,
  via: string,
  args: readonly Arg[],
): Inner & { kind: "line" } {
  const shell = dialectOf(nameOf(call)) ?? "sh";
  return { kind: "line", text, shell, via, args, ...lineSight(call, world) };
}

function readScriptFile(
  call: Call,
  world: World,
  file: Arg,
  args: readonly Arg[],
  via: string,
): readonly Inner[] | undefined {
  const text = readText(call, world, file);
  return text === undefined ? undefined : [line(call, world, text, via, args)];
}

/** No shim, and with it no hook: the environment was wiped. */
function isUnseen(call: Call, world: World): boolean {
  return lineSight(call, world).sight === "never";
}

function unreadable(call: Call, word: Arg): Reading {
  if (call.sight === "later") return nothing;
  const reason = isKnown(word) ? "the file cannot be read" : (word satisfies Unknown).reason;
  return effects(opaqueEffect(nameOf(call), showArg(word), `cannot tell what it would run: ${reason}`));
}

function nameOf(call: Call): string {
  return isKnown(call.tool) ? call.tool : call.tool.source;
}
