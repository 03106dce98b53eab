import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import type { ApiTable } from "../http/api-table.js";
import { join, nothing, type Reader, type Reading } from "../reader.js";
import { readPipeline } from "./pwsh-commands.js";
import { splitPipelines } from "./pwsh-words.js";

/** PowerShell: cmdlets and their aliases, .NET's own deletions, and the programs that it starts. */
export function pwshReader(apis: ApiTable): Reader {
  return {
    names: ["pwsh", "powershell", "powershell.exe", "pwsh.exe", "pwsh-preview"],
    read: (call, world) =>
      join(...textsOf(call, world).map((text) => readPowerShell(text, call, world, apis, 0))),
  };
}

/** Its own texts in its texts: `Invoke-Expression`. */
const maxDepth = 8;

function readPowerShell(text: string, call: Call, world: World, apis: ApiTable, depth: number): Reading {
  if (depth > maxDepth) return nothing;
  const read = (inner: string): Reading => readPowerShell(inner, call, world, apis, depth + 1);
  const pipelines = splitPipelines(text.slice(0, 256 * 1024));
  return join(...pipelines.map((pipeline) => readPipeline(pipeline, { call, world, apis, read })));
}

/** Parameters may be shortened as long as they are told apart: `-c`, `-Command`, `-enc`, `-f`. */
function textsOf(call: Call, world: World): readonly string[] {
  const words = call.argv.slice(1);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !isKnown(word)) return [];
    if (/^[-/](c|com\w*|commandwithargs|cwa)$/i.test(word)) {
      const rest = words
        .slice(at + 1)
        .filter(isKnown)
        .join(" ");
      return rest === "-" ? stdinOf(call) : [rest];
    }
    if (/^[-/](e|ec|en\w*)$/i.test(word)) return decoded(words[at + 1]);
    if (/^[-/](f|file)$/i.test(word)) return fileOf(words[at + 1], call, world);
    if (/^[-/](noe\w*|nol\w*|nop\w*|noni\w*|i|interactive|l|login|mta|sta|v|version|\?|h|help)$/i.test(word))
      continue;
    if (/^[-/]\w/.test(word)) at += 1;
    else
      return /\.ps1$/i.test(word) ? fileOf(word, call, world) : [words.slice(at).filter(isKnown).join(" ")];
  }
  return stdinOf(call);
}

function stdinOf({ stdin }: Call): readonly string[] {
  return stdin.kind === "text" ? [stdin.text] : [];
}

/** UTF-16 in base64. */
function decoded(word: Arg | undefined): readonly string[] {
  return word !== undefined && isKnown(word) ? [Buffer.from(word, "base64").toString("utf16le")] : [];
}

/** A script's file: only its lines at the margin are sure to run. */
function fileOf(word: Arg | undefined, call: Call, world: World): readonly string[] {
  const text = word === undefined ? undefined : readText(call, world, word);
  if (text === undefined) return [];
  return [
    text
      .split("\n")
      .filter(
        (line) =>
          /^[A-Za-z$[&]/.test(line) &&
          !/^(function|if|else|foreach|for|while|try|switch|param|class)\b/i.test(line),
      )
      .join("\n"),
  ];
}
