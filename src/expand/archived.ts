import { type Arg, isKnown } from "../model/arg.js";
import type { Archived, Stdin } from "../model/call.js";
import { resolvePath } from "./path.js";

/**
 * Whose bytes a command prints that hands a file on as it is or unpacks it (`cat a.tar`, `gunzip -c a.tgz`, `pv < a.tar`), or
 * packs a tree (`git archive HEAD`). They are no text, so that only a reader of archives looks at them.
 */
export function archivedBy(argv: readonly Arg[], stdin: Stdin, cwd: Arg): Archived | undefined {
  const words: string[] = [];
  for (const arg of argv) {
    if (!isKnown(arg)) return undefined;
    words.push(arg);
  }
  const [name = "", ...args] = words;
  const tool = name.replace(/^.*\//, "");
  if (tool === "git" && args[0] === "archive") return packedTree(args.slice(1), cwd);
  const files = args.filter((arg) => !/^-./.test(arg));
  const isPiped = files.length === 0 || files[0] === "-";
  const options = args.filter((arg) => /^-./.test(arg));
  const isUnpacked =
    unpackers.has(tool) && (options.some((one) => toStdout.test(one)) || (isPiped && /un/.test(tool)));
  if (!handsOn.has(tool) && !isUnpacked) return undefined;
  if (files.length > 1) return undefined;
  return isPiped ? fileOn(stdin) : fileAt(resolvePath(cwd, files[0] ?? ""));
}

const handsOn: ReadonlySet<string> = new Set(
  "cat pv zcat gzcat xzcat lzcat bzcat zstdcat lz4cat buffer mbuffer".split(" "),
);
const unpackers: ReadonlySet<string> = new Set(
  "gzip gunzip pigz unpigz xz unxz lzma unlzma bzip2 bunzip2 pbzip2 lbzip2 zstd unzstd lz4 unlz4".split(" "),
);
/** A pipe behind a pipe needs no option to be written to: `… | gunzip | tar x`. */
const toStdout = /^(-[a-zA-Z]*[cd][a-zA-Z]*|--stdout|--to-stdout|--decompress|--uncompress)$/;

function fileOn(stdin: Stdin): Archived | undefined {
  if (stdin.kind === "unknown") return stdin.archive;
  if (stdin.kind === "text") return { kind: "text", text: stdin.text };
  return stdin.kind === "file" ? fileAt(stdin.path) : undefined;
}

function fileAt(path: Arg): Archived | undefined {
  return isKnown(path) ? { kind: "file", path } : undefined;
}

/** A tree of this repository as tar, whole or the paths behind it. */
function packedTree(args: readonly string[], cwd: Arg): Archived | undefined {
  if (!isKnown(cwd) || args.some((arg) => /^(-o|-l|--output|--remote|--list|--add-)/.test(arg)))
    return undefined;
  const format = args.find((arg) => arg.startsWith("--format="))?.slice(9) ?? "tar";
  const [tree, ...paths] = args.filter((arg) => !arg.startsWith("-"));
  const prefix = args.findLast((arg) => arg.startsWith("--prefix="))?.slice(9) ?? "";
  if (tree === undefined || !/^tar/.test(format)) return undefined;
  return { kind: "tree", cwd, tree, paths, prefix };
}
