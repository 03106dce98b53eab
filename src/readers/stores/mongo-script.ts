import { type Effect, opaqueEffect } from "../../model/effect.js";
import { type Server, sqlEffect } from "../sql/effects.js";
import { readMongoCommand, readMongoMethod } from "./mongo-deeds.js";

export interface MongoToken {
  readonly kind: "word" | "text" | "symbol";
  readonly text: string;
}

/** What a script of the shell calls. `files`: what it loads, to be read in turn. */
export interface MongoScript {
  readonly effects: readonly Effect[];
  readonly files: readonly string[];
}

export function readMongoScript(text: string, server: Server, loads: boolean): MongoScript {
  const tokens = readTokens(text);
  const effects: Effect[] = [];
  const files: string[] = [];
  const addOpaque = (target: string, because: string) =>
    effects.push(opaqueEffect(server.tool, target.slice(0, 200), because));
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const before = tokens[index - 1]?.text ?? "";
    // db[name](…): which method it is depends on the run.
    if (token.text === "]" && token.kind === "symbol" && next?.text === "(" && isComputed(tokens, index))
      addOpaque(around(tokens, index), "calls a method whose name is put together at run time");
    if (token.kind === "symbol") return;
    const isMember = token.kind === "word" ? before === "." : before === "[" && next?.text === "]";
    const opens = token.kind === "word" ? index + 1 : index + 2;
    const isCall = isOpening(tokens, opens);
    if (isCall && isMember && !isExplained(tokens, index)) {
      const at = tokens[opens]?.text === "(" ? opens + 1 : opens + 2;
      const deed = readMongoMethod(token.text, tokens, at, ownerOf(tokens, index - 1));
      if (deed !== undefined)
        effects.push(sqlEffect(server, { ...deed, target: deed.target || server.database }));
      if (deed === undefined && /^(adminCommand|runCommand)$/.test(token.text) && tokens[at]?.kind === "word")
        addOpaque(around(tokens, index), "a command that is put together at run time");
    }
    if (isCall && !isMember && token.kind === "word") {
      const argument = tokens[opens + 1];
      if (token.text === "load" && loads && argument?.kind === "text") files.push(argument.text);
      else if (running.has(token.text) && !isHarmlessModule(token.text, argument?.text ?? ""))
        addOpaque(token.text, "runs code that was not looked at");
    }
    // {$out: "users"}, {delete: "users", deletes: […]}
    if (next?.text === ":" && /^[{,]$/.test(before)) {
      const deed = readMongoCommand(token.text, tokens, index);
      if (deed !== undefined)
        effects.push(sqlEffect(server, { ...deed, target: deed.target || server.database }));
    }
  });
  return { effects, files };
}

/** `(`, or `?.(` */
function isOpening(tokens: readonly MongoToken[], at: number): boolean {
  const text = tokens[at]?.text;
  return text === "(" || (text === "?" && tokens[at + 1]?.text === "." && tokens[at + 2]?.text === "(");
}

/** db.users.explain().remove(…) only says what it would do. */
function isExplained(tokens: readonly MongoToken[], index: number): boolean {
  if (tokens[index - 1]?.text !== "." || tokens[index - 2]?.text !== ")") return false;
  const open = tokens[index - 3]?.text === "(" ? index - 3 : index - 4;
  return tokens[open]?.text === "(" && tokens[open - 1]?.text === "explain";
}

/** A bracket behind a name or another bracket, whose content is no single text: `db[c]`, not `["a"]` or `[1]`. */
function isComputed(tokens: readonly MongoToken[], close: number): boolean {
  let depth = 0;
  let at = close;
  for (; at >= 0; at -= 1) {
    // What is longer is no name.
    if (close - at > 200) return true;
    const text = tokens[at]?.kind === "symbol" ? tokens[at]?.text : "";
    if (text === "]") depth += 1;
    if (text === "[") depth -= 1;
    if (depth === 0) break;
  }
  const owner = tokens[at - 1];
  if (owner === undefined || (owner.kind === "symbol" && !/[\])]/.test(owner.text))) return false;
  return !(close - at === 2 && tokens[at + 1]?.kind === "text");
}

/** The collection that a method belongs to: `users` of `db.users.drop`, of `getCollection("users").drop`. */
function ownerOf(tokens: readonly MongoToken[], dot: number): string {
  for (let at = dot - 1; at >= 0 && at > dot - 6; at -= 1) {
    const token = tokens[at];
    if (token?.kind === "word" || token?.kind === "text") return token.text === "db" ? "" : token.text;
  }
  return "";
}

/** The shell of today is Node: its modules delete files and start programs. */
const running: ReadonlySet<string> = new Set([
  "eval",
  "load",
  "require",
  "import",
  "Function",
  "run",
  "runProgram",
  "runNonMongoProgram",
  "removeFile",
  "writeFile",
  "copyFile",
  "_startMongoProgram",
]);

function isHarmlessModule(name: string, module: string): boolean {
  return (
    (name === "require" || name === "import") && /^(node:)?(path|util|os|crypto|assert|url)$/.test(module)
  );
}

function around(tokens: readonly MongoToken[], index: number): string {
  return tokens
    .slice(Math.max(0, index - 6), index + 6)
    .map(({ text }) => text)
    .join("");
}

/** Words, strings, patterns and signs of JavaScript. */
function readTokens(text: string): readonly MongoToken[] {
  const tokens: MongoToken[] = [];
  for (let at = 0; at < text.length; ) {
    // Behind a value a slash divides; anywhere else it begins a pattern, whose quotes are no quotes.
    const last = tokens.at(-1);
    const isPattern = last === undefined || (last.kind === "symbol" && !/[)\]}]/.test(last.text));
    const piece = isPattern ? patternOrPiece : plainPiece;
    piece.lastIndex = at;
    const found = piece.exec(text);
    if (found === null) break;
    at = piece.lastIndex;
    const [all, double, single, template, word] = found;
    const string = double ?? single ?? template;
    if (string !== undefined) {
      tokens.push({ kind: "text", text: decodeEscapes(string) });
      // `${db.users.drop()}` runs.
      const code = template?.indexOf("${") ?? -1;
      if (code >= 0) tokens.push(...readTokens(string.slice(code + 2)));
    } else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (all.length <= 2 && all.trim() !== "") tokens.push({ kind: "symbol", text: all });
  }
  return tokens;
}

const plainPiece =
  /\s+|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`((?:\\.|[^`\\])*)`|([\p{L}_$][\p{L}\p{N}_$]*)|./gsuy;
const patternOrPiece = new RegExp(
  String.raw`\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*|${plainPiece.source}`,
  "gsuy",
);

/** db["dr\x6fp"]() */
function decodeEscapes(text: string): string {
  return text.replaceAll(
    /\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|(.))/gs,
    (_all, long, short, one) => {
      const code = Number.parseInt(String(long ?? short ?? ""), 16);
      return Number.isNaN(code) ? String(one ?? "") : String.fromCodePoint(Math.min(code, 0x10ffff));
    },
  );
}
