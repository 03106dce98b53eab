import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { joinPath, resolvePath } from "../path.js";
import type { LanguageName } from "./syntax.js";

/** Code that runs before an interpreter comes to its own. */
export interface Preloads {
  readonly texts: readonly string[];
  readonly files: readonly string[];
}

/**
 * What a variable or an option has an interpreter run first: `LUA_INIT`, `PERL5DB`, `RUBYOPT=-r./x`, `NODE_OPTIONS=--require=./x.js`,
 * `PYTHONSTARTUP`, a `sitecustomize.py` on `PYTHONPATH`, `php -d auto_prepend_file=x`. Of modules only those that lie where a path leads.
 */
export function preloadsOf(
  language: LanguageName,
  call: Call,
  world: World,
  isInteractive: boolean,
): Preloads {
  const found = kinds[language]?.(call, world, isInteractive) ?? {};
  const files = (found.files ?? []).flatMap((name) => {
    const path = resolvePath(call, world, name);
    return path !== undefined && isKnown(path) && isFile(path, world) ? [path] : [];
  });
  return { texts: found.texts ?? [], files };
}

type Found = { readonly texts?: readonly string[]; readonly files?: readonly string[] };
type Find = (call: Call, world: World, isInteractive: boolean) => Found;

const kinds: Partial<Readonly<Record<LanguageName, Find>>> = {
  lua: (call) => {
    // The name with the version counts before the plain one.
    const names = ["LUA_INIT_5_4", "LUA_INIT_5_3", "LUA_INIT_5_2", "LUA_INIT"];
    const [init] = names.flatMap((name) => settingOf(call, name));
    if (init === undefined || call.argv.includes("-E")) return {};
    return init.startsWith("@") ? { files: [init.slice(1)] } : { texts: [init] };
  },
  perl: (call) => {
    const options = [...call.argv.slice(1), ...wordsIn(call, "PERL5OPT")].filter(isKnown);
    const debugs = options.some((word) => /^-d(t?$|t?:)/.test(word));
    const folders = [
      ...foldersIn(call, "PERL5LIB"),
      ...options.flatMap((word) => /^-I(.+)$/s.exec(word)?.[1] ?? []),
    ];
    const modules = options.flatMap((word) => /^-[mM]-?([\w:]+)/.exec(word)?.[1] ?? []);
    return {
      texts: debugs ? settingOf(call, "PERL5DB") : [],
      files: below(
        folders,
        modules.map((name) => `${name.replaceAll("::", "/")}.pm`),
      ),
    };
  },
  ruby: (call) => {
    const names = required([...call.argv.slice(1), ...wordsIn(call, "RUBYOPT")], /^-r(.*)$/s, [
      "-r",
      "--require",
    ]);
    const folders = foldersIn(call, "RUBYLIB");
    return { files: names.flatMap((name) => withEnding(name, ".rb", folders)) };
  },
  javascript: (call) => {
    const own = /^(node|bun|tsx|ts-node)/.test(toolName(call)) ? call.argv.slice(1) : [];
    const words = [...untilFile(own), ...wordsIn(call, "NODE_OPTIONS")];
    const options = ["-r", "--require", "--import", "--loader", "--experimental-loader", "--preload"];
    const names = required(words, /^--(?:require|import|loader|experimental-loader|preload)=(.*)$/s, options);
    return {
      texts: names.flatMap((name) => dataText(name) ?? []),
      files: names.flatMap((name) => withEnding(name.replace(/^file:\/\//, ""), ".js", [])),
    };
  },
  python: (call, _world, isInteractive) => {
    const options = call.argv.slice(1).filter(isKnown);
    const ignores = options.some((word) => /^-[a-zA-Z]*[EI]/.test(word));
    if (ignores) return {};
    const site = options.some((word) => /^-[a-zA-Z]*S/.test(word))
      ? []
      : ["sitecustomize.py", "usercustomize.py"];
    const startup = isInteractive ? settingOf(call, "PYTHONSTARTUP") : [];
    return { files: [...below(foldersIn(call, "PYTHONPATH"), site), ...startup] };
  },
  php: (call) => ({
    files: call.argv.flatMap(
      (word) => (isKnown(word) && /auto_(?:pre|ap)pend_file=(.+)$/s.exec(word)?.[1]) || [],
    ),
  }),
  r: (call) => ({ files: settingOf(call, "R_PROFILE_USER") }),
};

function settingOf(call: Call, name: string): readonly string[] {
  const value = envGet(call.env, name);
  return value !== undefined && isKnown(value) && value !== "" ? [value] : [];
}

function wordsIn(call: Call, name: string): readonly string[] {
  return settingOf(call, name).flatMap((text) =>
    [...text.matchAll(/(?:"(?:\\.|[^"\\])*"|\\.|[^\s"\\])+/gs)].map(([word]) =>
      word.replace(/"((?:\\.|[^"\\])*)"/gs, (_, inside: string) => inside.replace(/\\(.)/gs, "$1")),
    ),
  );
}

/** The folders of a variable like PATH. */
export function foldersIn(call: Call, name: string): readonly string[] {
  return settingOf(call, name).flatMap((text) => text.split(":").map((one) => (one === "" ? "." : one)));
}

/** Options end with the script: what stands behind it is for that. */
function untilFile(words: readonly Arg[]): readonly Arg[] {
  const end = words.findIndex(
    (word, at) => isKnown(word) && !word.startsWith("-") && !takesWord(words[at - 1]),
  );
  return end < 0 ? words : words.slice(0, end);
}

function takesWord(word: Arg | undefined): boolean {
  return (
    word !== undefined &&
    isKnown(word) &&
    /^(-[rCep]|--(require|import|loader|experimental-loader|preload|eval|print|conditions|env-file|input-type))$/.test(
      word,
    )
  );
}

/** The values of options that load something: attached, or the word behind. */
function required(words: readonly Arg[], attached: RegExp, options: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (!isKnown(word)) return [];
    const next = words[at + 1];
    if (options.includes(word)) return next !== undefined && isKnown(next) ? [next] : [];
    return attached.exec(word)?.[1] || [];
  });
}

function below(folders: readonly string[], names: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => names.map((name) => joinPath(folder, name)));
}

/** A path as it is or with its ending left out; a bare name is a module, sought in folders. */
function withEnding(name: string, ending: string, folders: readonly string[]): readonly string[] {
  const both = [name, `${name}${ending}`];
  return /^\.{0,2}\//.test(name) ? both : below(folders, both);
}

/** `--import 'data:text/javascript,…'` */
function dataText(name: string): string | undefined {
  const [, base64, text = ""] =
    /^data:text\/javascript(?:;charset=[\w-]+)?(;base64)?,(.*)$/s.exec(name) ?? [];
  if (text === "") return undefined;
  if (base64 !== undefined) return Buffer.from(text, "base64").toString();
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the line writes itself counts, too. */
function isFile(path: string, world: World): boolean {
  return world.readFile(path, 1).ok;
}
