import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import type { ApiTable } from "../http/api-table.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import { readCode } from "./reading.js";
import { originOf } from "./script-file.js";

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
      return join(
        extract(words, call, (archive, folder) => ["unzip", "-o", archive, "-d", folder]),
        pack(words, call),
      );
    case "tarfile":
      return join(
        extract(words, call, (archive, folder) => ["tar", "-xf", archive, "-C", folder]),
        pack(words, call),
      );
    // Their commands, whose shims nobody passes.
    case "httpie":
      return inner({ kind: "call", argv: ["http", ...words], via: "python -m httpie", sight: "never" });
    case "httpx":
      return inner({ kind: "call", argv: ["httpx", ...words], via: "python -m httpx", sight: "never" });
    case "timeit":
      return readTimed(words, call, world, apis);
    case "cProfile":
    case "profile":
      return join(readProfile(words, call, world), readStarted(words, call, world, apis));
    case "pdb":
      return join(readOrders(words, call, world, apis), readStarted(words, call, world, apis));
    case "trace":
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

/** `-c archive file …` writes the archive anew. */
function pack(words: readonly Arg[], call: Call): Reading {
  const at = words.findIndex((word) => word === "-c" || word === "--create");
  if (at < 0 || words[at + 1] === undefined) return nothing;
  const argv = ["tar", "-cf", ...words.slice(at + 1)];
  return inner({ kind: "call", argv, via: `${toolName(call)} -m`, sight: "never" });
}

/** `-m pdb -c 'import os; os.remove("x")' x.py`: orders, or statements of the language. */
function readOrders(words: readonly Arg[], call: Call, world: World, apis: ApiTable): Reading {
  const text = words.filter((word, at) => words[at - 1] === "-c" && isKnown(word)).join("\n");
  return readTimed([text], call, world, apis);
}

/** `-m cProfile -o out.prof x.py` */
function readProfile(words: readonly Arg[], call: Call, world: World): Reading {
  const files = words.filter((_, at) => words[at - 1] === "-o");
  return effects(
    ...readPaths(call, world, files, "overwrite", (path) => overwriting(toolName(call), path, world)),
  );
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
    { text, language: "python", words: words.slice(at + 1), file, origin: originOf(call, world, file) },
    call,
    world,
    apis,
  );
}
