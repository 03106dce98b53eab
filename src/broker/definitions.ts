import type { Shell } from "../model/call.js";

type Values = readonly (readonly [string, string])[];

/**
 * What a shell holds already and the line may name, as a text that defines it: `NAME()=` with a function (of zsh its body, of the
 * others with its head), `alias:NAME=`. Aliases become functions, where they are plain words.
 */
export function readDefinitions(shell: Shell, values: Values): string {
  return values.map(([name, value]) => readFunction(shell, name, value) ?? readAlias(name, value)).join("");
}

function readFunction(shell: Shell, name: string, value: string): string | undefined {
  if (!name.endsWith("()")) return undefined;
  return shell === "zsh" ? `${name} {\n${value}\n}\n` : `${value}\n`;
}

function readAlias(name: string, value: string): string {
  const alias = /^alias:([\w.:+-]+)$/.exec(name)?.[1];
  if (alias === undefined || !/^[\w@%+=:,./ ~-]+$/.test(value)) return "";
  const [first = ""] = value.trim().split(" ");
  if (keywords.has(first)) return "";
  return `${alias}() { ${first === alias ? "command " : ""}${value} "$@"; }\n`;
}

/** Such an alias would not parse as a function. */
const keywords: ReadonlySet<string> = new Set(
  "if then else elif fi for while until do done case esac select function time coproc in".split(" "),
);
