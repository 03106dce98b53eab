import { type Arg, isKnown } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { Stdin } from "../model/call.js";
import { type Env, envGet } from "../model/env.js";
import { printedBy } from "./download.js";
import { resolvePath } from "./path.js";
import type { Place } from "./place.js";
import { takenOf } from "./secret-value.js";
import { isBuiltin } from "./sight.js";
import type { State } from "./state.js";
import { readStored } from "./stored.js";

/** What a command prints, where that is plain from its words: `echo`, `printf`, `cat`, … undefined otherwise. */
export function produce(
  place: Place,
  state: State,
  argv: readonly Arg[],
  stdin: Stdin,
  env: Env,
): string | undefined {
  const words: string[] = [];
  for (const arg of argv) {
    if (!isKnown(arg)) return undefined;
    words.push(arg);
  }
  const [name = "", ...args] = words;
  const tool = name.replace(/^\/(usr\/)?bin\//, "");
  switch (tool) {
    case "echo":
      // `shopt -s xpg_echo`
      if (state.options.has("xpg_echo") && args.some((arg) => arg.includes("\\"))) return undefined;
      return echo(args, place.run.shell);
    case "printf":
      return printf(args);
    case "pwd":
      return args.length === 0 && isKnown(state.cwd) ? `${state.cwd}\n` : undefined;
    case "basename":
      return baseName(args);
    case "dirname":
      return args.length === 1 && !args[0]?.startsWith("-") ? `${dirName(args[0] ?? "")}\n` : undefined;
    case "cat":
      return concatenate(place, state, args, stdin);
    case "base64":
      return decode(place, state, args, stdin);
    case "command":
      return args[0] === "-v" && args.length === 2
        ? isBuiltin(args[1] ?? "")
          ? `${args[1]}\n`
          : locate(place, state, args[1] ?? "", env)
        : undefined;
    case "which":
      return args.length === 1 ? locate(place, state, args[0] ?? "", env) : undefined;
    case "yes":
      return `${args.length === 0 ? "y" : args.join(" ")}\n`.repeat(100);
    case "seq":
      return count(args);
    case "git":
      return args.join(" ") === "rev-parse --show-toplevel" ? findTop(place, state, env) : undefined;
    case "curl":
    case "wget": {
      const printed = printedBy(place, state, tool, args);
      return printed?.kind === "text" ? printed.text : undefined;
    }
    case "true":
    case ":":
    case "cd":
      return "";
    default:
      return undefined;
  }
}

/** What a filter prints of one file, or of its stdin, with a credential in it. */
export function produceSecret(
  place: Place,
  state: State,
  argv: readonly Arg[],
  stdin: Stdin,
): string | undefined {
  const last = argv.length > 1 ? argv.at(-1) : undefined;
  const named =
    last === undefined || !isKnown(last) || last.startsWith("-") ? undefined : readFrom(place, state, last);
  if (named !== undefined) return takenOf(argv.slice(0, -1), named);
  const piped = readStdin(place, state, stdin);
  return piped === undefined || piped === "" ? undefined : takenOf(argv, piped);
}

/** `seq 3`, `seq 2 5`: what a loop counts through. */
function count(args: readonly string[]): string | undefined {
  if (args.length === 0 || args.length > 2 || !args.every((arg) => /^\d{1,6}$/.test(arg))) return undefined;
  const [first, last] = args.length === 1 ? [1, Number(args[0])] : [Number(args[0]), Number(args[1])];
  if (last - first > 1000) return undefined;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => `${first + at}\n`).join("");
}

function findTop(place: Place, state: State, env: Env): string | undefined {
  if (!isKnown(state.cwd) || ["GIT_DIR", "GIT_WORK_TREE"].some((name) => envGet(env, name) !== undefined))
    return undefined;
  const found = place.run.world.git.repository(place.run.world.realpath(state.cwd));
  return found === undefined ? undefined : `${found.top}\n`;
}

function echo(args: readonly string[], shell: string): string | undefined {
  let newline = true;
  let escapes = false;
  let at = 0;
  for (; shell !== "sh" && /^-[neE]+$/.test(args[at] ?? ""); at++) {
    for (const flag of args[at] ?? "") {
      if (flag === "n") newline = false;
      if (flag === "e" || flag === "E") escapes = flag === "e";
    }
  }
  if (shell === "sh" && /^-[neE]+$/.test(args[0] ?? "")) {
    if (args[0] !== "-n") return undefined;
    newline = false;
    at = 1;
  }
  const text = args.slice(at).join(" ");
  // dash and zsh decode backslashes here, bash does not; which one `sh` is, is not known.
  const body = escapes || (shell !== "bash" && text.includes("\\")) ? decodeEscapes(text, shell) : text;
  return body === undefined ? undefined : body + (newline ? "\n" : "");
}

function decodeEscapes(text: string, shell: string): string | undefined {
  if (shell === "sh" || /\\[c0-9uUxE]/.test(text)) return decodeNumeric(text, shell);
  return text.replace(/\\([abefnrtv\\])/g, (_, char: string) => escapes[char] ?? char);
}

function decodeNumeric(text: string, shell: string): string | undefined {
  if (shell === "sh" || /\\(?:[cuU1-9]|0[2-7][0-7]{2}|x[89a-fA-F])/.test(text)) return undefined;
  const plain = /\\(?:0([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([abefnrtvE\\]))/g;
  return text.replace(plain, (_, octal?: string, hex?: string, char?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[char ?? ""] ?? "";
  });
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** What `printf` prints before the first of its format that is not foreseen, or that it gives up on: `printf '/bin/rm -rf x %Y'`. */
export function printedAtLeast(argv: readonly Arg[]): string | undefined {
  const format = argv[0] === "printf" ? argv[argv[1] === "--" ? 2 : 1] : undefined;
  if (format === undefined) return undefined;
  return printf([/^(?:[^%\\]|\\n)*/.exec(isKnown(format) ? format : format.prefix)?.[0] ?? ""]);
}

function printf(args: readonly string[]): string | undefined {
  const [format, ...values] = args[0] === "--" ? args.slice(1) : args;
  if (format === undefined || format.startsWith("-")) return undefined;
  const pieces =
    format.match(/%%|%[sdb]|\\(?:x[0-7][0-9a-fA-F]|[01][0-7]{2}|[\\abfnrtv"])|[^%\\]+|[%\\]/g) ?? [];
  if (pieces.some((piece) => piece === "%" || piece === "\\")) return undefined;
  const used = pieces.filter((piece) => /^%[sdb]$/.test(piece)).length;
  let out = "";
  let at = 0;
  do {
    for (const piece of pieces) {
      if (piece === "%%") out += "%";
      else if (piece.startsWith("\\")) out += decodeEscape(piece.slice(1));
      else if (!/^%[sdb]$/.test(piece)) out += piece;
      else {
        const value = values[at] ?? (piece === "%d" ? "0" : "");
        if (piece === "%d" && !/^-?([1-9]\d{0,14}|0)$/.test(value)) return undefined;
        const text = piece === "%b" && value.includes("\\") ? decodeNumeric(value, "bash") : value;
        if (text === undefined) return undefined;
        out += text;
        at += 1;
      }
    }
  } while (used > 0 && at < values.length);
  return out;
}

/** `n`, `x2d`, `055`: what stands behind the backslash. */
function decodeEscape(text: string): string {
  if (text.startsWith("x")) return String.fromCharCode(Number.parseInt(text.slice(1), 16));
  return text.length === 3 ? String.fromCharCode(Number.parseInt(text, 8)) : (escapes[text] ?? text);
}

function baseName(args: readonly string[]): string | undefined {
  const [path = "", suffix = "", ...more] = args;
  if (args.length === 0 || more.length > 0 || path.startsWith("-")) return undefined;
  const name = path.replace(/(?<=.)\/+$/, "").replace(/^.*\/(?=.)/s, "");
  return `${suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`;
}

function dirName(path: string): string {
  const bare = path.replace(/(?<=.)\/+$/, "");
  if (!bare.includes("/")) return ".";
  return bare.replace(/\/+[^/]*$/, "") || "/";
}

function concatenate(place: Place, state: State, args: readonly string[], stdin: Stdin): string | undefined {
  if (args.some((arg) => arg.startsWith("-") && arg !== "-")) return undefined;
  let out = "";
  for (const arg of args.length === 0 ? ["-"] : args) {
    const text = arg === "-" ? readStdin(place, state, stdin) : readFrom(place, state, arg);
    if (text === undefined || out.length + text.length > 1_000_000) return undefined;
    out += text;
  }
  return out;
}

function readFrom(place: Place, state: State, path: string): string | undefined {
  const text = readStored(place, state, resolvePath(state.cwd, path));
  return isKnown(text) ? text : undefined;
}

function readStdin(place: Place, state: State, stdin: Stdin): string | undefined {
  if (stdin.kind === "text") return stdin.text;
  if (stdin.kind === "none") return "";
  if (stdin.kind !== "file") return undefined;
  const text = readStored(place, state, stdin.path);
  return isKnown(text) ? text : undefined;
}

function decode(place: Place, state: State, args: readonly string[], stdin: Stdin): string | undefined {
  if (!/^(-d|-D|--decode)$/.test(args[0] ?? "") || args.length > 2) return undefined;
  const text = concatenate(place, state, args.slice(1), stdin);
  if (text === undefined || !/^[A-Za-z0-9+/\s]*=*\s*$/.test(text)) return undefined;
  return decodeBytes(Buffer.from(text, "base64"));
}

function locate(place: Place, state: State, name: string, env: Env): string | undefined {
  if (name === "" || name.includes("/") || state.routines.map.has(name) || state.aliases.map.has(name)) {
    return undefined;
  }
  const path = envGet(env, "PATH");
  if (path === undefined || !isKnown(path)) return undefined;
  const found = place.run.world.findProgram(name, path);
  return found === undefined ? undefined : `${found}\n`;
}
