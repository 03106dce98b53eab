import { type Arg, isKnown, showArg, type Unknown } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { opaqueEffect } from "../model/effect.js";
import { isShellName } from "./hand-over.js";
import { effects, inner, nothing, type Reading } from "./reader.js";

/** A container, pod or machine of a platform where a command runs. */
export interface Elsewhere {
  readonly via: string;
  /** What its effects are said to be on: `container db`. */
  readonly host: string;
  /** Its own files go with it: a container that is made for this one command. */
  readonly passing: boolean;
}

/** A command that runs on another file system: `docker exec db psql -c …`, `kubectl exec web -- rm -rf /data`. */
export function readInside(call: Call, words: readonly Arg[], where: Elsewhere): Reading {
  const start = words.findIndex((word) => !isKnown(word) || !/^(\w+=.*|env|exec|sudo|nohup|--)$/s.test(word));
  const command = start < 0 ? [] : words.slice(start);
  const [program] = command;
  if (program === undefined) return nothing;
  if (!isKnown(program)) return hidden(call, program, where);
  const name = program.slice(program.lastIndexOf("/") + 1);
  const text = isShellName(name) ? shellText(command) : undefined;
  if (text !== undefined) return isKnown(text) ? readText(text, where) : hidden(call, text, where);
  if (isBareShell(name, command)) return readTyped(call, where);
  if (isFileWord.test(name) && (where.passing || isScratch(command.slice(1).map(showArg)))) return nothing;
  return inner({ ...lineOf('"$@"', where), args: ["sh", ...command] });
}

/** A text for a shell over there; a bare `heroku run "rm -rf tmp"` is one too. */
export function readText(text: string, where: Elsewhere): Reading {
  const pieces = text.split(/;|\n|&&|\|\|/);
  const own = pieces.filter(
    (piece) =>
      isFilePiece.test(piece.trim()) && (where.passing || isScratch(piece.trim().split(/\s+/).slice(1))),
  );
  const rest = own.length === 0 ? text : pieces.filter((piece) => !own.includes(piece)).join(";");
  return rest.trim() === "" ? nothing : inner(lineOf(rest, where));
}

function lineOf(text: string, { via, host }: Elsewhere): Inner & { readonly kind: "line" } {
  return { kind: "line", text, shell: "sh", via, host, stdin: { kind: "none" } };
}

/** The word behind `-c`; undefined for a shell without one. */
function shellText(words: readonly Arg[]): Arg | undefined {
  const at = words.findIndex((word, index) => index > 0 && isKnown(word) && /^-[a-z]*c$/.test(word));
  const [program = ""] = words;
  return at > 0 && /sh$/.test(showArg(program)) ? words[at + 1] : undefined;
}

function isBareShell(name: string, words: readonly Arg[]): boolean {
  return (
    /sh$/.test(name) && isShellName(name) && words.slice(1).every((word) => showArg(word).startsWith("-"))
  );
}

/** A shell without a script of its own takes its orders from stdin; at a terminal a person types them. */
function readTyped(call: Call, where: Elsewhere): Reading {
  const { stdin } = call;
  if (stdin.kind === "text") return readText(stdin.text, where);
  return { ...nothing, wantsStdin: stdin.kind === "unknown" || stdin.kind === "file" };
}

function hidden(call: Call, word: Unknown, where: Elsewhere): Reading {
  if (call.sight === "later") return nothing;
  const because = `cannot tell what it would run there: ${word.reason}`;
  return effects(opaqueEffect(showArg(call.tool), `${where.via} ${word.source}`, because));
}

const isFileWord = /^(rm|rmdir|unlink|shred|truncate|dd|mv|cp|tee|wipefs|mkfs(\..*)?|rimraf)$/;
const isFilePiece =
  /^(?:sudo\s+)?(?:(rm|rmdir|unlink|shred|truncate|dd|mv|wipefs|mkfs\S*|rimraf)\s|find\s.*\s-delete\b)/;

/** Words of `rm` and kin that name nothing but caches, temporary files and build output. */
function isScratch(words: readonly string[]): boolean {
  const paths = words.filter((word) => !word.startsWith("-"));
  return paths.length > 0 && paths.every((path) => !path.includes("..") && scratch.test(path));
}

const scratch =
  /^\/?(tmp|var\/tmp|var\/cache)\/.|(^|\/)(node_modules|__pycache__|\.pytest_cache|\.cache|\.next|dist|coverage|tmp)(\/|$)/;
