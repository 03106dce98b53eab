import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Effect, FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { creation, deletion, modification, overwriting, readUnknown, toolName } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValue,
  readOptions,
} from "../options.js";
import { isDirectory, joinPath, parentOf, resolvePath } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { overwrittenPath, readTransfers } from "../remote/transfers.js";
import { bits, readMode } from "./mode.js";

const shared = [
  "-b",
  "--backup::",
  "-S --suffix:",
  "-t --target-directory:",
  "-T --no-target-directory",
  "-v --verbose",
  "-Z",
  "--context::",
  "--debug",
  "--help",
  "--version",
];

const cpOptions = declareOptions("anywhere", [
  ...shared,
  "-a -r -R --archive --recursive",
  "--attributes-only",
  "--copy-contents",
  "-d",
  "-f --force",
  "-i --interactive",
  "-H",
  "-l --link",
  "-L --dereference",
  "-n --no-clobber",
  "-P --no-dereference",
  "-p",
  "--preserve::",
  "--no-preserve:",
  "--parents",
  "--reflink::",
  "--remove-destination",
  "--sparse:",
  "--strip-trailing-slashes",
  "-s --symbolic-link",
  "-u",
  "--update::",
  "-x --one-file-system",
  "--keep-directory-symlink",
]);

export const cp: Reader = {
  names: ["cp", "gcp"],
  read: (call, world) => readCopy(call, world, cpOptions),
};

const installOptions = declareOptions("anywhere", [
  ...shared,
  "-c",
  "-C --compare",
  "-d --directory",
  "-D",
  "-g --group:",
  "-m --mode:",
  "-o --owner:",
  "-p --preserve-timestamps",
  "-s --strip",
  "--strip-program:",
  "--preserve-context",
]);

export const install: Reader = {
  names: ["install", "ginstall"],
  read: (call, world) => readCopy(call, world, installOptions),
};

const lnOptions = declareOptions("anywhere", [
  "-b",
  "--backup::",
  "-d -F --directory",
  "-f --force",
  "-i --interactive",
  "-L --logical",
  "-n --no-dereference",
  "-P --physical",
  "-r --relative",
  "-s --symbolic",
  "-S --suffix:",
  "-t --target-directory:",
  "-T --no-target-directory",
  "-v --verbose",
  "--help",
  "--version",
]);

export const ln: Reader = {
  names: ["ln", "gln"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), lnOptions);
    if (hasOption(given, "help", "version")) return nothing;
    return effects(
      ...readTransfers(call, world, given, true).flatMap(({ source, destination }) => {
        if (!isKnown(destination)) return readUnknown(call, destination, "replace");
        if (destination === source) return [];
        const linksTo = isKnown(source) ? findTarget(call, world, given, source, destination) : undefined;
        return replacing(call, world, given, destination).map((effect) =>
          linksTo === undefined ? effect : { ...effect, linksTo },
        );
      }),
    );
  },
};

/** A symbolic link's text is read from where the link lies, a hard link's from where the command runs. */
function findTarget(
  call: Call,
  world: World,
  given: Options,
  source: string,
  destination: string,
): string | undefined {
  if (!hasOption(given, "symbolic") || hasOption(given, "relative")) return source;
  const written = given.operands.find((word) => resolvePath(call, world, word) === source);
  const target = written && resolvePath({ cwd: parentOf(destination) }, world, written);
  return target !== undefined && isKnown(target) ? target : undefined;
}

function readCopy(call: Call, world: World, table: OptionTable): ReturnType<Reader["read"]> {
  const given = readOptions(call.argv.slice(1), table);
  if (hasOption(given, "help", "version", "directory")) return nothing;
  if (hasOption(given, "attributes-only") && !hasOption(given, "remove-destination")) return nothing;
  return effects(
    ...readTransfers(call, world, given).flatMap(({ source, destination }) => {
      if (!isKnown(destination)) return readUnknown(call, destination, "overwrite");
      if (hasOption(given, "link", "symbolic-link", "remove-destination"))
        return replacing(call, world, given, destination);
      if (isKnown(source) && isDirectory(source, world))
        return hasOption(given, "recursive") ? copyTree(call, world, given, source, destination) : [];
      return [...copyFile(call, world, given, destination), ...readSpecial(call, given, destination)];
    }),
  );
}

/** `install -m 4755 x /usr/local/bin/x`: `chmod u+s` on the way. */
function readSpecial(call: Call, given: Options, destination: string): readonly Effect[] {
  const mode = optionValue(given, "mode");
  const change = mode !== undefined && isKnown(mode) ? readMode(mode) : undefined;
  if (change === undefined || (change(0, false) & bits.special) === 0) return [];
  return [
    {
      ...modification(toolName(call), destination),
      action: "grant",
      aspect: "access",
      recovery: "none",
      because: "whoever starts it gets its owner's rights",
    },
  ];
}

function copyFile(call: Call, world: World, given: Options, destination: string): readonly Effect[] {
  const tool = toolName(call);
  if (!world.lstat(destination).exists) return overwriting(tool, destination, world);
  if (isDirectory(destination, world)) return [];
  const lost = overwrittenPath(given, destination);
  return lost === undefined || (lost !== destination && !world.lstat(lost).exists)
    ? []
    : overwriting(tool, lost, world);
}

/** The old name goes, whatever it stood for. */
function replacing(call: Call, world: World, given: Options, destination: string): readonly FileEffect[] {
  const tool = toolName(call);
  const stat = world.lstat(destination);
  if (!stat.exists) return [creation(tool, destination)];
  const forced = hasOption(given, "force", "remove-destination", "b", "backup");
  const lost = forced && stat.kind !== "directory" ? overwrittenPath(given, destination) : undefined;
  return lost === undefined || !world.lstat(lost).exists ? [] : [deletion(tool, lost)];
}

const maxEntries = 2_000;

/** Which files of an existing tree another tree would overwrite, and what comes new. */
function copyTree(
  call: Call,
  world: World,
  given: Options,
  source: string,
  destination: string,
): readonly Effect[] {
  const tool = toolName(call);
  if (!world.lstat(destination).exists) return [creation(tool, destination)];
  const found: Effect[] = [];
  const todo = [{ from: source, to: destination }];
  let left = maxEntries;
  for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
    const { from, to } = pair;
    const listing = world.readdir(from, left);
    if (!listing.ok) continue;
    left -= listing.names.length;
    if (!listing.complete || left <= 0)
      return [
        {
          ...modification(tool, destination),
          recursive: true,
          extent: { kind: "unknown" },
          certainty: "possible",
        },
      ];
    for (const name of listing.names) {
      const below = { from: joinPath(from, name), to: joinPath(to, name) };
      // What is new is nobody's loss, but may be a hook, or the guard's own.
      if (!world.lstat(below.to).exists) found.push(creation(tool, below.to));
      else if (isDirectory(below.from, world)) todo.push(below);
      else found.push(...copyFile(call, world, given, below.to));
    }
  }
  return found;
}
