import { type Arg, isKnown, type Unknown } from "../model/arg.js";
import type { Stdin } from "../model/call.js";
import { type Env, envGet } from "../model/env.js";
import { shaped, shapeText } from "./shape.js";

/** What each line of a command's output is like, where its text is not known: names of files, a word without a slash. */
export function shapeOutput(argv: readonly Arg[], stdin: Stdin, env: Env): Unknown | undefined {
  const [name = "", ...args] = argv;
  if (!isKnown(name)) return undefined;
  const tool = name.replace(/^\/(usr\/)?bin\//, "");
  const words = args.filter(isKnown);
  const isPlain = words.length === args.length;
  if (names.has(tool)) return isPlain || tool === "basename" ? shaped(name, reason, "name") : undefined;
  switch (tool) {
    case "mktemp":
      return isPlain ? shapeTemporary(words, env) : undefined;
    case "dirname":
      return args.length === 1 ? shapeFolder(args[0] ?? "") : undefined;
    case "date":
      return isPlain && !/[/]|%[-_0^#]*[Dxc]/.test(words.join(" "))
        ? shaped(name, reason, "name")
        : undefined;
    case "jobs":
    case "pgrep":
    case "pidof":
    case "stty":
      return isPlain && printsNumbers(tool, words) ? shaped(name, reason, "name") : undefined;
    case "find":
      return shapeFound(args);
    case "fd":
    case "fdfind":
      return isPlain && !words.some((word) => /^(-a|--absolute-path|-x|-X|--exec.*)$/.test(word))
        ? shapeBelow(words)
        : undefined;
    case "ls":
      return isPlain && words.every((word) => !word.startsWith("-") || /^-[1AtrSdUv]+$/.test(word))
        ? shapeBelow(words)
        : undefined;
    case "grep":
    case "egrep":
    case "fgrep":
    case "rg":
    case "ag":
      if (words.some((word) => /^(-[a-zA-Z]*l[a-zA-Z]*|--files-with-matches|--files)$/.test(word)))
        return isPlain ? shapeBelow(words) : undefined;
      return isPlain && words.every((word) => !word.startsWith("-") || /^-[vEFiwxPaz]+$/.test(word))
        ? passLines(words.filter((word) => !word.startsWith("-")).length === 1, stdin)
        : undefined;
    case "sort":
    case "uniq":
    case "head":
    case "tail":
    case "shuf":
    case "tac":
    case "cat":
      return passLines(isPlain && words.every((word) => /^(-.*|\d+)$/.test(word)) && tool !== "cat", stdin);
    case "git":
      return isPlain ? shapeGit(words) : undefined;
    default:
      return undefined;
  }
}

/** What each line of a stdin is like. */
export function shapeInput(stdin: Stdin): Unknown | undefined {
  if (stdin.kind === "text") return shapeText(stdin.text, "is read from the input");
  return stdin.kind === "unknown" ? stdin.lines : undefined;
}

const reason = "is printed by a command";

/** What they print has no slash, whatever they are given. */
const names: ReadonlySet<string> = new Set([
  ..."basename hostname whoami id uname nproc uuidgen arch logname sha1 wc expr".split(" "),
]);

/** `trap "kill $(jobs -p)" EXIT`, `saved=$(stty -g); trap "stty $saved" EXIT` */
function printsNumbers(tool: string, words: readonly string[]): boolean {
  if (tool === "jobs" || tool === "stty")
    return words.length === 1 && words[0] === (tool === "jobs" ? "-p" : "-g");
  return words.every((word) => !word.startsWith("-") || /^-[fnoxs]$/.test(word));
}

function passLines(passes: boolean, stdin: Stdin): Unknown | undefined {
  return passes ? shapeInput(stdin) : undefined;
}

/** https://www.gnu.org/software/coreutils/manual/html_node/mktemp-invocation.html */
function shapeTemporary(words: readonly string[], env: Env): Unknown {
  const given = envGet(env, "TMPDIR");
  const temporary = given === undefined || given === "" ? "/tmp" : isKnown(given) ? given : undefined;
  let folder: string | undefined;
  let isBelow = false;
  let template: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-p") folder = words[++at];
    else if (/^-[a-z]*p./.test(word)) folder = word.slice(word.indexOf("p") + 1);
    else if (word.startsWith("--tmpdir=")) folder = word.slice(9);
    else if (word === "--tmpdir" || /^-[a-z]*t[a-z]*$/.test(word)) isBelow = true;
    else if (word === "--suffix") at += 1;
    else if (!word.startsWith("-")) template = word;
  }
  const inside = folder ?? (isBelow || template === undefined ? temporary : "");
  if (inside === undefined) return shaped("mktemp", reason, "fresh");
  const stem = (template ?? "tmp.").replace(/X+[^X]*$/, "");
  const shape = shaped("mktemp", reason, "fresh", inside === "" ? stem : `${inside}/${stem}`);
  return { ...shape, splits: false };
}

function shapeFolder(path: Arg): Unknown | undefined {
  if (isKnown(path)) return undefined;
  const { shape, prefix } = path;
  if (shape === undefined || shape === "fresh" || shape === "climbing") return undefined;
  if (shape === "name" && !prefix.includes("/")) return shaped(path.source, reason, "name");
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (shape === "path" && folder === "") return undefined;
  return shaped(path.source, reason, shape === "name" ? "relative" : shape, folder.replace(/\/$/, ""));
}

function shapeFound(args: readonly Arg[]): Unknown | undefined {
  const roots: string[] = [];
  for (const arg of args) {
    if (!isKnown(arg)) return undefined;
    if (/^(-[HLP]|-O\d)$/.test(arg)) continue;
    if (/^[-(!]/.test(arg)) break;
    roots.push(arg);
  }
  // Others print what they like.
  if (args.some((arg) => isKnown(arg) && /^-(printf|fprint.*|exec.*|ok.*|ls)$/.test(arg))) return undefined;
  if (roots.some((root) => root.includes(".."))) return undefined;
  const [root = ".", ...more] = roots;
  if (more.length === 0)
    return shaped("find", reason, root.startsWith("/") ? "path" : "relative", root.replace(/(?<=.)\/+$/, ""));
  return roots.some((each) => each.startsWith("/")) ? undefined : shaped("find", reason, "relative");
}

/** Tools that print what lies below the folders they are given, by the names they are given. */
function shapeBelow(words: readonly string[]): Unknown | undefined {
  return words.some((word) => word.startsWith("/") || word.includes(".."))
    ? undefined
    : shaped("", reason, "relative");
}

function shapeGit(words: readonly string[]): Unknown | undefined {
  const [command = "", ...rest] = words;
  const isList =
    command === "ls-files" ||
    ((command === "diff" || command === "show" || command === "ls-tree" || command === "diff-tree") &&
      rest.includes("--name-only")) ||
    (command === "grep" &&
      rest.some((word) => /^(-[a-zA-Z]*l|--name-only|--files-with-matches)$/.test(word)));
  if (isList) return shapeBelow(rest.filter((word) => !/^[\w./~^-]+\.\.\.?[\w./~^-]*$/.test(word)));
  if (command === "rev-parse" && rest.every((word) => /^(--short(=\d+)?|--verify|HEAD[~^\d]*)$/.test(word)))
    return shaped("git", reason, "name");
  const isBranch =
    (command === "rev-parse" && rest.includes("--abbrev-ref")) ||
    (command === "branch" && rest.join() === "--show-current") ||
    command === "describe";
  return isBranch ? shaped("git", reason, "relative") : undefined;
}
