import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { appending, deletion, overwriting, readPaths, toolName } from "../file-effects.js";
import { sentSecrets } from "../http/sent-files.js";
import {
  declareOptions,
  hasOption,
  type Options,
  optionValue,
  optionValues,
  readOptions,
  switches,
} from "../options.js";
import { joinPath, resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { packers } from "./packers.js";
import { unpackedOver } from "./unpacked.js";
import { unpackers } from "./unpackers.js";

const tarOptions = declareOptions("anywhere", [
  ...switches("AahJjlMmnOoprRSsUvWwZz"),
  "-c --create",
  "-x --extract",
  "--get",
  "-t --list",
  "-u --update",
  "-d --diff",
  "--delete",
  "-f --file:",
  "-C --directory:",
  "-b --blocking-factor:",
  "-F --info-script:",
  "-g --listed-incremental:",
  "-I --use-compress-program:",
  "-K --starting-file:",
  "-L --tape-length:",
  "-N --newer:",
  "-T --files-from:",
  "-V --label:",
  "-X --exclude-from:",
  "-i",
  "-B",
  "-G",
  "-P --absolute-names",
  "-k --keep-old-files",
  ...["--skip-old-files", "--keep-newer-files", "--to-stdout"],
  ...["exclude", "transform", "xform", "strip-components", "owner", "group", "mode", "mtime", "sort"].map(
    (one) => `--${one}:`,
  ),
  "--checkpoint::",
  "--checkpoint-action:",
  "--to-command:",
  "--rsh-command:",
  "--one-top-level::",
  "--remove-files",
  "--help",
  "--version",
]);

/** tar: what it writes over, what it takes away behind itself, and what it starts. */
const tar: Reader = {
  names: ["tar", "gtar", "bsdtar"],
  read(call, world) {
    const given = readOptions(
      [...oldStyle(call.argv.slice(1)), ...setWords(call, ["TAR_OPTIONS"])],
      tarOptions,
    );
    const programs = optionValues(given, "checkpoint-action")
      .filter((word): word is string => isKnown(word) && word.startsWith("exec="))
      .map((word) => word.slice(5));
    const starts = [
      ...programs,
      ...["to-command", "use-compress-program", "rsh-command", "info-script"].flatMap((name) =>
        optionValues(given, name).filter(isKnown),
      ),
    ];
    const files = hasOption(given, "create")
      ? [...readArchive(call, world, given, overwriting), ...readTaken(call, world, given)]
      : hasOption(given, "r", "A", "update")
        ? [...readArchive(call, world, given, appending), ...readTaken(call, world, given)]
        : hasOption(given, "delete")
          ? readArchive(call, world, given, overwriting)
          : readExtracted(call, world, given);
    return join(
      effects(...files, ...readFar(call, world, given)),
      inner(...starts.map((text) => lineOf(call, world, text))),
    );
  },
};

/** `tar -cf host:/path`, and the same by `TAPE` or `TAR_OPTIONS`: an archive that another machine keeps. */
function readFar(call: Call, world: World, given: Options): readonly Effect[] {
  const all = readOptions(setWords(call, ["TAR_OPTIONS"]), tarOptions);
  const isMade = [given, all].some((options) => hasOption(options, "create", "r", "update"));
  const file = optionValue(given, "file") ?? optionValue(all, "file") ?? envGet(call.env, "TAPE");
  const [, host] = (file !== undefined && isKnown(file) && /^(?:[^/@]*@)?([^/:]+):/.exec(file)) || [];
  if (host === undefined || !isMade) return [];
  const folder = optionValue(given, "directory");
  const cwd = folder === undefined ? call.cwd : (resolvePath(call, world, folder) ?? call.cwd);
  return sentSecrets({ ...call, cwd }, world, toolName(call), { host, files: given.operands, isWhole: true });
}

/** Options in a variable: blanks end a word, where no backslash stands before them. */
function setWords(call: Call, names: readonly string[]): readonly string[] {
  const text = names.map((name) => envGet(call.env, name)).find((value) => value !== undefined);
  if (text === undefined || !isKnown(text)) return [];
  return [...text.matchAll(/(?:\\.|[^\\\s])+/gs)].map(([word]) => word.replace(/\\(.)/gs, "$1"));
}

/** `tar xzf a.tgz -C dir`: the first word without a dash is a cluster whose letters take the words behind it in turn. */
function oldStyle(words: readonly Arg[]): readonly Arg[] {
  const [first, ...rest] = words;
  if (first === undefined || !isKnown(first) || !/^[A-Za-z]+$/.test(first)) return words;
  const values: Arg[] = [];
  let left = rest;
  for (const letter of first) {
    const [next, ...after] = left;
    if ("fbCgIKLNTVX".includes(letter) && next !== undefined) {
      values.push(`-${letter}`, next);
      left = after;
    } else values.push(`-${letter}`);
  }
  return [...values, ...left];
}

function readArchive(call: Call, world: World, given: Options, write: typeof overwriting): readonly Effect[] {
  const file = optionValue(given, "file");
  // `host:path` lies on another machine, `-` is stdout.
  if (file === undefined || file === "-" || (isKnown(file) && /^[^/]+:/.test(file))) return [];
  return readPaths(call, world, [file], "overwrite", (path) => write(toolName(call), path, world));
}

function readExtracted(call: Call, world: World, given: Options): readonly Effect[] {
  const archive = optionValue(given, "file") ?? envGet(call.env, "TAPE");
  const leaves = ["to-stdout", "O", "to-command", "transform", "xform", "one-top-level"];
  if (!hasOption(given, "extract", "get") || hasOption(given, ...leaves)) return [];
  const strip = Number(optionValue(given, "strip-components") ?? 0);
  const wanted = given.operands.filter(isKnown);
  return unpackedOver(call, world, {
    archive,
    folder: optionValue(given, "directory"),
    wanted,
    keeps: hasOption(given, "keep-old-files", "skip-old-files", "keep-newer-files"),
    place: (entry) => {
      if (wanted.length > 0 && !wanted.some((one) => entry === one || entry.startsWith(`${one}/`)))
        return undefined;
      const left = entry.split("/").filter((part) => part !== "" && part !== ".");
      return left.slice(strip).join("/") || undefined;
    },
  });
}

function readTaken(call: Call, world: World, given: Options): readonly Effect[] {
  if (!hasOption(given, "remove-files")) return [];
  const folder = optionValue(given, "directory");
  const words = given.operands.map((word) =>
    folder !== undefined && isKnown(folder) && isKnown(word) && !word.startsWith("/")
      ? joinPath(folder, word)
      : word,
  );
  return readPaths(call, world, words, "delete", (path) => [deletion(toolName(call), path, true)]);
}

const zipOptions = declareOptions("anywhere", [
  ...switches("0123456789cDeFfgjlLoqrSuvXyz@$"),
  "-m --move",
  "-d --delete",
  "-T --test",
  "-b --temp-path:",
  "-i --include:",
  "-n --suffixes:",
  "-O --output-file --out:",
  "-P --password:",
  "-s --split-size:",
  "-t --from-date:",
  "-x --exclude:",
  "-TT --unzip-command:",
  "-h --help",
  "--version",
]);

const zip: Reader = {
  names: ["zip"],
  read(call, world) {
    const words = [...setWords(call, ["ZIPOPT", "ZIP"]), ...call.argv.slice(1)];
    const at = words.findIndex((word) => /^(-TT|--unzip-command)(=|$)/.test(String(word)));
    const [, attached] = /^--unzip-command=(.*)$/s.exec(String(words[at] ?? "")) ?? [];
    const command = at < 0 ? undefined : (attached ?? words[at + 1]);
    const given = readOptions(
      words.filter((_, index) => at < 0 || (index !== at && (attached !== undefined || index !== at + 1))),
      zipOptions,
    );
    const [archive, ...names] = given.operands;
    const starts = command !== undefined && isKnown(command) ? [lineOf(call, world, command)] : [];
    if (archive === undefined || hasOption(given, "help")) return nothing;
    const taken = hasOption(given, "move")
      ? readPaths(call, world, names, "delete", (path) => [deletion("zip", path, true)])
      : [];
    const entries = hasOption(given, "delete")
      ? readPaths(call, world, [archive], "overwrite", (path) => overwriting("zip", path, world))
      : [];
    return join(effects(...taken, ...entries), inner(...starts));
  },
};

const unzipOptions = declareOptions("anywhere", [
  ...switches("abBCDfjKLMopqtTuUvVWXzZ:^"),
  ...["-c", "-l", "-n", "-d:", "-x", "-P:", "-I:", "-O:", "-h --help", "--version"],
]);

/** unzip asks before it writes over a file, but with `-o`; what is new it makes. */
const unzip: Reader = {
  names: ["unzip"],
  read(call, world) {
    const given = readOptions(
      [...setWords(call, ["UNZIP", "UNZIPOPT"]), ...call.argv.slice(1)],
      unzipOptions,
    );
    const [archive, ...wanted] = given.operands;
    if (archive === undefined || hasOption(given, "l", "p", "c", "t", "v", "Z")) return nothing;
    const keeps = !hasOption(given, "o") || hasOption(given, "n");
    const isJunked = hasOption(given, "j");
    const isAll =
      wanted.length === 0 || hasOption(given, "x") || wanted.some((one) => /[*?[]/.test(String(one)));
    const place = (entry: string) =>
      isAll || wanted.includes(entry) ? (isJunked ? baseOf(entry) : entry) : undefined;
    return effects(...unpackedOver(call, world, { archive, folder: optionValue(given, "d"), place, keeps }));
  },
};

/** 7-Zip: `7z a -sdel`, `7z d`, `7z x -y`. */
const sevenZip: Reader = {
  names: ["7z", "7za", "7zr", "7zz"],
  read(call, world) {
    const [order, ...rest] = call.argv.slice(1);
    const [named, ...names] = rest.filter((word) => !isKnown(word) || !word.startsWith("-"));
    // `-si`: the archive comes on stdin, whatever is named.
    const archive = named ?? (rest.includes("-si") ? "-" : undefined);
    if (archive === undefined) return nothing;
    if (order === "d")
      return effects(
        ...readPaths(call, world, [archive], "overwrite", (path) => overwriting("7z", path, world)),
      );
    if (order === "x" || order === "e") {
      const keeps = !rest.some((word) => word === "-y" || word === "-aoa");
      const folder = rest.find((word) => isKnown(word) && /^-o./.test(word));
      const into = folder === undefined || !isKnown(folder) ? undefined : folder.slice(2);
      const place = (entry: string) =>
        names.length > 0 && !names.includes(entry) ? undefined : order === "x" ? entry : baseOf(entry);
      const from = rest.includes("-si") ? "-" : archive;
      return effects(...unpackedOver(call, world, { archive: from, folder: into, place, keeps }));
    }
    if (!rest.includes("-sdel")) return nothing;
    return effects(...readPaths(call, world, names, "delete", (path) => [deletion("7z", path, true)]));
  },
};

function baseOf(entry: string): string {
  return entry.replace(/^.*\//s, "");
}

function lineOf(call: Call, world: World, text: string): Reading["inner"][number] {
  return { kind: "line", text, shell: "sh", via: toolName(call), ...lineSight(call, world) };
}

export const archives: readonly Reader[] = [tar, zip, unzip, sevenZip, packers, ...unpackers];
