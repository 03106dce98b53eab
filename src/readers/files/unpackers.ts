import { type Arg, isKnown } from "../../model/arg.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions, switches } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { hiddenIn, unpackedOver } from "./unpacked.js";

const cpioOptions = declareOptions("anywhere", [
  ...switches("0aABbcdfklLmnrsSuvV"),
  "-i --extract",
  "-o --create",
  "-p --pass-through",
  "-t --list",
  "-u --unconditional",
  ...["-C --io-size:", "-D --directory:", "-E --pattern-file:", "-F --file:", "-H --format:", "-I:", "-O:"],
  ...[
    "-M --message:",
    "-R --owner:",
    "--block-size:",
    "--rsh-command:",
    "--to-stdout",
    "--help",
    "--version",
  ],
]);

/** cpio: `-i` puts what an archive on stdin holds over what is there and older, `-p` copies what stdin names. */
const cpio: Reader = {
  names: ["cpio"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), cpioOptions);
    if (hasOption(given, "list", "to-stdout", "create")) return nothing;
    const folder = optionValue(given, "directory");
    if (hasOption(given, "pass-through")) return effects(...hidden(given.operands.at(-1)));
    if (!hasOption(given, "extract")) return nothing;
    const archive = optionValue(given, "file") ?? optionValue(given, "I");
    // Its words are patterns, which `-f` turns round: none is looked at, for most lines have none.
    return effects(...unpackedOver(call, world, { archive, folder, place: inPlace }));

    function hidden(to: Arg | undefined) {
      return to === undefined
        ? []
        : readPaths(call, world, [to], "overwrite", (path) => hiddenIn("cpio", path));
    }
  },
};

/** ar: `x` writes members out over what is there, `d` takes them from the archive. The first word is a cluster, with a dash or without. */
const ar: Reader = {
  names: ["ar", "gar", "llvm-ar", "gcc-ar"],
  read(call, world) {
    const words = call.argv.slice(1);
    const output = words.find((word) => isKnown(word) && word.startsWith("--output="));
    const [cluster, ...rest] = words.filter((word) => !isKnown(word) || !word.startsWith("--"));
    const letters = cluster === undefined || !isKnown(cluster) ? "" : cluster.replace(/^-/, "");
    // `N` and the places for `r` and `m` have a word of their own in front of the archive.
    const [archive, ...members] = rest.slice(/[Nabi]/.test(letters) ? 1 : 0);
    if (archive === undefined) return nothing;
    const tool = toolName(call);
    if (/^d/.test(letters))
      return effects(
        ...readPaths(call, world, [archive], "overwrite", (path) => overwriting(tool, path, world)),
      );
    if (!/^x/.test(letters)) return nothing;
    const folder = output === undefined || !isKnown(output) ? undefined : output.slice("--output=".length);
    const place = chosen(members);
    return effects(...unpackedOver(call, world, { archive, folder, place, wanted: members.filter(isKnown) }));
  },
};

/** jar: `jar xf a.jar`, with or without a dash; it asks nothing. */
const jar: Reader = {
  names: ["jar", "fastjar"],
  read(call, world) {
    const words = call.argv.slice(1).filter(isKnown);
    const [cluster = "", ...rest] = words;
    const isLong = words.includes("--extract");
    if (!isLong && !/^-?[a-zA-Z0]*x/.test(cluster)) return nothing;
    const file = words.find((word) => word.startsWith("--file="))?.slice("--file=".length);
    const named = rest.filter((word) => !word.startsWith("-"));
    const [archive, ...members] =
      file !== undefined ? [file, ...named] : /f/.test(cluster) || isLong ? named : ["-", ...named];
    const at = words.findIndex((word) => word === "-C" || word === "--dir");
    const folder = at < 0 ? undefined : words[at + 1];
    const place = chosen(members.filter((word) => word !== folder));
    const keeps = words.some((word) => word === "-k" || word === "--keep-old-files");
    return effects(...unpackedOver(call, world, { archive, folder, place, keeps }));
  },
};

const paxOptions = declareOptions("anywhere", [
  ...switches("acdHiklLnrtuvwXYzZ"),
  ...["-b:", "-B:", "-E:", "-f:", "-G:", "-o:", "-p:", "-s:", "-T:", "-U:", "-x:"],
]);

/** pax: `-r` reads an archive; with `-w` as well it copies into the folder that is named last. */
const pax: Reader = {
  names: ["pax", "star"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), paxOptions);
    const isRead =
      toolName(call) === "star" ? hasOption(given, "x") || optionValue(given, "x") : hasOption(given, "r");
    if (!isRead || hasOption(given, "w")) return nothing;
    const place = chosen(given.operands.filter(isKnown));
    const archive = optionValue(given, "f");
    return effects(...unpackedOver(call, world, { archive, place, keeps: hasOption(given, "k") }));
  },
};

/** Formats that are not read here: only where it goes is known. The folder is the last word, or behind an option. */
interface Foreign {
  readonly names: readonly string[];
  readonly extracts: RegExp;
  readonly folder: RegExp | "last";
  readonly writesOver?: RegExp;
}

const foreigners: readonly Foreign[] = [
  { names: ["unrar", "rar"], extracts: /^[xe]$/, folder: "last", writesOver: /^-(o\+|y)$/ },
  { names: ["unar"], extracts: /./, folder: /^(-o|-output-directory)$/, writesOver: /^-f(orce-overwrite)?$/ },
  { names: ["aunpack", "atool", "dtrx"], extracts: /./, folder: /^(-X|--extract-to)$/ },
  {
    names: ["dpkg-deb"],
    extracts: /^(-[xX]|-[Rr]|--(v?extract|raw-extract))$/,
    folder: "last",
    writesOver: /./,
  },
  { names: ["unsquashfs"], extracts: /./, folder: /^(-d|-dest)$/, writesOver: /^-f(orce)?$/ },
];

const foreign: Reader = {
  names: foreigners.flatMap(({ names }) => names),
  read(call, world) {
    const tool = toolName(call);
    const kind = foreigners.find(({ names }) => names.includes(tool));
    const words = call.argv.slice(1);
    if (kind === undefined || !words.some((word) => isKnown(word) && kind.extracts.test(word)))
      return nothing;
    const folder = folderOf(words, kind);
    const path = folder === undefined ? undefined : resolvePath(call, world, folder);
    if (path === undefined || !isKnown(path)) return nothing;
    const { writesOver } = kind;
    const keeps = writesOver === undefined || !words.some((word) => isKnown(word) && writesOver.test(word));
    return effects(...hiddenIn(tool, path, keeps));
  },
};

function folderOf(words: readonly Arg[], { folder }: Foreign): Arg | undefined {
  const operands = words.filter((word) => !isKnown(word) || !word.startsWith("-"));
  // The order and the archive stand in front.
  if (folder === "last")
    return operands.length > 2 || !/^[a-z]$/.test(String(operands[0])) ? operands.at(-1) : undefined;
  const at = words.findIndex((word) => isKnown(word) && folder.test(word));
  return at < 0 ? undefined : words[at + 1];
}

const inPlace = (entry: string): string => entry;

/** Members that the line names, with what lies below them; all where it names none. */
function chosen(members: readonly Arg[]): (entry: string) => string | undefined {
  const wanted = members.filter(isKnown);
  return (entry) =>
    wanted.length === 0 || wanted.some((one) => entry === one || entry.startsWith(`${one}/`))
      ? entry
      : undefined;
}

export const unpackers: readonly Reader[] = [cpio, ar, jar, pax, foreign];
/** Without shims: a build calls them for each library. */
export const buildArchivers: readonly Reader[] = [ar, jar];
