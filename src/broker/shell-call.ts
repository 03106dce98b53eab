import { readFishCall } from "../model/fish-call.js";

/** What a shell's argv says it will run: a text, a script file with its arguments, or its standard input. */
export type ShellWork =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "script"; readonly words: readonly string[] }
  | { readonly kind: "stdin" };

export function isShell(name: string): boolean {
  return shells.has(name);
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
