import { dirname } from "node:path";
import { readFishCall } from "../model/fish-call.js";
import type { ShimCall } from "./protocol.js";

/** What a shell's argv says it will run: a text, a script file with its arguments, or its standard input. */
export type ShellWork =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "script"; readonly words: readonly string[] }
  | { readonly kind: "stdin" };

/** By its name: `bash`, not a path to it. */
export function isShell(name: string): boolean {
  return shells.has(name);
}

/**
 * Whether a shell is one that only a sandbox has meet its shim: started by its path, as the kernel starts the interpreter of a script, make
 * that of a recipe, and configure those that it tries. What it starts meets a shim again, so that scripts full of `eval` are left to
 * run. The texts of shells with a start-up file of ours are judged as lines anywhere: an agent's own shell is such a one.
 */
export function isPathStarted({ name, argv }: Pick<ShimCall, "name" | "argv">, bin: string): boolean {
  const [word = ""] = argv;
  if (!isShell(name) || !word.startsWith("/") || dirname(word) === bin) return false;
  return name === "sh" || name === "dash" || readShellWork(name, argv).kind !== "text";
}

/** What a shell of this name will run. */
export function readShellWork(name: string, argv: readonly string[]): ShellWork {
  if (name !== "fish") return readOptions(argv);
  const { texts, operands } = readFishCall(argv.slice(1), (word, from) => word.slice(from));
  if (texts.length > 0) return { kind: "text", text: texts.join("\n") };
  return operands.length > 0 ? { kind: "script", words: operands } : { kind: "stdin" };
}

/** Options as bash(1), dash(1) and zsh(1) read them: the text after `-c` is the first word that is no option. */
function readOptions(argv: readonly string[]): ShellWork {
  let takesText = false;
  let takesStdin = false;
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--" || word === "-") {
      at++;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    if (word.startsWith("--")) {
      if (word === "--init-file" || word === "--rcfile" || word === "--emulate") at++;
      continue;
    }
    if (word.startsWith("-") && word.includes("c")) takesText = true;
    if (word.startsWith("-") && word.includes("s")) takesStdin = true;
    // `-o name` and bash's `-O name`: each letter takes a word of its own, after the cluster.
    at += [...word.slice(1)].filter((letter) => letter === "o" || letter === "O").length;
  }
  const words = argv.slice(at);
  const [first] = words;
  if (first === undefined) return { kind: "stdin" };
  if (takesText) return { kind: "text", text: first };
  return takesStdin ? { kind: "stdin" } : { kind: "script", words };
}

const shells: ReadonlySet<string> = new Set(["bash", "sh", "dash", "zsh", "fish"]);
