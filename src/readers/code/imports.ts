import { deedRows } from "./deed-rows.js";
import type { LanguageName } from "./syntax.js";
import type { CodeToken } from "./tokens.js";

/** A name that a text gives to a module, or to a part of one. */
export interface Import {
  readonly name: string;
  readonly module: string;
}

/** The names of one `import` or `from`, whose token stands at `at`. */
export function readImport(
  tokens: readonly CodeToken[],
  at: number,
  language: LanguageName,
): readonly Import[] {
  const isFrom = tokens[at]?.text === "from";
  if (language !== "python") return isFrom ? [] : readJavascript(tokens, at);
  if (isFrom) return readFrom(tokens, at);
  // The one of `from x import y` was read with it.
  const before = tokens[at - 1];
  return before?.kind === "name" ? [] : readPython(tokens, at);
}

function wordAt(tokens: readonly CodeToken[], at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === "name" ? token.text : undefined;
}

function symbolAt(tokens: readonly CodeToken[], at: number): string {
  const token = tokens[at];
  return token?.kind === "symbol" ? token.text : "";
}

function aliasAt(tokens: readonly CodeToken[], at: number): string | undefined {
  return wordAt(tokens, at) === "as" ? wordAt(tokens, at + 1) : undefined;
}

/** `import os.path as p, shutil` */
function readPython(tokens: readonly CodeToken[], at: number): readonly Import[] {
  const found: Import[] = [];
  for (let index = at + 1; ; index += 1) {
    const first = wordAt(tokens, index);
    if (first === undefined) return found;
    let module = first;
    for (index += 1; symbolAt(tokens, index) === "."; index += 2)
      module += `.${wordAt(tokens, index + 1) ?? ""}`;
    const name = aliasAt(tokens, index);
    if (name !== undefined) {
      found.push({ name, module });
      index += 2;
    }
    if (symbolAt(tokens, index) !== ",") return found;
  }
}

/** `from shutil import rmtree as r, move` */
function readFrom(tokens: readonly CodeToken[], at: number): readonly Import[] {
  let index = at + 1;
  let module = "";
  for (; wordAt(tokens, index) !== "import"; index += 1) {
    if (index > at + 20) return [];
    module += tokens[index]?.text ?? "";
  }
  const found: Import[] = [];
  let isOpen = false;
  for (index += 1; index < tokens.length; index += 1) {
    const member = wordAt(tokens, index);
    if (member === undefined) {
      if (symbolAt(tokens, index) === "*") return membersOf(module);
      if (symbolAt(tokens, index) === "(") isOpen = true;
      else if (symbolAt(tokens, index) !== "," && !(isOpen && tokens[index]?.kind === "newline"))
        return found;
      continue;
    }
    const alias = aliasAt(tokens, index + 1);
    found.push({ name: alias ?? member, module: `${module}.${member}` });
    if (alias !== undefined) index += 2;
  }
  return found;
}

/** `from os import *`: those of its functions that do something. */
function membersOf(module: string): readonly Import[] {
  return deedRows.python
    .flatMap(([, names]) => names.split(" "))
    .filter((name) => name.startsWith(`${module}.`))
    .map((name) => ({ name: name.slice(module.length + 1), module: name }));
}

/** `import fs, {rm as r} from "fs/promises"`, `import * as fs from "fs"` */
function readJavascript(tokens: readonly CodeToken[], at: number): readonly Import[] {
  if (symbolAt(tokens, at + 1) === "(") return [];
  const names: { readonly name: string; readonly member: string | undefined }[] = [];
  let isPart = false;
  for (let index = at + 1; index < Math.min(tokens.length, at + 200); index += 1) {
    if (symbolAt(tokens, index) === "{") isPart = true;
    if (symbolAt(tokens, index) === "}") isPart = false;
    const word = wordAt(tokens, index);
    if (word === "from") {
      const [piece] = tokens[index + 1]?.pieces ?? [];
      if (typeof piece !== "string") return [];
      const module = moduleName(piece);
      return names.map(({ name, member }) => ({
        name,
        module: member === undefined ? module : `${module}.${member}`,
      }));
    }
    if (word === undefined || word === "as") continue;
    const alias = aliasAt(tokens, index + 1);
    names.push({ name: alias ?? word, member: isPart && word !== "default" ? word : undefined });
    if (alias !== undefined) index += 2;
  }
  return [];
}

/** `node:fs/promises` is known as `fs.promises`; `@aws-sdk/client-s3` by its own name. */
export function moduleName(module: string): string {
  const name = module.replace(/^(node|npm|jsr):/, "").replace(/(?<=.)@[\^~]?\d.*$/, "");
  return name.startsWith("@") ? name : name.replaceAll("/", ".");
}
