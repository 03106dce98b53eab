import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { readForeignFile } from "../http/fetched.js";
import { resolvePath } from "../path.js";
import { inner, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { dialectOf } from "./dialect.js";

/** A program of the user's own that is a script: `./deploy.sh`. Other programs have nothing to read. */
export function readScript(call: Call, world: World, table: ReadonlyMap<string, Reader>): Reading {
  const [word, ...rest] = call.argv;
  const program = word === undefined || !isKnown(word) ? undefined : scriptPath(word, call, world);
  if (program === undefined) return nothing;
  const text = readText(call, world, program);
  const words = text === undefined ? undefined : findInterpreter(text);
  const [interpreter] = words ?? [];
  if (text === undefined) return readForeignFile(call, world, program);
  if (words === undefined || interpreter === undefined) return nothing;
  const name = interpreter.slice(interpreter.lastIndexOf("/") + 1);
  const shell = dialectOf(name);
  const via = program.slice(program.lastIndexOf("/") + 1);
  if (shell !== undefined)
    return inner({
      kind: "line",
      text,
      shell,
      via,
      args: call.argv,
      isFile: true,
      ...lineSight(call, world),
    });
  if (!table.has(name)) return nothing;
  // The kernel starts what stands behind "#!", by its path: `#!/bin/rm -rf`.
  const argv: readonly Arg[] = [...words, program, ...rest];
  return inner({ kind: "call", argv, via, sight: "never" });
}

/** `./deploy.sh`; `PATH=.:$PATH; echo … > ls; ls`: a file that the line puts on its own PATH. */
function scriptPath(name: string, call: Call, world: World): string | undefined {
  if (name.includes("/")) return name;
  if (world.isWritten === undefined || world.mayWrite?.(name) !== true) return undefined;
  const path = envGet(call.env, "PATH");
  if (path === undefined) return undefined;
  for (const folder of (isKnown(path) ? path : path.prefix).split(":")) {
    const file = resolvePath(call, world, `${folder === "" ? "." : folder}/${name}`);
    if (file !== undefined && isKnown(file) && world.isWritten(file)) return file;
  }
  return undefined;
}

/** `#!/bin/bash -e`, `#!/usr/bin/env bash`, `#!/usr/bin/env -S bash -e`: the program and its words. */
function findInterpreter(text: string): readonly string[] | undefined {
  const [, first = ""] = /^#![ \t]*([^\n]*)/.exec(text) ?? [];
  const words = first.split(/\s+/).filter((word) => word !== "");
  if (!/(^|\/)env$/.test(words[0] ?? "")) return words;
  const start = words.findIndex((word, at) => at > 0 && !/^(-S|\w+=.*)$/.test(word));
  return start < 0 ? undefined : words.slice(start).map((word) => word.replace(/^-S/, ""));
}
