import { type Arg, isForeign, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { editing, readPaths, toolName } from "../file-effects.js";
import { isStandardInput, readText } from "../files/text-file.js";
import { type ApiTable, apiTable } from "../http/api-table.js";
import { readForeign, readForeignFile } from "../http/fetched.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { readOwnProgram } from "../shell/own-program.js";
import { readDenoTask, readPackageScript } from "../shell/package-scripts.js";
import { isStorm, stormEffect } from "../shell/storm.js";
import { wrap } from "../sight.js";
import { importedFiles } from "./imported.js";
import { type Interpreter, interpreterList } from "./interpreter-languages.js";
import { lisp } from "./interpreter-lisp.js";
import { readModule } from "./interpreter-modules.js";
import { osascriptReader } from "./interpreter-osascript.js";
import { pwshReader } from "./interpreter-pwsh.js";
import { smallInterpreters } from "./interpreter-small.js";
import { tcl } from "./interpreter-tcl.js";
import { type InterpreterWords, readInterpreterWords } from "./interpreter-words.js";
import { preloadsOf } from "./preloads.js";
import { type Code, readCode } from "./reading.js";
import { mainOf, moduleFiles, originOf } from "./script-file.js";

/** Interpreters: one-liners, heredocs, modules and script files, as far as they are plain. */
export function interpretersReader(apis: ApiTable): readonly Reader[] {
  const plain = interpreterList.map(
    (interpreter): Reader => ({
      names: interpreter.names,
      read: (call, world) => readInterpreter(interpreter, call, world, apis),
    }),
  );
  return [...plain, osascriptReader(apis), pwshReader(apis), tcl, lisp, ...smallInterpreters];
}

export const interpreterNames: readonly string[] = interpretersReader(apiTable(() => [])).flatMap(
  ({ names }) => names,
);

function readInterpreter(interpreter: Interpreter, call: Call, world: World, apis: ApiTable): Reading {
  const words = readInterpreterWords(interpreter, call.argv);
  if (words.shows) return nothing;
  const read = (text: string, file?: Arg): Reading => {
    const code = {
      ...codeOf(call, world, plainly(text, call, interpreter), file),
      language: interpreter.language,
      words: words.words,
    };
    const found = join(readCode(code, call, world, apis), ...readLoaded(code, call, world, apis));
    return isStorm(text) ? join(found, effects(stormEffect(toolName(call), text))) : found;
  };
  return join(
    readPreloads(interpreter, words, call, world, read),
    readProgram(words, call, world, apis, read),
  );
}

/** Modules of the session's own, and what those load. */
function readLoaded(code: Code, call: Call, world: World, apis: ApiTable): readonly Reading[] {
  const found = new Map<string, Code>();
  const pending = [code];
  for (let one = pending.pop(); one !== undefined && found.size < mostModules; one = pending.pop())
    for (const file of importedFiles(one, call, world)) {
      const text = found.has(file) ? undefined : readText(call, world, file);
      if (text === undefined) continue;
      const module = { ...code, text, file, origin: "made", isLoaded: true } as const;
      found.set(file, module);
      pending.push(module);
    }
  return [...found.values()].map((module) => readCode(module, call, world, apis));
}

const mostModules = 100;

/** What a variable has it run first, whatever it was started for. */
function readPreloads(
  { language }: Interpreter,
  { codes, file, module }: InterpreterWords,
  call: Call,
  world: World,
  read: Read,
): Reading {
  const isInteractive = codes.length === 0 && file === undefined && module === undefined;
  const { texts, files } = preloadsOf(language, call, world, isInteractive);
  return join(...texts.map((text) => read(text)), ...files.map((one) => readFile(one, call, world, read)));
}

function readProgram(words: InterpreterWords, call: Call, world: World, apis: ApiTable, read: Read): Reading {
  const script = readScriptName(words, call, world);
  if (script !== undefined) return script;
  const own = words.file === undefined ? undefined : readOwnProgram(words.file, words.words, call, world);
  if (own !== undefined) return own;
  const [code] = words.codes;
  // `ruby -run -e rm -- -rf notes`: un.rb gives file tools the words.
  if (
    code !== undefined &&
    call.argv.some((word) => word === "-run" || word === "-run.rb") &&
    isFileTool(code)
  )
    return inner({ kind: "call", argv: [code, ...words.words], via: "ruby -run", sight: "never" });
  if (words.module !== undefined) {
    const files = moduleFiles(words.module).map((one) => readOwn(one, call, world, read));
    return join(readModule(words.module, words.words, call, world, apis), ...files);
  }
  return join(
    ...readCodes(words, call, read),
    words.file === undefined ? nothing : readFile(words.file, call, world, read),
    words.readsInput ? readInput(call, world, read) : nothing,
    words.edits ? readEdits(words, call, world) : nothing,
  );
}

/** Scala starts a text as a command by `"ls".!`; perl's `exec {"/bin/rm"} "x", "-r"` names the program in front of its words. */
function plainly(text: string, call: Call, { language }: Interpreter): string {
  if (toolName(call).startsWith("scala")) return text.replace(/\.!!?(?![=\w])/g, ".execute()");
  return language === "perl"
    ? text.replace(/\b(exec|system)\s*\{\s*("[^"]*"|'[^']*')\s*\}(?=\s*[^\s,;])/g, "$1 $2,")
    : text;
}

/** `bun run clean`, `bun clean`, `node --run clean`, `deno task clean` */
function readScriptName({ file, words }: InterpreterWords, call: Call, world: World): Reading | undefined {
  const tool = toolName(call);
  const [first] = words;
  if (tool === "deno")
    return file === "task" && first !== undefined && isKnown(first)
      ? readDenoTask(call, world, first, words.slice(1))
      : undefined;
  if (tool === "bun" && file === "x") return inner(...wrap(call, world, words, "bun x"));
  const at = tool === "node" ? call.argv.indexOf("--run") : -1;
  const name = at > 0 ? call.argv[at + 1] : file;
  if ((tool !== "bun" && at < 0) || name === undefined || !isKnown(name)) return undefined;
  return readPackageScript(call, world, tool, {
    name,
    words: at > 0 ? call.argv.slice(at + 2).filter((one) => one !== "--") : words,
  });
}

function isFileTool(code: Arg): boolean {
  return isKnown(code) && /^(rm|cp|mv|ln|rmdir|mkdir|install|chmod|touch)$/.test(code);
}

type Read = (text: string, file?: Arg) => Reading;

/** Several of them are one program. */
function readCodes({ codes }: InterpreterWords, call: Call, read: Read): readonly Reading[] {
  const known = codes.filter(isKnown);
  const hidden = codes.filter((code) => !isKnown(code)).map((code) => readHidden(code, call, read));
  return known.length === 0 ? hidden : [read(known.join("\n")), ...hidden];
}

/** `python -c "import os; os.remove('$F')"`: what stands in front of the unknown part is read; no shim sees the rest. */
function readHidden(code: Arg, call: Call, read: Read): Reading {
  if (isKnown(code)) return read(code);
  const { prefix, reason } = code;
  if (prefix === "" && isForeign(reason)) return readForeign(call, code, reason);
  const found = read(prefix);
  if (prefix !== "" || isCalledByShim(call)) return found;
  return join(
    found,
    effects(opaqueEffect(toolName(call), code.source, `cannot tell what it would run: ${reason}`)),
  );
}

/** The shell that expands it is known to be held by a hook of its own, command by command. */
function isCalledByShim({ sight }: Call): boolean {
  return sight === "later";
}

function codeOf(
  call: Call,
  world: World,
  text: string,
  file: Arg | undefined,
): Pick<Code, "text" | "file" | "origin"> {
  return { text, file, origin: file === undefined ? "line" : originOf(call, world, file) };
}

function readFile(file: Arg, call: Call, world: World, read: Read): Reading {
  if (isStandardInput(file)) return readInput(call, world, read);
  const text = readText(call, world, file);
  if (text !== undefined) return read(text, file);
  const main = isKnown(file) ? readOwn(mainOf(file), call, world, read) : nothing;
  return join(readForeignFile(call, world, file), main);
}

function readOwn(file: string, call: Call, world: World, read: Read): Reading {
  const text = readText(call, world, file);
  return text === undefined ? nothing : read(text, file);
}

/** `python3 - <<EOF`, `node < x.js`, `curl … | python3` */
function readInput({ ...call }: Call, world: World, read: Read): Reading {
  const { stdin } = call;
  switch (stdin.kind) {
    case "text":
      return read(stdin.text);
    case "file": {
      const text = readText(call, world, stdin.path);
      return text === undefined ? nothing : read(text, stdin.path);
    }
    case "unknown":
      if (isForeign(stdin.reason)) return readForeign(call, toolName(call), stdin.reason);
      return effects(
        opaqueEffect(toolName(call), toolName(call), `cannot tell what it would run: ${stdin.reason}`),
      );
    default:
      return nothing;
  }
}

/** `perl -pi -e 's/a/b/' file`: the words are the files that it makes anew. */
function readEdits({ words }: InterpreterWords, call: Call, world: World): Reading {
  const tool = toolName(call);
  const known = words.filter(isKnown);
  return effects(...readPaths(call, world, known, "edit", (path) => editing(tool, path, world)));
}
