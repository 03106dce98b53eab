import { type Arg, isKnown, unforeseenName, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { envFrom, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValues, readOptions, switches } from "../options.js";
import { joinPath, lastName, resolvePath } from "../path.js";
import { inner, nothing, type Reader } from "../reader.js";
import { lineSight, wrap } from "../sight.js";
import { dialectOf } from "./dialect.js";
import { flagWords, impliedLines } from "./make-words.js";
import { expandMake, parseMakefile, recipesFor } from "./makefile.js";

const options = declareOptions("anywhere", [
  ...switches("BbdeikmpqrRsStvwhlnj"),
  "-C --directory:",
  "-f --file --makefile:",
  "-I --include-dir:",
  "-o --assume-old --old-file:",
  "-W --assume-new --new-file --what-if:",
  "-E --eval:",
  "-n --just-print --recon --dry-run",
  "-q --question",
  "-t --touch",
  "-j --jobs::",
  "-l --load-average --max-load::",
  "-O --output-sync::",
  "--debug::",
  "--always-make",
  "--keep-going",
  "--silent --quiet",
  "--no-print-directory",
  "--version",
  "--help",
]);

const usualNames = ["GNUmakefile", "makefile", "Makefile"];

/**
 * What `make clean` will run, as far as the makefile is plain. No shim: it starts a shell for every line, and what that
 * starts meets the shims; this is so that the question comes before the first of them has run.
 */
export const make: Reader = {
  names: ["make", "gmake"],
  read(call, world) {
    const given = readOptions([...flagWords(call.env), ...call.argv.slice(1)], options);
    if (hasOption(given, "version", "help", "v", "h")) return nothing;
    const folder = optionValues(given, "directory").reduce<Call["cwd"]>(
      (cwd, word) => resolvePath({ cwd }, world, word) ?? cwd,
      call.cwd,
    );
    const there = { ...call, cwd: folder };
    const words = given.operands.filter(isKnown);
    const settings = words.filter((word) => word.includes("="));
    const text = [
      ...optionValues(given, "eval").filter(isKnown),
      ...makefiles(there, world, optionValues(given, "makefile")),
      // Read last, for they count more than what a file says.
      ...settings,
    ].join("\n");
    const file = parseMakefile(text);
    const variables = new Map([
      ["MAKE", "make"],
      ["RM", "rm -f"],
      ["CURDIR", isKnown(folder) ? folder : "."],
      ...file.variables,
    ]);
    const goals = words.filter((word) => !word.includes("="));
    const isDry = hasOption(given, "dry-run", "question", "touch", "n", "q", "t");
    const recipes = isDry ? [] : recipesFor({ ...file, variables }, goals);
    // `$(shell …)` outside recipes runs while the file is read, whatever is made, and even by `make -n`.
    const lines = [
      ...file.shell.map((line) => expandMake(line, variables)),
      ...(isDry ? [] : impliedLines(call.env, settings)),
    ];
    return inner(
      ...lines.map((line) => lineOf(line, folder, call, world)),
      ...recipes.flatMap((recipe) => startRecipe(recipe, variables, folder, call, world)),
    );
  },
};

/** Each by itself is another's text: a rule of one goes on in no other. */
function makefiles(call: Call, world: World, named: readonly Arg[]): readonly string[] {
  const own =
    named.length > 0
      ? named.map((one) => readMakefile(call, world, one))
      : [readMakefile(call, world, undefined)];
  const [more] = [envGet(call.env, "MAKEFILES")].filter((one) => one !== undefined && isKnown(one));
  const others = isKnown(more ?? "")
    ? String(more ?? "")
        .split(/\s+/)
        .map((one) => readText(call, world, one))
    : [];
  return [...others, ...own].flatMap((text) =>
    text === undefined ? [] : [withIncludes(text, call, world, 0)],
  );
}

const maxIncludes = 5;

/** `include FILE …`, as far as the names are plain. */
function withIncludes(text: string, call: Call, world: World, depth: number): string {
  if (depth > maxIncludes) return text;
  return text.replace(/^[ ]*[-s]?include[ \t]+([^\n$#*?]+)/gm, (whole, names: string) =>
    [
      whole,
      ...names
        .trim()
        .split(/\s+/)
        .map((name) => withIncludes(readText(call, world, name) ?? "", call, world, depth + 1)),
    ].join("\n"),
  );
}

function readMakefile(call: Call, world: World, named: Arg | undefined): string | undefined {
  if (named === "-") {
    const text = openInputs(call, world).readText("-");
    return isKnown(text) ? text : undefined;
  }
  if (named !== undefined) return readText(call, world, named);
  if (!isKnown(call.cwd)) return undefined;
  for (const name of usualNames) {
    const text = readText(call, world, joinPath(call.cwd, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** `SHELL=/bin/rm .SHELLFLAGS='-rf notes'`: any program may stand in the shell's place. */
function startRecipe(
  recipe: string,
  variables: ReadonlyMap<string, string>,
  cwd: Call["cwd"],
  call: Call,
  world: World,
): readonly Inner[] {
  const shell = expandMake(variables.get("SHELL") ?? "/bin/sh", variables);
  const [program = "", ...more] = shell.split(/\s+/);
  if (dialectOf(lastName(program) ?? "") !== undefined || program.includes("$"))
    return [lineOf(recipe, cwd, call, world)];
  const flags = expandMake(variables.get(".SHELLFLAGS") ?? "-c", variables).split(/\s+/);
  return wrap(call, world, [program, ...more, ...flags, plainRecipe(recipe)], "make SHELL", { cwd });
}

/** `@`, `-` and `+` in front are make's own: silent, never mind, always. */
function plainRecipe(recipe: string): string {
  return recipe.replace(/^[\s@+-]+/, "");
}

function lineOf(recipe: string, cwd: Call["cwd"], call: Call, world: World): Inner {
  const hidden = unknown(`$${unforeseenName}`, "only make knows it");
  return {
    kind: "line",
    text: plainRecipe(recipe),
    shell: "sh",
    via: "make",
    cwd,
    env: envFrom([[unforeseenName, hidden]], call.env),
    isFile: true,
    ...lineSight(call, world),
  };
}
