import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { joinPath, resolvePath } from "../path.js";
import { foldersIn } from "./preloads.js";
import type { Code } from "./reading.js";
import { originOf } from "./script-file.js";
import type { LanguageName } from "./syntax.js";

/**
 * Absolute paths of modules that the session made and that a text loads: `json.py` beside a script that imports json takes the
 * place of Python's own. Older ones are a project's, and loaded every day.
 */
export function importedFiles({ text, language, file }: Code, call: Call, world: World): readonly string[] {
  const kind = kinds[language];
  if (kind === undefined || !kind.hint.test(text)) return [];
  const path = file === undefined ? undefined : resolvePath(call, world, file);
  if (path !== undefined && !isKnown(path)) return [];
  const own = path?.replace(/\/[^/]*$/, "") ?? ".";
  const names = [...text.matchAll(kind.pattern)].slice(0, mostNames);
  const files = names.flatMap((match) => kind.find(match, own, call));
  return [...new Set(files)].flatMap((name) => {
    const found = resolvePath(call, world, name);
    if (found === undefined || !isKnown(found) || originOf(call, world, found) !== "made") return [];
    return world.readFile(found, 1).ok ? [found] : [];
  });
}

interface Kind {
  /** Nearly all texts without it load nothing. */
  readonly hint: RegExp;
  readonly pattern: RegExp;
  /** Where it would be, from the folder of the text itself. */
  readonly find: (match: RegExpMatchArray, own: string, call: Call) => readonly string[];
}

const kinds: Partial<Readonly<Record<LanguageName, Kind>>> = {
  python: {
    hint: /\bimport\b/,
    pattern:
      /(?:^|[;:])[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+([\w.]+)[ \t]+import[ \t]+\(?([\w, \t]*))/gm,
    find: ([, plain, from, parts = ""], own, call) => {
      const options = call.argv.slice(1).filter(isKnown);
      if (options.some((word) => /^-[a-zA-Z]*I/.test(word))) return [];
      const folders = [own, ...foldersIn(call, "PYTHONPATH")];
      if (plain !== undefined) return namesIn(plain).flatMap((name) => pythonFiles(folders, name));
      if (from === undefined) return [];
      const base = from.replace(/^\.+/, "");
      const dotted = namesIn(parts).map((name) => (base === "" ? name : `${base}.${name}`));
      const above = "/..".repeat(
        Math.max(0, /^\.*/.exec(from)?.[0].length ?? 0) - (from.startsWith(".") ? 1 : 0),
      );
      return [base, ...dotted].flatMap((name) =>
        pythonFiles(
          folders.map((folder) => folder + above),
          name,
        ),
      );
    },
  },
  javascript: {
    hint: /\b(?:require|import|from)\b/,
    pattern: /\b(?:require|import|from)\s*\(?\s*(["'`])([^"'`\n]{1,500})\1/g,
    find: ([, , name = ""], own, call) =>
      /^\.{0,2}\//.test(name)
        ? nodeFiles(name.startsWith("/") ? name : joinPath(own, name))
        : foldersIn(call, "NODE_PATH").flatMap((folder) => nodeFiles(joinPath(folder, name))),
  },
  ruby: {
    hint: /\b(?:require|require_relative|load)\b/,
    pattern: /\b(require|require_relative|load)\s*\(?\s*(["'])([^"'\n]{1,500})\2/g,
    find: ([, how, , name = ""], own, call) => {
      const folders =
        how === "require_relative" ? [own] : [".", ...optionFolders(call), ...foldersIn(call, "RUBYLIB")];
      return withEnding(how === "require" && !name.startsWith(".") ? folders.slice(1) : folders, name, ".rb");
    },
  },
  perl: {
    hint: /\b(?:use|require|do)\b/,
    pattern: /\b(?:(?:use|require)\s+([A-Za-z][\w:]*)|(?:require|do)\s*\(?\s*["']([^"'\n]{1,500})["'])/g,
    find: ([, module, file], own, call) => {
      const folders = [...optionFolders(call), ...foldersIn(call, "PERL5LIB")];
      if (module !== undefined) return withEnding(folders, module.replaceAll("::", "/"), ".pm");
      return file === undefined ? [] : [file, joinPath(own, file)];
    },
  },
  php: {
    hint: /\b(?:include|require)/,
    pattern: /\b(?:include|require)(?:_once)?\s*\(?\s*(?:__DIR__\s*\.\s*)?["']([^"'\n]{1,500})["']/g,
    find: ([, name = ""], own) => (name.startsWith("/") ? [name, own + name] : [name, joinPath(own, name)]),
  },
  lua: {
    hint: /\b(?:require|dofile)\b/,
    pattern: /\b(require|dofile)\s*\(?\s*["']([^"'\n]{1,500})["']/g,
    find: ([, how, name = ""]) => (how === "dofile" ? [name] : [`${name.replaceAll(".", "/")}.lua`]),
  },
};

const mostNames = 200;

/** `a.b as c, d` */
function namesIn(text: string): readonly string[] {
  return text.split(",").flatMap((one) => /^\s*([\w.]+)/.exec(one)?.[1] ?? []);
}

/** Of `a.b` also what loads `a`. */
function pythonFiles(folders: readonly string[], name: string): readonly string[] {
  const parts = name.split(".").filter((part) => part !== "");
  return folders.flatMap((folder) =>
    parts.flatMap((_, at) => {
      const path = joinPath(folder, parts.slice(0, at + 1).join("/"));
      return [`${path}.py`, `${path}/__init__.py`];
    }),
  );
}

function nodeFiles(path: string): readonly string[] {
  return ["", ".js", ".cjs", ".mjs", ".ts", "/index.js"].map((ending) => path + ending);
}

function withEnding(folders: readonly string[], name: string, ending: string): readonly string[] {
  if (name.startsWith("/")) return [name, name + ending];
  return folders.flatMap((folder) => [joinPath(folder, name), joinPath(folder, name + ending)]);
}

/** `-I lib`, `-Ilib` */
function optionFolders({ argv }: Call): readonly string[] {
  return argv.flatMap((word, at) => {
    if (!isKnown(word) || !word.startsWith("-I")) return [];
    const next = word === "-I" ? (argv[at + 1] ?? "") : word.slice(2);
    return isKnown(next) ? [next] : [];
  });
}
