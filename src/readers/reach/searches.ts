import {
  fitsName,
  fitsPath,
  foldersNamed,
  type Given,
  has,
  isFile,
  isHidden,
  isIgnored,
  operands,
  valuesOf,
  type Whole,
} from "./given.js";

export function grep({ call, world, name, words }: Given): readonly Whole[] {
  const isDeep =
    name === "rgrep" ||
    name === "ack" ||
    has(words, /^(-(?!-)[a-zA-Z]*[rR][a-zA-Z]*|--(dereference-)?recursive|--directories=recurse)$/) ||
    valuesOf(words, /^(-d)$/).includes("recurse");
  if (!isDeep) return [];
  const files = [...valuesOf(words, /^(--exclude|--ignore-file)$/)];
  const folders = [...valuesOf(words, /^(--exclude-dir|--ignore-dir|--ignore-directory)$/)];
  const only = valuesOf(words, /^--include$/);
  return foldersNamed(call, world, operands({ call, world, name, words }), true).map((folder) => ({
    folder,
    skips: (path) =>
      fitsName(files, path) ||
      fitsName(folders, path) ||
      (only.length > 0 && isFile(path, world) && !fitsName(only, path)),
  }));
}

/** ripgrep and ag pass over what is hidden and what git ignores, unless they are told not to. */
export function search({ call, world, name, words }: Given): readonly Whole[] {
  if (has(words, /^(--files|--type-list|--version|--help|-V)$/)) return [];
  const paths = operands({ call, world, name, words });
  // With a pipe in front, that is what is searched.
  if (paths.length === 0 && call.stdin.kind !== "none" && call.stdin.kind !== "terminal") return [];
  const level = words
    .filter((word) => /^-[a-zA-Z]*u/.test(word))
    .reduce((sum, word) => sum + word.split("u").length - 1, 0);
  const isAg = name === "ag";
  const showsHidden =
    has(words, /^(--hidden|-\.)$/) || level >= (isAg ? 1 : 2) || (isAg && has(words, /^-a$/));
  const showsIgnored =
    has(words, /^(--no-ignore(-vcs)?|--skip-vcs-ignores)$/) || level >= 1 || (isAg && has(words, /^-[aU]$/));
  const globs = valuesOf(words, /^(-g|--glob|--iglob)$/);
  const out = [
    ...globs.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1)),
    ...valuesOf(words, /^--ignore(-dir)?$/),
  ];
  const only = [...globs.filter((glob) => !glob.startsWith("!")), ...typesOf(words)];
  return foldersNamed(call, world, paths, true).map((folder) => ({
    folder,
    skips: (path) =>
      (!showsHidden && isHidden(path)) ||
      fitsPath(out, path, folder) ||
      (only.length > 0 && isFile(path, world) && !fitsPath(only, path, folder)) ||
      (!showsIgnored && isIgnored(path, world)),
  }));
}

/** `rg -t ts`: the kinds that agents ask for most. Another one leaves nothing out. */
function typesOf(words: readonly string[]): readonly string[] {
  const types = [
    ...valuesOf(words, /^(-t|--type)$/),
    ...words.flatMap((word) => /^-t(\w+)$/.exec(word)?.[1] ?? []),
  ];
  const endings = types.map((type) => extensions[type]);
  return endings.includes(undefined)
    ? []
    : endings.flatMap((one) => (one ?? "").split(" ").map((ending) => `*.${ending}`));
}

const extensions: Readonly<Record<string, string>> = {
  ts: "ts tsx mts cts",
  typescript: "ts tsx mts cts",
  js: "js jsx mjs cjs vue",
  py: "py pyi",
  rust: "rs",
  go: "go",
  java: "java",
  c: "c h",
  cpp: "cpp cc cxx hpp hh h",
  ruby: "rb rake gemspec",
  php: "php",
  md: "md mdx markdown",
  css: "css scss",
  html: "html htm",
  json: "json",
  swift: "swift",
  kotlin: "kt kts",
  cs: "cs",
  sh: "sh bash zsh",
  sql: "sql",
};
