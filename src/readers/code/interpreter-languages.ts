import { versions } from "./interpreter-names.js";
import type { LanguageName } from "./syntax.js";

/** A program that runs code of a language: how it is given that, and which words come in between. */
export interface Interpreter {
  readonly names: readonly string[];
  readonly language: LanguageName;
  /** Options whose value is code, by their letters in a cluster and by their long names. */
  readonly code: { readonly letters: string; readonly words: readonly string[] };
  /** Letters and long names that take another word. */
  readonly valued: { readonly letters: string; readonly words: readonly string[] };
  /** Letters that take the rest of their own word. */
  readonly attached: string;
  /** Letters and words with which it only shows or checks something. */
  readonly shows: RegExp;
  /** Words in front of the file: `deno run`. */
  readonly verbs: readonly string[];
  /** Words in front of the code: `deno eval`. */
  readonly codeVerbs: readonly string[];
  /** The code ends the options: what follows are its arguments. */
  readonly ends: boolean;
  /** Without code or a file it reads what comes on standard input. */
  readonly readsInput: boolean;
  /** `-i`: it edits the files that it is given. */
  readonly edits: boolean;
}

const base = {
  attached: "",
  valued: { letters: "", words: [] },
  shows: /^(--version|--help|-h)$/,
  verbs: [],
  codeVerbs: [],
  ends: false,
  readsInput: true,
  edits: false,
} as const;

const node = [
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "--conditions",
  "--env-file",
  "--input-type",
];
export const interpreterList: readonly Interpreter[] = [
  {
    ...base,
    names: [...versions.python, ...versions.pypy],
    language: "python",
    code: { letters: "c", words: [] },
    valued: { letters: "WX", words: ["--check-hash-based-pycs"] },
    attached: "WX",
    shows: /^(--version|--help|-h|-V|-VV)$/,
    ends: true,
  },
  {
    ...base,
    names: ["ipython", "ipython3"],
    language: "python",
    code: { letters: "c", words: ["--command"] },
    readsInput: false,
  },
  {
    ...base,
    names: [
      ...versions.node,
      "tsx",
      "ts-node",
      "ts-node-esm",
      "ts-node-script",
      "ts-node-transpile-only",
      "swc-node",
      "esno",
    ],
    language: "javascript",
    code: { letters: "ep", words: ["--eval", "--print"] },
    valued: { letters: "rC", words: node },
    shows: /^(--version|--help|-h|-v|-c|--check|--test|--v8-options|--completion-bash)$/,
  },
  {
    ...base,
    names: ["bun"],
    language: "javascript",
    code: { letters: "ep", words: ["--eval", "--print"] },
    valued: { letters: "rc", words: ["--preload", "--config", "--cwd", "--env-file"] },
    verbs: ["run"],
    readsInput: false,
  },
  {
    ...base,
    names: ["deno"],
    language: "javascript",
    code: { letters: "", words: [] },
    valued: { letters: "cL", words: ["--config", "--import-map", "--lock", "--env-file", "--ext"] },
    verbs: ["run"],
    codeVerbs: ["eval"],
    readsInput: false,
  },
  {
    ...base,
    names: versions.ruby,
    language: "ruby",
    code: { letters: "e", words: [] },
    valued: { letters: "CIrE", words: ["--require"] },
    attached: "CIrEFKTWx0i",
    shows: /^(--version|--help|-h|-v|-c|--copyright)$/,
    edits: true,
  },
  {
    ...base,
    names: versions.perl,
    language: "perl",
    code: { letters: "eE", words: [] },
    valued: { letters: "I", words: [] },
    attached: "IMmFCDxi0lV",
    shows: /^(--version|--help|-h|-v|-c|-V.*)$/,
    edits: true,
  },
  {
    ...base,
    names: versions.php,
    language: "php",
    code: { letters: "rRBE", words: ["--run"] },
    valued: { letters: "dcSt", words: ["--define"] },
    attached: "dcSt",
    shows: /^(--version|--help|-h|-v|-l|-i|-m|--ini|--rf|--rc|-S)$/,
  },
  {
    ...base,
    names: versions.lua,
    language: "lua",
    code: { letters: "e", words: [] },
    valued: { letters: "l", words: [] },
    attached: "l",
    shows: /^-v$/,
  },
  {
    ...base,
    names: ["Rscript", "R"],
    language: "r",
    code: { letters: "e", words: [] },
    valued: { letters: "f", words: [] },
    readsInput: false,
  },
  {
    ...base,
    names: ["julia"],
    language: "julia",
    code: { letters: "eE", words: ["--eval", "--print"] },
    valued: { letters: "ptJL", words: ["--sysimage", "--load"] },
    attached: "ptJOgH",
    readsInput: false,
  },
  {
    ...base,
    names: ["elixir", "iex"],
    language: "elixir",
    code: { letters: "e", words: ["--eval", "--rpc-eval"] },
    valued: { letters: "rS", words: ["--sname", "--name", "--cookie", "--erl"] },
    readsInput: false,
  },
  {
    ...base,
    names: ["groovy"],
    language: "groovy",
    code: { letters: "e", words: [] },
    valued: { letters: "", words: ["-cp", "-classpath", "--classpath"] },
    readsInput: false,
  },
  {
    ...base,
    names: ["scala", "kotlin", "kotlinc", "amm"],
    language: "groovy",
    code: { letters: "ec", words: ["-expression", "--expression", "--code"] },
    valued: { letters: "", words: ["-cp", "-classpath", "--classpath", "-J"] },
    shows: /^(--version|--help|-version|-help|-h)$/,
    readsInput: false,
  },
  { ...base, names: ["jshell"], language: "groovy", code: { letters: "", words: [] } },
  {
    ...base,
    names: ["raku", "rakudo", "perl6"],
    language: "perl",
    code: { letters: "e", words: [] },
    valued: { letters: "IM", words: [] },
    attached: "IM",
  },
  {
    ...base,
    names: ["crystal"],
    language: "ruby",
    code: { letters: "", words: [] },
    verbs: ["run"],
    codeVerbs: ["eval"],
    readsInput: false,
  },
  {
    ...base,
    names: ["erl"],
    language: "erlang",
    code: { letters: "", words: ["-eval"] },
    valued: { letters: "", words: ["-pa", "-pz", "-name", "-sname", "-setcookie", "-config", "-s", "-run"] },
    readsInput: false,
  },
  {
    ...base,
    names: ["ghc", "runghc", "runhaskell", "ocaml", "utop"],
    language: "ml",
    code: { letters: "e", words: [] },
    valued: { letters: "IX", words: [] },
    attached: "IX",
    readsInput: false,
  },
  {
    ...base,
    names: ["octave", "octave-cli", "matlab"],
    language: "octave",
    code: { letters: "r", words: ["--eval", "-batch"] },
    valued: { letters: "", words: ["--path", "-p", "-sd"] },
    readsInput: false,
  },
  { ...base, names: ["swift"], language: "swift", code: { letters: "e", words: [] }, readsInput: false },
];
