import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Shell } from "../model/call.js";
import { quoteWords } from "../model/quoted.js";
import { UsageError } from "./usage-error.js";

/** What a plan is made of: a line as typed, or a shell script's text. */
export type PlanSource =
  | { readonly kind: "line"; readonly text: string; readonly file: string | undefined }
  | {
      readonly kind: "script";
      readonly text: string;
      readonly file: string | undefined;
      readonly shell: Shell;
    };

/**
 * A file that is there, as what runs it would be given it; `-`: a script on stdin; anything else is a line. Throws UsageError
 * for a file that nothing is known to run.
 */
export function readPlanSource(given: string, cwd: string): PlanSource {
  if (given === "-") return fromText(read(0, "-"), undefined);
  const path = resolve(cwd, given);
  if (!isFile(path)) return { kind: "line", text: given, file: undefined };
  const [, starter] = starters.find(([names]) => names.test(basename(path))) ?? [];
  if (starter !== undefined) return { kind: "line", text: quoteWords([...starter, path]), file: path };
  return fromText(read(path, given), path);
}

/** A line is no name that a file system would take, or one with a NUL: it is no file either. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function fromText(text: string, file: string | undefined): PlanSource {
  const [, program = "", rest = ""] = /^#!\s*(\S+)[ \t]*(.*)/.exec(text) ?? [];
  const words = basename(program) === "env" ? rest.replace(/^(-\S+\s+)+/, "").split(/\s+/) : [program];
  const runner = basename(words[0] ?? "");
  const ending = /\.([^./]+)$/.exec(file ?? "")?.[1] ?? "";
  const shell = shells.get(runner === "" ? ending : runner);
  if (shell !== undefined) return { kind: "script", text, file, shell };
  if (text.includes("\0") || (runner === "" && file !== undefined && ending !== ""))
    throw new UsageError([
      `"${file ?? "-"}" is no script that holdpoint knows how to run; name the command: holdpoint explain --plan 'COMMAND ${basename(file ?? "FILE")}'`,
    ]);
  // Without a first line that says otherwise, a shell runs it.
  if (runner === "") return { kind: "script", text, file, shell: "sh" };
  if (file === undefined)
    throw new UsageError([
      `a script for ${runner} is read from its file only: holdpoint explain --plan FILE`,
    ]);
  return { kind: "line", text: quoteWords([runner, file]), file };
}

/** Names, endings, and what reads such a file. */
const starters: readonly (readonly [names: RegExp, words: readonly string[]])[] = [
  [/^(GNU)?[Mm]akefile$|\.mk$/, ["make", "-f"]],
  [/^\.?[Jj]ustfile$/, ["just", "--justfile"]],
  [/\.sql$/, ["psql", "-f"]],
  [/\.py$/, ["python3"]],
  [/\.[cm]?js$/, ["node"]],
  [/\.rb$/, ["ruby"]],
  [/\.p[lm]$/, ["perl"]],
  [/\.php$/, ["php"]],
];

const shells: ReadonlyMap<string, Shell> = new Map([
  ["sh", "sh"],
  ["dash", "sh"],
  ["ksh", "bash"],
  ["bash", "bash"],
  ["zsh", "zsh"],
  ["fish", "fish"],
]);

function read(path: string | 0, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError([
      `--plan: cannot read "${name}" (${error instanceof Error ? error.message : String(error)})`,
    ]);
  }
}
