import { type Arg, isKnown } from "../../model/arg.js";
import { editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { isDirectory, resolvePath } from "../path.js";
import { effects, type Reader } from "../reader.js";

/** Programs of which only the file that they write matters here. */
export interface Output {
  readonly names: readonly string[];
  /** Options whose value is the file, in all their spellings. */
  readonly options?: readonly string[];
  /** The operand that is the file, from the front or (negative) from the end. */
  readonly operand?: number | "all";
  /** Options that take the word after them, so that it is no operand. */
  readonly values?: RegExp;
  /** Without this word it asks before it writes over anything, or writes nothing. */
  readonly needs?: RegExp;
  /** With this word what it writes is new. */
  readonly unless?: RegExp;
  /** It reads all before it writes: over its own input it is an edit. */
  readonly edits?: true;
}

const outputs: readonly Output[] = [
  { names: ["openssl"], options: ["-out", "-keyout", "-writerand"] },
  { names: ["iconv"], options: ["-o", "--output"] },
  { names: ["gpg", "gpg2"], options: ["-o", "--output"], needs: /^--yes$/ },
  { names: ["age", "age-keygen"], options: ["-o", "--output"] },
  { names: ["ffmpeg"], operand: -1, needs: /^-y$/ },
  { names: ["pandoc"], options: ["-o", "--output"] },
  { names: ["uniq"], operand: 1, values: /^-[fsw]$/ },
  { names: ["xxd"], operand: 1, values: /^-[cglnos]$/ },
  {
    names: ["ddrescue"],
    operand: 1,
    values: /^-[abBcdDeEHIJKlLmMnOPQrRsStTvwxX]$/,
    needs: /^(-\w*f|--force)/,
  },
  {
    names: ["restore", "ext4", "ext3", "ext2", "xfs", "btrfs", "ntfs", "fat", "vfat", "dd"].map(
      (kind) => `partclone.${kind}`,
    ),
    options: ["-o", "-O", "--output", "--overwrite"],
  },
  { names: ["qemu-img"], operand: -1, needs: /^(create|convert)$/ },
  { names: ["nmap"], options: ["-oN", "-oX", "-oG", "-oS"] },
  { names: ["tcpdump", "tshark"], options: ["-w"] },
  { names: ["aria2c"], options: ["-o", "--out"], needs: /^--allow-overwrite(=true)?$/ },
  { names: ["convert", "magick"], operand: -1, edits: true },
  // In place, with loss: a smaller picture is no larger one again.
  { names: ["mogrify"], operand: "all", unless: /^-(path|format)$/ },
  { names: ["rsvg-convert"], options: ["-o", "--output"] },
  { names: ["gs"], options: ["-o", "-sOutputFile"] },
  { names: ["pdfunite", "sox"], operand: -1 },
  { names: ["valgrind"], options: ["--log-file", "--xml-file"] },
  { names: ["xmllint", "xsltproc", "shuf", "gshuf"], options: ["-o", "--output"], edits: true },
  { names: ["objcopy"], operand: 1, values: /^-([IOFBjNRKGLW]|-(add|set|rename|update)-section.*)$/ },
  { names: ["strip"], options: ["-o"] },
  { names: ["xfsdump"], options: ["-f"] },
  { names: ["mkisofs", "genisoimage"], options: ["-o", "-output"] },
];

const byName = new Map(outputs.flatMap((output) => output.names.map((name) => [name, output] as const)));

export const writers: Reader = {
  names: [...byName.keys()],
  read(call, world) {
    const isMogrify = toolName(call) === "magick" && call.argv[1] === "mogrify";
    const output = byName.get(isMogrify ? "mogrify" : toolName(call));
    const words = call.argv.slice(isMogrify ? 2 : 1);
    const files = output === undefined ? [] : namedFiles(words, output);
    return effects(
      ...readPaths(call, world, files, "overwrite", (path) => {
        if (isDirectory(path, world)) return [];
        // Among the words of all operands are values of options.
        if (output?.operand === "all" && !world.lstat(path).exists) return [];
        const isInput =
          output?.edits === true &&
          words.filter((word) => resolvePath(call, world, word) === path).length > 1;
        return (isInput ? editing : overwriting)(toolName(call), path, world);
      }),
    );
  },
};

/** The words that are files to be written. */
export function namedFiles(words: readonly Arg[], output: Output): readonly Arg[] {
  const isAllowed =
    output.needs === undefined || words.some((word) => isKnown(word) && output.needs?.test(word));
  const isNew = words.some((word) => isKnown(word) && output.unless?.test(word));
  return isAllowed && !isNew ? [...named(words, output.options ?? []), ...placed(words, output)] : [];
}

/** `-o FILE`, `-oFILE`, `-o=FILE`, `--output=FILE`; `-` is stdout. */
function named(words: readonly Arg[], options: readonly string[]): readonly Arg[] {
  return words.flatMap((word, at): readonly Arg[] => {
    if (!isKnown(word)) return [];
    if (options.includes(word)) return words.slice(at + 1, at + 2).filter((next) => next !== "-");
    const option = options.find((one) => word.startsWith(one.length > 2 ? `${one}=` : one));
    if (option === undefined || word.startsWith("--") !== option.startsWith("--")) return [];
    return [word.slice(option.length).replace(/^[=:]/, "")];
  });
}

function placed(words: readonly Arg[], { operand, values }: Output): readonly Arg[] {
  if (operand === undefined) return [];
  const operands = words.filter((word, at) => {
    const before = words[at - 1];
    const isValue = before !== undefined && isKnown(before) && values?.test(before) === true;
    return !isValue && (!isKnown(word) || !/^-./.test(word));
  });
  if (operand === "all") return operands;
  // `find … | xargs uniq`: one word here, two or more when it runs.
  const chosen = operands.at(operand) ?? operands.findLast((word) => !isKnown(word) && word.splits);
  // ImageMagick's `png:-` and `info:`
  return chosen === undefined || /^([a-z\d]+:)?-?$/i.test(isKnown(chosen) ? chosen : "x") ? [] : [chosen];
}
