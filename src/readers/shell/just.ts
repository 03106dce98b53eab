import { type Arg, isKnown, unforeseenName, unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { declareOptions, hasOption, optionValue, readOptions } from "../options.js";
import { joinPath, parentOf, resolvePath } from "../path.js";
import { inner, nothing, type Reader } from "../reader.js";
import { lineSight } from "../sight.js";

const options = declareOptions("first", [
  "-f --justfile:",
  "-d --working-directory:",
  "--dotenv-path:",
  "--dotenv-filename:",
  "--shell:",
  "--shell-arg:",
  "--set:",
  "-n --dry-run",
  "-l --list",
  "-s --show:",
  "-q --quiet",
  "-v --verbose",
  "--yes",
  "--summary",
  "--dump",
  "--evaluate",
  "--choose",
  "--fmt",
  "--init",
  "--version",
  "--help",
]);

/** The recipes of a justfile that a call would run, as far as they are plain. No shim, as `make` has none. */
export const just: Reader = {
  names: ["just"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const quiet = [
      "dry-run",
      "list",
      "show",
      "summary",
      "dump",
      "evaluate",
      "fmt",
      "init",
      "version",
      "help",
    ];
    if (hasOption(given, ...quiet)) return nothing;
    const file = findJustfile(call, world, optionValue(given, "justfile"));
    if (file === undefined) return nothing;
    const recipes = parseJustfile(file.text);
    const words = given.operands.filter(isKnown).filter((word) => !/^\w+=/.test(word));
    const chosen = words.filter((word) => recipes.has(word));
    const [first] = recipes.keys();
    const goals = words.length === 0 && first !== undefined ? [first] : chosen;
    return inner(
      ...goals.flatMap((goal) => linesOf(goal, recipes, new Set(), { call, world, folder: file.folder })),
    );
  },
};

interface Recipe {
  readonly needs: readonly string[];
  readonly lines: readonly string[];
}

/** `name parameters: needs`, then the lines that are indented below it. */
function parseJustfile(text: string): ReadonlyMap<string, Recipe> {
  const recipes = new Map<string, { needs: readonly string[]; lines: string[] }>();
  let open: { needs: readonly string[]; lines: string[] } | undefined;
  for (const line of text.replace(/\\\n\s*/g, " ").split("\n")) {
    if (/^\s+\S/.test(line)) {
      open?.lines.push(line.trim());
      continue;
    }
    const [, name, needs = ""] = /^@?([A-Za-z_][\w-]*)(?:\s+[^:]*)?:(?!=)(.*)$/.exec(line) ?? [];
    if (line.trim() !== "" && !line.startsWith("#")) open = undefined;
    if (name === undefined) continue;
    open = {
      needs: [...needs.replace(/#.*$/, "").matchAll(/\(?([A-Za-z_][\w-]*)[^()&]*\)?/g)].map(
        ([, one = ""]) => one,
      ),
      lines: [],
    };
    recipes.set(name, open);
  }
  return recipes;
}

interface Scene {
  readonly call: Call;
  readonly world: World;
  readonly folder: string;
}

function linesOf(
  name: string,
  recipes: ReadonlyMap<string, Recipe>,
  seen: Set<string>,
  scene: Scene,
): readonly Inner[] {
  const recipe = recipes.get(name);
  if (recipe === undefined || seen.has(name)) return [];
  seen.add(name);
  const isScript = recipe.lines[0]?.startsWith("#!") === true;
  const isShell = isScript && /\b(ba|z|da|k)?sh\b/.test(recipe.lines[0] ?? "");
  const texts = isScript ? (isShell ? [recipe.lines.slice(1).join("\n")] : []) : recipe.lines;
  return [
    ...recipe.needs.flatMap((need) => linesOf(need, recipes, seen, scene)),
    ...texts.map((text) => lineOf(text, scene)),
  ];
}

/** `{{expression}}` is just's own: a word that cannot be foreseen. */
function lineOf(text: string, { call, world, folder }: Scene): Inner {
  const hidden = unknown("{{…}}", "only just knows it");
  return {
    kind: "line",
    text: text.replace(/^[@-]+/, "").replace(/\{\{[^}]*\}\}/g, `\${${unforeseenName}}`),
    shell: "sh",
    via: "just",
    cwd: folder,
    env: envFrom([[unforeseenName, hidden]], call.env),
    isFile: true,
    ...lineSight(call, world),
  };
}

/** In the folder, or the nearest above it that has one. */
function findJustfile(
  call: Call,
  world: World,
  named: Arg | undefined,
): { readonly text: string; readonly folder: string } | undefined {
  if (named !== undefined) {
    const path = resolvePath(call, world, named);
    const text = readText(call, world, named);
    return path === undefined || !isKnown(path) || text === undefined
      ? undefined
      : { text, folder: parentOf(path) };
  }
  if (!isKnown(call.cwd)) return undefined;
  for (let folder = call.cwd; ; folder = parentOf(folder)) {
    for (const name of ["justfile", "Justfile", ".justfile"]) {
      const text = readText(call, world, joinPath(folder, name));
      if (text !== undefined) return { text, folder };
    }
    if (folder === "/") return undefined;
  }
}
