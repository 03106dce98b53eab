import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { joinPath, parentOf } from "../path.js";
import { inner, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { parseJson, textOf, type Value, valueAt } from "../value.js";

/** A script of a project that a package manager runs, with what is given to it. */
export interface PackageScript {
  readonly name: string;
  readonly words: readonly Arg[];
  /** Where the project is looked for; left out, from the call's folder upwards. */
  readonly folder?: Call["cwd"];
}

/**
 * The lines behind `npm run NAME`, `pre` and `post` included: read as a script's file is, for most of them run daily.
 * Undefined when there is no script of that name.
 */
export function readPackageScript(
  call: Call,
  world: World,
  via: string,
  script: PackageScript,
): Reading | undefined {
  const { name, words, folder = call.cwd } = script;
  const found = findScripts(folder, world, "package.json", "scripts");
  if (found === undefined) return undefined;
  const text = scriptOf(found.scripts, name);
  if (text === undefined) return undefined;
  const label = `${via} run ${name}`;
  // A script that calls itself would go on for ever.
  if (call.via.includes(label)) return inner();
  const texts = [
    scriptOf(found.scripts, `pre${name}`),
    withWords(text, words),
    scriptOf(found.scripts, `post${name}`),
  ];
  return inner(
    ...texts.flatMap((one) =>
      one === undefined ? [] : [lineOf(one, label, words, found.folder, call, world)],
    ),
  );
}

/** `deno task NAME` */
export function readDenoTask(
  call: Call,
  world: World,
  name: string,
  words: readonly Arg[],
): Reading | undefined {
  const found = findScripts(call.cwd, world, "deno.json", "tasks");
  const text = found === undefined ? undefined : scriptOf(found.scripts, name);
  if (found === undefined || text === undefined) return undefined;
  const label = `deno task ${name}`;
  if (call.via.includes(label)) return inner();
  return inner(lineOf(withWords(text, words), label, words, found.folder, call, world));
}

interface Scripts {
  readonly folder: string;
  readonly scripts: Value;
}

const maxLevels = 20;

function findScripts(from: Call["cwd"], world: World, file: string, field: string): Scripts | undefined {
  if (!isKnown(from)) return undefined;
  let folder = from;
  for (let level = 0; level < maxLevels; level += 1) {
    const text = readText({ cwd: folder }, world, joinPath(folder, file));
    const json = text === undefined ? undefined : parseJson(text);
    if (json !== undefined) {
      const scripts = json.ok ? valueAt(json.value, field) : undefined;
      return scripts === undefined ? undefined : { folder, scripts };
    }
    if (folder === "/") return undefined;
    folder = parentOf(folder);
  }
  return undefined;
}

function scriptOf(scripts: Value, name: string): string | undefined {
  const value = scripts.kind === "object" ? scripts.fields.get(name) : undefined;
  return textOf(value) ?? textOf(value === undefined ? undefined : valueAt(value, "command"));
}

function withWords(text: string, words: readonly Arg[]): string {
  return words.length === 0 ? text : `${text} "$@"`;
}

function lineOf(
  text: string,
  via: string,
  words: readonly Arg[],
  cwd: string,
  call: Call,
  world: World,
): Inner {
  return {
    kind: "line",
    text,
    shell: "sh",
    via,
    args: ["sh", ...words],
    cwd,
    isFile: true,
    ...lineSight(call, world),
  };
}
