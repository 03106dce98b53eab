import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";
import type { Whole } from "./given.js";
import { literalsOf } from "./literals.js";
import { listers, lookers } from "./looks.js";
import { readWholes } from "./wholes.js";
import { namedIn, wordsOf } from "./words.js";

/** What a call may read, as far as its words tell. */
export interface Reads {
  /** Absolute, as written: no link is resolved, and not each of them is there. */
  readonly files: readonly string[];
  /** Folders that it reads with all that lies in them. */
  readonly wholes: readonly Whole[];
}

/** The files that a call names, but where the program only prints its words or lists names. Runs for each call: looks at little. */
export function readsOf(call: Call, world: World): Reads {
  const tool = toolName(call);
  const words: Arg[] = [];
  for (const { operator, target } of call.redirects)
    if (operator === "<" || operator === "<>") words.push(target);
  if (call.stdin.kind === "file") words.push(call.stdin.path);
  if (lookers.has(tool)) return { files: pathsOf(words, call, world), wholes: [] };
  if (!listers.has(tool)) {
    for (const word of wordsOf(call, []).slice(0, mostWords)) words.push(...namedIn(word, tool));
    words.push(...headerFiles(call), ...literalsOf(call, world));
  }
  // `find` lists, and hands what it finds to programs that read.
  return { files: pathsOf(words, call, world), wholes: readWholes(call, world) };
}

/** `xargs cat` with a thousand names: the first few tell. */
const mostWords = 200;

/** `curl -H @file`: else what stands behind `-H` is a text. */
function headerFiles({ argv }: Call): readonly string[] {
  return argv.flatMap((word) => (isKnown(word) ? (/^(?:-H|--header=)?@(.+)$/s.exec(word)?.[1] ?? []) : []));
}

function pathsOf(words: readonly Arg[], call: Call, world: World): readonly string[] {
  return words.flatMap((word) => {
    if (!isKnown(word)) return [];
    const text = word.startsWith("~/") ? world.user.home + word.slice(1) : word;
    const path = resolvePath(call, world, text);
    return path !== undefined && isKnown(path) ? [path] : [];
  });
}
