import { type Arg, isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { toolName } from "./file-effects.js";
import { inner, join, nothing, type Reader, type Reading } from "./reader.js";

/**
 * An interpreter that is given a program of a known name: `php artisan migrate:fresh`, `python -m alembic`,
 * `ruby bin/rails`, `node node_modules/.bin/prisma`.
 */
export function withPrograms(reader: Reader, known: ReadonlySet<string>): Reader {
  return {
    names: reader.names,
    read: (call, world) => join(reader.read(call, world), readProgram(call, known)),
  };
}

function readProgram(call: Call, known: ReadonlySet<string>): Reading {
  const via = toolName(call);
  const at = findScript(call.argv, via);
  const script = call.argv[at];
  if (script === undefined || !isKnown(script)) return nothing;
  const name = namesOf(script, call.argv[at - 1] === "-m").find((one) => known.has(one));
  if (name === undefined) return nothing;
  // By its bare name: the file is the interpreter's to read, and no shim sees it.
  return inner({ kind: "call", argv: [name, ...call.argv.slice(at + 1)], via, sight: "never" });
}

/** Options in front of the script: those that a word follows, and those with which there is none. */
const pythonOptions = { valued: /^-[WX]$/, code: /^-[a-zA-Z]*c/ };
const otherOptions = {
  valued:
    /^(-[CIrd]|--require|--import|--loader|--experimental-loader|--env-file|--conditions|--config|--preload)$/,
  code: /^-(-?eval|-?print|[a-zA-Z]*[eE]|p)$/,
};

function findScript(words: readonly Arg[], interpreter: string): number {
  const { valued, code } = /^(python|pypy)/.test(interpreter) ? pythonOptions : otherOptions;
  let at = 1;
  // `bun x prisma`, `deno run -A npm:prisma`
  if (/^(bun|deno)$/.test(interpreter) && /^(x|run|task)$/.test(textOf(words[1]))) at += 1;
  for (; at < words.length; at += 1) {
    const text = textOf(words[at]);
    if (code.test(text)) return words.length;
    if (!text.startsWith("-")) return at;
    if (valued.test(text)) at += 1;
  }
  return at;
}

/** `bin/rails`, `vendor/bin/doctrine.php`, `node_modules/typeorm/cli.js`, `npm:prisma@6`, `flask.cli`. */
function namesOf(script: string, isModule: boolean): readonly string[] {
  if (isModule) return [script, script.split(".")[0] ?? ""];
  const [, pack] = /(?:^|\/)node_modules\/(?:@[^/]+\/)?([^/.][^/]*)\//.exec(script) ?? [];
  const base = script.slice(script.lastIndexOf("/") + 1).replace(/^npm:/, "");
  return [base, base.replace(/\.(php|phar)$|(?<=^ace)\.js$|@.*$/, ""), ...(pack === undefined ? [] : [pack])];
}

function textOf(word: Arg | undefined): string {
  return word === undefined ? "" : isKnown(word) ? word : word.prefix;
}
