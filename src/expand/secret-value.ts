import { type Arg, isKnown } from "../model/arg.js";

/**
 * What a filter takes of a text, where that is plain to the letter: `grep ^TOKEN= | cut -d= -f2`, `sed -n 's/^TOKEN=//p'`,
 * `jq -r .token`. Only for texts with credentials in them, so that these are known for what they are. Undefined otherwise.
 */
export function takenOf(argv: readonly Arg[], text: string): string | undefined {
  if (!argv.every(isKnown) || text.length > maxLength) return undefined;
  const [program = "", ...args] = argv.filter(isKnown);
  const name = program.slice(program.lastIndexOf("/") + 1);
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = (list: readonly string[]) => list.map((line) => `${line}\n`).join("");
  switch (name) {
    case "grep":
    case "egrep":
    case "fgrep": {
      const fits = grepOf(args);
      return fits === undefined ? undefined : shown(lines.filter(fits));
    }
    case "cut": {
      const cut = cutOf(args);
      return cut === undefined ? undefined : shown(lines.map(cut));
    }
    case "sed": {
      const [prefix, isQuiet] = sedOf(args) ?? [];
      if (prefix === undefined) return undefined;
      return shown(
        lines.flatMap((line) =>
          line.startsWith(prefix) ? [line.slice(prefix.length)] : isQuiet === true ? [] : [line],
        ),
      );
    }
    case "head":
    case "tail": {
      const isOne = /^-(1|n1)$/.test(args[0] ?? "") || (args[0] === "-n" && args[1] === "1");
      return isOne ? shown(name === "head" ? lines.slice(0, 1) : lines.slice(-1)) : undefined;
    }
    case "tr": {
      const set = args.length === 2 && args[0] === "-d" ? deleted.get(args[1] ?? "") : undefined;
      return set === undefined ? undefined : text.replace(set, "");
    }
    case "jq":
      return jqOf(args, text);
    default:
      return undefined;
  }
}

const maxLength = 65_536;

/** A plain word, at the line's beginning or anywhere. */
function grepOf(args: readonly string[]): ((line: string) => boolean) | undefined {
  const options = args.filter((word) => word.startsWith("-"));
  if (!options.every((word) => /^-[EFh]+$/.test(word))) return undefined;
  const [pattern = "", ...others] = args.filter((word) => !word.startsWith("-"));
  if (others.length > 0) return undefined;
  const [, start, word = ""] = /^(\^?)([\w-]+=?)$/.exec(pattern) ?? [];
  if (word === "") return undefined;
  return start === "^" ? (line) => line.startsWith(word) : (line) => line.includes(word);
}

/** `-d= -f2`, `-d '=' -f 2-`, `-f2 -d:`. */
function cutOf(args: readonly string[]): ((line: string) => string) | undefined {
  const text = args.join("\u0000");
  const [, mark] = /(?:^|\u0000)-d\u0000?([^\u0000])(?=\u0000|$)/.exec(text) ?? [];
  const [, field, open] = /(?:^|\u0000)-f\u0000?(\d)(-?)(?=\u0000|$)/.exec(text) ?? [];
  if (mark === undefined || field === undefined || !/^(\u0000?-[df]\u0000?[^\u0000]-?){2}$/.test(text))
    return undefined;
  const at = Number(field) - 1;
  return (line) => {
    if (!line.includes(mark)) return line;
    const fields = line.split(mark);
    return open === "-" ? fields.slice(at).join(mark) : (fields[at] ?? "");
  };
}

/** `-n 's/^KEY=//p'`, `'s/^KEY=//'`. */
function sedOf(args: readonly string[]): readonly [prefix: string, isQuiet: boolean] | undefined {
  const isQuiet = args[0] === "-n";
  const script = args[isQuiet ? 1 : 0] ?? "";
  if (args.length !== (isQuiet ? 2 : 1)) return undefined;
  const [, , prefix, flags] = /^s([/|#,])\^((?:export )?[\w ]+=)\1\1(p?)$/.exec(script) ?? [];
  return prefix === undefined || (flags === "p") !== isQuiet ? undefined : [prefix, isQuiet];
}

const deleted: ReadonlyMap<string, RegExp> = new Map([
  ["\\n", /\n/g],
  ["\n", /\n/g],
  ["\\r", /\r/g],
  ["\\r\\n", /[\r\n]/g],
  ["\\n\\r", /[\r\n]/g],
  ['"', /"/g],
  ["'", /'/g],
  ["\"'", /["']/g],
  [" ", / /g],
  ["[:space:]", /[ \t\n\v\f\r]/g],
]);

/** `-r .a.b` of an object; what is no text is left to jq. */
function jqOf(args: readonly string[], text: string): string | undefined {
  const [, path] =
    (args.length === 2 && /^(-r|--raw-output)$/.test(args[0] ?? "")
      ? /^((?:\.[A-Za-z_]\w*)+)$/.exec(args[1] ?? "")
      : null) ?? [];
  if (path === undefined) return undefined;
  try {
    let at: unknown = JSON.parse(text);
    for (const name of path.slice(1).split(".")) {
      if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
      at = new Map(Object.entries(at)).get(name);
    }
    return typeof at === "string" ? `${at}\n` : undefined;
  } catch {
    return undefined;
  }
}
