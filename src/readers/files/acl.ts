import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { modification, readPaths, toolName } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValues,
  readOptions,
} from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

/** What one of these programs does to the files that it is given; undefined for nothing worth a word. */
interface Dialect {
  readonly names: readonly string[];
  readonly options: OptionTable;
  readonly read: (
    given: Options,
  ) => { readonly files: readonly Arg[]; readonly meaning: Meaning } | undefined;
}

type Meaning = Pick<FileEffect, "because"> & { readonly action: "grant" | "delete" | "modify" };

const dialects: readonly Dialect[] = [
  {
    names: ["setfacl"],
    options: declareOptions("anywhere", [
      "-R --recursive",
      "-m --modify:",
      "-M --modify-file:",
      "--set:",
      "--set-file:",
      "-s:",
      "-x --remove:",
      "-X --remove-file:",
      "-b --remove-all",
      "-k --remove-default",
      "--restore:",
      "-n --no-mask",
      "--mask",
      "-d --default",
      "-L --logical",
      "-P --physical",
      "--test",
      "-v --version",
      "-h --help",
    ]),
    read: (given) => {
      if (hasOption(given, "test")) return undefined;
      const restored = optionValues(given, "restore");
      if (restored.length > 0)
        return { files: ["."], meaning: { action: "grant", because: "takes what is allowed from a file" } };
      const entries = ["modify", "set", "s"].flatMap((name) => optionValues(given, name));
      const isOpen = entries.some(opens) || hasOption(given, "modify-file", "set-file");
      return {
        files: given.operands,
        meaning: isOpen
          ? { action: "grant", because: "lets another account at it" }
          : { action: "modify", because: "" },
      };
    },
  },
  {
    names: ["chattr"],
    options: declareOptions("anywhere", ["-R --recursive", "-V", "-f", "-v:", "-p:"]),
    read: (given) => flagged(given, /^\+.*[ia]|^=.*[ia]/, /^-.*[ia]|^=[^ia]*$/),
  },
  {
    names: ["chflags"],
    options: declareOptions("first", ["-R --recursive", "-H", "-L", "-P", "-f", "-h", "-v", "-x"]),
    read: (given) =>
      flagged(given, /(^|,)[us](chg|appnd|change|append|immutable)/, /(^|,)(no[us]?(chg|appnd|unlnk)|0$)/),
  },
  {
    names: ["chcon"],
    options: declareOptions("anywhere", [
      "-R --recursive",
      "-h --no-dereference",
      "--dereference",
      "-u --user:",
      "-r --role:",
      "-t --type:",
      "-l --range:",
      "--reference:",
      "-v --verbose",
      "-H",
      "-L",
      "-P",
      "--preserve-root",
      "--no-preserve-root",
      "--help",
      "--version",
    ]),
    read: (given) => {
      const isLabelled = hasOption(given, "user", "role", "type", "range", "reference");
      return {
        files: isLabelled ? given.operands : given.operands.slice(1),
        meaning: { action: "modify", because: "" },
      };
    },
  },
  {
    names: ["setcap"],
    options: declareOptions("first", ["-q", "-v", "-n:", "-f", "-r", "-h --help"]),
    read: (given) =>
      hasOption(given, "r", "v")
        ? undefined
        : {
            files: given.operands.slice(1),
            meaning: { action: "grant", because: "whoever starts it gets rights of the system's" },
          },
  },
];

const byName = new Map(dialects.flatMap((one) => one.names.map((name) => [name, one] as const)));

/** Lists of who may do what, flags that keep a file from being changed, rights that a program carries. */
export const acl: Reader = {
  names: [...byName.keys()],
  read(call, world) {
    const dialect = byName.get(toolName(call));
    if (dialect === undefined) return nothing;
    // `chattr -i file`: flags that look like options.
    const isFlags = toolName(call) === "chattr";
    const words = call.argv.slice(1).map((word) => (isFlags && isTaken(word) ? `=${showArg(word)}` : word));
    const given = readOptions(words, dialect.options);
    if (hasOption(given, "help", "version")) return nothing;
    const found = dialect.read(given);
    if (found === undefined) return nothing;
    const recursive = hasOption(given, "recursive");
    return effects(
      ...readPaths(call, world, recursive ? found.files : found.files.filter(isKnown), "change", (path) => [
        access(call, path, found.meaning, recursive, world),
      ]),
    );
  },
};

function isTaken(word: Arg): boolean {
  return isKnown(word) && /^-[AacCdDeFijmPsStTux]+$/.test(word);
}

function flagged(given: Options, shuts: RegExp, frees: RegExp): ReturnType<Dialect["read"]> {
  const [flags, ...files] = given.operands;
  if (flags === undefined || !isKnown(flags)) return undefined;
  const text = flags.replace(/^=-/, "-");
  if (frees.test(text)) return { files, meaning: { action: "grant", because: "takes its protection away" } };
  return shuts.test(text)
    ? { files, meaning: { action: "delete", because: "nobody could change or delete it any longer" } }
    : undefined;
}

function access(
  call: Call,
  path: string,
  { action, because }: Meaning,
  recursive: boolean,
  world: World,
): FileEffect {
  const plain = modification(toolName(call), path);
  const stat = world.lstat(path);
  // Rights that a program carries count wherever it lies.
  const carried = toolName(call) === "setcap" && stat.exists ? ({ recovery: "none" } as const) : {};
  return {
    ...plain,
    action,
    because,
    aspect: "access",
    recursive,
    ...(recursive ? { extent: { kind: "unknown" } as const } : {}),
    ...carried,
  };
}

/** `u:eve:rwx`, `o::r`, `d:g:dev:rx`: anybody but the owner gets something. */
function opens(entries: Arg): boolean {
  if (!isKnown(entries)) return true;
  return entries.split(",").some((entry) => {
    const [kind = "", name = "", rights = ""] = entry.replace(/^(d|default):/, "").split(":");
    const isOwner = /^(u|user|g|group|m|mask)$/.test(kind) && name === "";
    return !isOwner && /[rwx1-7]/.test(rights || (/^o/.test(kind) ? name : ""));
  });
}
