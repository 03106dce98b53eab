import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { readTexts } from "./client-texts.js";
import type { Server } from "./effects.js";

/** One start of a client: what its texts do, as they are read. */
export interface ClientRun {
  readonly call: Call;
  readonly world: World;
  readonly server: Server;
  readonly effects: Effect[];
  readonly inner: Inner[];
  wantsStdin: boolean;
}

/**
 * The commands of the mysql client itself, one a line: `system cmd`, `\! cmd`, `source file`, `tee file`, `use db`. The
 * SQL that is left over, with that of the files read in.
 */
export function readLines(text: string, run: ClientRun, depth: number): string {
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    const [, name = "", rest = ""] =
      /^\s*(system|\\!|source|\\\.|tee|\\T|pager|\\P|connect|\\r)(?:\s+|(?<=\\\S))(\S.*)$/i.exec(line) ?? [];
    switch (name) {
      case "":
        kept.push(plainLine(line, run));
        break;
      case "\\T":
        appendTo(withoutMark(rest), run);
        break;
      case "\\P":
      case "\\!":
        addProgram(rest, name, run);
        break;
      case "\\.":
        kept.push(include(withoutMark(rest), run, depth));
        break;
      default:
        kept.push(readNamed(name.toLowerCase(), rest, line, run, depth));
    }
  }
  return kept.join("\n");
}

/** Content that goes to the end of a file. */
export function appendTo(file: Arg, run: ClientRun): void {
  const path = resolvePath(run.call, run.world, file);
  if (path !== undefined && isKnown(path)) run.effects.push(...appending(run.server.tool, path, run.world));
}

function readNamed(name: string, rest: string, line: string, run: ClientRun, depth: number): string {
  switch (name) {
    case "source":
      return include(withoutMark(rest), run, depth);
    case "tee":
      appendTo(withoutMark(rest), run);
      return ";";
    case "connect":
    case "\\r":
      run.effects.push(opaqueEffect(run.server.tool, line.trim(), "goes on with another server"));
      return ";";
    default:
      addProgram(rest, name, run);
      return ";";
  }
}

/** `use shop` needs no semicolon: what stands on the next line is a statement of its own. */
function plainLine(line: string, run: ClientRun): string {
  if (/^\s*(use|\\u)\s+[`\w$-]+\s*;?\s*$/i.test(line)) return ";";
  if (
    /^\s*(nopager|notee|nowarning|rehash|resetconnection|ego|prompt\s.*|charset\s+\S+)\s*;?\s*$/i.test(line)
  )
    return ";";
  // `\! cmd` may also stand behind a statement.
  const at = line.indexOf("\\!");
  if (at < 0) return line;
  addProgram(line.slice(at + 2), "\\!", run);
  return line.slice(0, at);
}

function include(file: string, run: ClientRun, depth: number): string {
  if (depth >= 8) {
    run.effects.push(opaqueEffect(run.server.tool, file, "files include one another without end"));
    return ";";
  }
  const input = readTexts(run.call, run.world, [{ file }]);
  run.wantsStdin ||= input.wantsStdin;
  run.effects.push(...input.effects);
  return `;${input.texts.map((text) => readLines(text, run, depth + 1)).join(";")};`;
}

function addProgram(text: string, name: string, run: ClientRun): void {
  run.inner.push({ kind: "line", text: withoutMark(text), shell: "sh", via: `${run.server.tool} ${name}` });
}

function withoutMark(text: string): string {
  return text.trim().replace(/;$/, "").trim();
}
