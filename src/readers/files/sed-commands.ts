/** One command of sed's language. */
export interface SedCommand {
  /** As written, with what else stands in front of the letter: `1,$`, `/re/`, `{`. */
  readonly address: string;
  readonly letter: string;
  /** What stands behind the letter up to where the command ends: a file, a line for a shell. */
  readonly argument: string;
  /** Of `s///`: what stands behind the last delimiter. */
  readonly flags: string;
}

/** The commands of a script, in order; braces and labels are passed over. */
export function readSedCommands(script: string): readonly SedCommand[] {
  const commands: SedCommand[] = [];
  for (let at = 0; at < script.length; ) {
    const start = at;
    at = skipAddress(script, at);
    const address = script.slice(start, at).trim();
    const letter = script.charAt(at);
    at += 1;
    if (letter === "" || /[\s;{}!,~+]/.test(letter)) continue;
    if (letter === "s" || letter === "y") {
      const end = endOfPart(script, endOfPart(script, at + 1, script.charAt(at)) + 1, script.charAt(at)) + 1;
      const [flags = ""] = /^(?:[gpIiMme\d]*)(?:w[^\n]*)?/.exec(script.slice(end, end + 4_096)) ?? [];
      commands.push({ address, letter, argument: "", flags });
      at = end + flags.length;
      continue;
    }
    // Text, files and lines go on to the end of the line, braces and semicolons included.
    const isLong = /[aicrRwWe#]/.test(letter);
    const rest = script.slice(at);
    const stop = isLong ? rest.search(/\n/) : rest.search(/[\n;}]/);
    const argument = (stop < 0 ? rest : rest.slice(0, stop)).trim();
    commands.push({ address, letter, argument, flags: "" });
    at += stop < 0 ? rest.length : stop;
  }
  return commands;
}

/** `1,$`, `/re/I`, `\,re,`, `0~4`, `!` */
function skipAddress(script: string, start: number): number {
  let at = start;
  for (; at < script.length; ) {
    const letter = script.charAt(at);
    if (/[\d$,~!+\s;{}]/.test(letter)) at += 1;
    else if (letter === "/") at = endOfPart(script, at + 1, "/") + 1;
    else if (letter === "\\") at = endOfPart(script, at + 2, script.charAt(at + 1)) + 1;
    else if ((letter === "I" || letter === "M") && script.charAt(at - 1) === "/") at += 1;
    else break;
  }
  return at;
}

/** Where the delimiter stands that ends this part; in brackets it is a letter like any other. */
function endOfPart(script: string, start: number, delimiter: string): number {
  let isClass = false;
  for (let at = start; at < script.length; at += 1) {
    const letter = script.charAt(at);
    if (letter === "\\") at += 1;
    else if (letter === "[" && !isClass) isClass = script.indexOf("]", at + 2) > 0;
    else if (letter === "]") isClass = false;
    else if (letter === delimiter && !isClass) return at;
  }
  return script.length;
}
