import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import type { ApiTable } from "../http/api-table.js";
import { inner, nothing, type Reading } from "../reader.js";
import { readCode } from "./reading.js";

/** `python -m NAME …`, where the module does something of its own. Programs of a known name are read elsewhere. */
export function readModule(
  module: string,
  words: readonly Arg[],
  call: Call,
  world: World,
  apis: ApiTable,
): Reading {
  switch (module) {
    case "zipfile":
      return extract(words, call, (archive, folder) => ["unzip", "-o", archive, "-d", folder]);
    case "tarfile":
      return extract(words, call, (archive, folder) => ["tar", "-xf", archive, "-C", folder]);
    case "timeit":
      return readTimed(words, call, world, apis);
    case "cProfile":
    case "profile":
    case "trace":
    case "pdb":
    case "coverage":
    case "runpy":
      return readStarted(words, call, world, apis);
    default:
      return nothing;
  }
}

/** `-e archive folder` puts its files over those that are there. */
function extract(
  words: readonly Arg[],
  call: Call,
  argv: (archive: Arg, folder: Arg) => readonly Arg[],
): Reading {
  const at = words.findIndex((word) => word === "-e" || word === "--extract");
  const [archive, folder] = words.slice(at + 1);
  if (at < 0 || archive === undefined) return nothing;
  const started: Inner = {
    kind: "call",
    argv: argv(archive, folder ?? "."),
    via: `${toolName(call)} -m`,
    sight: "never",
  };
  return inner(started);
}

/** `-m timeit -s "import os" "os.remove('x')"` */
function readTimed(words: readonly Arg[], call: Call, world: World, apis: ApiTable): Reading {
  const texts = words.filter(isKnown).filter((word) => !word.startsWith("-") && !/^\d+$/.test(word));
  const text = texts.join("\n");
  return text === ""
    ? nothing
    : readCode({ text, language: "python", words: [], file: undefined, origin: "line" }, call, world, apis);
}

/** Modules that run a script: `-m cProfile -o out x.py a b`. */
function readStarted(words: readonly Arg[], call: Call, world: World, apis: ApiTable): Reading {
  const at = words.findIndex((word) => isKnown(word) && /\.py$/.test(word));
  const file = words[at];
  const text = file === undefined ? undefined : readText(call, world, file);
  if (file === undefined || text === undefined) return nothing;
  return readCode(
    { text, language: "python", words: words.slice(at + 1), file, origin: "file" },
    call,
    world,
    apis,
  );
}
